package x5c

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/jose"
	"github.com/mosip/partnertrust/internal/setcache"
	"github.com/mosip/partnertrust/trust"
)

// Verifier decides about JWS that bring their certificate chain. It is safe for
// concurrent use. The zero value refuses everything.
type Verifier struct {
	chain    *certchain.Verifier
	defaults settings
	headers  *setcache.Cache[*header]
}

// New returns a verifier that trusts what the chain verifier trusts.
func New(chain *certchain.Verifier, opts ...Option) *Verifier {
	v := &Verifier{chain: chain, defaults: settings{stopwatch: time.Now}}
	for _, o := range opts {
		o(&v.defaults)
	}
	if !v.defaults.forget {
		v.headers = setcache.New[*header](rememberedHeaders)
	}
	return v
}

// Signed is a verified token. There is no Signed without acceptance.
type Signed struct {
	Payload   []byte
	Algorithm string
	Chain     *certchain.Chain // the signer first; must not be changed
}

// Signer returns the signer's certificate.
func (s *Signed) Signer() *x509.Certificate { return s.Chain.Leaf() }

// Verify reads a JWS in compact form and verifies its signature under the first
// certificate that it brings, and that certificate in the domain. It returns
// the payload, or an [*Error] that says everything that stands against it.
func (v *Verifier) Verify(ctx context.Context, d trust.Domain, token string, opts ...Option) (*Signed, error) {
	if v == nil {
		v = new(Verifier)
	}
	s := &v.defaults
	if len(opts) > 0 {
		own := v.defaults
		for _, o := range opts {
			o(&own)
		}
		s = &own
	}
	began := s.begin()
	var read reading
	signed, err := v.verify(ctx, d, token, s, &read)
	s.report(ctx, d, began, read, err)
	return signed, err
}

// reading is what of a token was read, whatever came of it.
type reading struct {
	header     *header
	remembered bool
}

func (v *Verifier) verify(ctx context.Context, d trust.Domain, token string, s *settings, read *reading) (*Signed, error) {
	if v.chain == nil {
		return nil, one(Misconfigured, "", "no chain verifier")
	}
	t, refusal := s.split(token)
	if refusal != nil {
		return nil, refusal
	}
	// The header's hash is the key under which it is remembered and the beginning
	// of what most algorithms sign: it is computed once.
	running := newRunningHash()
	running.write(t.header)
	key := setcache.Key(running.sum())
	h, seen := v.headers.Get(&key)
	if !seen {
		h, refusal = parseHeader(t.header)
	}
	if refusal != nil {
		return nil, refusal
	}
	*read = reading{h, seen}
	found := s.judgeHeader(h)
	payload, encoded, refusal := s.payloadOf(t, h)
	if refusal != nil {
		return nil, refusal
	}

	chainOpts := s.chain
	if len(h.ders) > 1 && !s.refuseHelper {
		chainOpts = append(slices.Clip(chainOpts), certchain.IntermediatesDER(h.ders[1:]...))
	}
	chain, err := v.chain.VerifyDER(ctx, d, h.ders[0], chainOpts...)
	var signer *x509.Certificate
	if err == nil {
		signer = chain.Leaf()
	} else {
		found = append(found, &Finding{Reason: CertificateNotTrusted, Member: "x5c", Detail: err.Error(), Err: err})
		// Whether the signature holds is still worth saying.
		if signer, err = trust.ParseCertificate(h.ders[0]); err != nil {
			return nil, refuse(found)
		}
	}
	found = append(found, s.judgeSigner(h, signer)...)
	if chain == nil && len(token) > 2*MaxHeaderBytes {
		return nil, refuse(found) // a stranger's megabytes are not hashed to say one thing more
	}
	found = append(found, s.judgeSignature(h, signer, &signedText{t.header, encoded, running}, t.signature)...)
	if len(found) > 0 || chain == nil {
		return nil, refuse(found)
	}
	if !seen {
		// Only a header that proved itself is remembered: nobody else can
		// push it out.
		v.headers.Put(key, h)
	}
	return &Signed{Payload: payload, Algorithm: h.alg, Chain: chain}, nil
}

// parts of a token.
type parts struct {
	header, payload string
	signature       []byte
}

// split takes the token apart: RFC 7515 §7.1.
func (s *settings) split(token string) (parts, *Error) {
	first := strings.IndexByte(token, '.')
	last := strings.LastIndexByte(token, '.')
	switch {
	case first < 0 || first == last || strings.IndexByte(token[first+1:last], '.') >= 0:
		return parts{}, one(Malformed, "", "it does not have three parts")
	case first > MaxHeaderBytes:
		return parts{}, one(TooLarge, "", fmt.Sprintf("a header of %d bytes, the limit is %d", first, MaxHeaderBytes))
	case base64.RawURLEncoding.DecodedLen(last-first-1) > MaxPayloadBytes || len(s.payload) > MaxPayloadBytes:
		return parts{}, one(TooLarge, "", fmt.Sprintf("a payload beyond the limit of %d bytes", MaxPayloadBytes))
	case base64.RawURLEncoding.DecodedLen(len(token)-last-1) > MaxSignatureBytes:
		return parts{}, one(TooLarge, "", fmt.Sprintf("a signature beyond the limit of %d bytes", MaxSignatureBytes))
	}
	signature, ok := decode(token[last+1:])
	if !ok || len(signature) == 0 {
		return parts{}, one(Malformed, "", "the signature is not base64url, or empty")
	}
	return parts{token[:first], token[first+1 : last], signature}, nil
}

// judgeHeader applies what the host's options ask of the header.
func (s *settings) judgeHeader(h *header) []*Finding {
	found := slices.Clone(h.notes)
	if h.single && !s.allowString {
		found = append(found, &Finding{Reason: Malformed, Member: "x5c", Detail: "it is a string, not a list"})
	}
	if len(s.bound) > 0 && !slices.Contains(s.bound, h.sha256hex) {
		found = append(found, &Finding{Reason: NotBound, Member: "x5c",
			Detail: fmt.Sprintf("the signer's certificate has SHA-256 %s, registered is %s", h.sha256hex, strings.Join(s.bound, " or "))})
	}
	return found
}

// payloadOf returns the payload, and the form of it that was signed.
func (s *settings) payloadOf(t parts, h *header) (payload []byte, encoded string, refusal *Error) {
	switch {
	case s.detached && t.payload != "":
		return nil, "", one(Malformed, "", "a payload in the token, where a detached one was given")
	case !s.detached && t.payload == "":
		return nil, "", one(Malformed, "", "the payload is detached, and none was given")
	case h.unencoded && (!s.allowNoB64 || !s.detached):
		return nil, "", one(UnencodedPayload, "b64", "")
	case h.unencoded:
		return s.payload, string(s.payload), nil
	case s.detached:
		return s.payload, base64.RawURLEncoding.EncodeToString(s.payload), nil
	}
	payload, ok := decode(t.payload)
	if !ok {
		return nil, "", one(Malformed, "", "the payload is not base64url")
	}
	return payload, t.payload, nil
}

// judgeSigner applies what is asked of the signer's certificate beyond trust.
func (s *settings) judgeSigner(h *header, signer *x509.Certificate) (found []*Finding) {
	if signer.BasicConstraintsValid && signer.IsCA && !s.allowCA {
		found = append(found, &Finding{Reason: SignerIsCA, Member: "x5c"})
	}
	// RFC 5280 §4.2.1.3: a key usage that is there must allow signatures.
	if signs := x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment; signer.KeyUsage != 0 && signer.KeyUsage&signs == 0 && !s.anyUsage {
		found = append(found, &Finding{Reason: SignerKeyUsage, Member: "x5c"})
	}
	return found
}

// judgeSignature verifies by the one algorithm that the header names, if it is
// accepted and the key is one of its kind: the key is never bent to the header.
func (s *settings) judgeSignature(h *header, signer *x509.Certificate, signed *signedText, signature []byte) []*Finding {
	for _, own := range s.own {
		if own.name == h.alg && own.verify != nil {
			if own.verify(signer.PublicKey, signed.bytes(), signature) {
				return nil
			}
			return []*Finding{{Reason: BadSignature}}
		}
	}
	allowed := defaultAlgorithms
	if s.algorithms != nil {
		allowed = s.algorithms
	}
	// RFC 7518 §3.3: RSA keys of 2048 bits or more, whatever the profile of the
	// chain accepts.
	weak := false
	if key, ok := signer.PublicKey.(*rsa.PublicKey); ok {
		weak = key.N.BitLen() < 2048
	}
	if !slices.Contains(defaultAlgorithms, h.alg) || !slices.Contains(allowed, h.alg) || !jose.Fits(h.alg, signer.PublicKey) || weak {
		return []*Finding{{Reason: AlgorithmNotAllowed, Member: "alg",
			Detail: fmt.Sprintf("%.40q with a key of kind %s", h.alg, signer.PublicKeyAlgorithm)}}
	}
	if !signed.verify(h.alg, signer.PublicKey, signature) {
		return []*Finding{{Reason: BadSignature}}
	}
	return nil
}
