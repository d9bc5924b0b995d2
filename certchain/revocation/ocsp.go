package revocation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/certchain"
)

// OCSPOption configures [Fetcher.OCSP].
type OCSPOption func(*ocspSettings)

type ocspSettings struct {
	responder string
	nonce     bool
	viaGET    bool
	hash      crypto.Hash
}

// Responder asks this URL in place of those that certificates name.
func Responder(url string) OCSPOption { return func(s *ocspSettings) { s.responder = url } }

// RequireNonce sends a nonce (RFC 9654) and refuses a response without it. Most
// public responders sign in advance and have none.
func RequireNonce() OCSPOption { return func(s *ocspSettings) { s.nonce = true } }

// PreferGET asks by GET where the request is short enough (RFC 6960 appendix
// A.1), which lets HTTP caches answer; the default is POST.
func PreferGET() OCSPOption { return func(s *ocspSettings) { s.viaGET = true } }

// CertIDHash is the hash by which requests name the issuer. The default is
// SHA-1, which every responder knows (RFC 5019 §2.1.1); it secures nothing.
func CertIDHash(h crypto.Hash) OCSPOption { return func(s *ocspSettings) { s.hash = h } }

// OCSP returns a checker that asks OCSP responders (RFC 6960): those of the
// certificate's authorityInfoAccess, or [Responder]. A response is accepted
// when the certificate's issuer signed it, or a responder to whom that issuer
// gave a certificate with id-kp-OCSPSigning directly; the responder's own
// revocation is asked for like any other, unless its certificate has
// id-pkix-ocsp-nocheck. A response serves until its nextUpdate; from
// [RefreshAfter] on a newer one is asked for.
func (f *Fetcher) OCSP(opts ...OCSPOption) (certchain.Revocation, error) {
	if !f.made() {
		return nil, errNoFetcher
	}
	c := ocspChecker{Fetcher: f, ocspSettings: ocspSettings{hash: crypto.SHA1}}
	for _, o := range opts {
		o(&c.ocspSettings)
	}
	if hashOID(c.hash) == nil {
		return nil, fmt.Errorf("revocation: hash %v cannot name an issuer", c.hash)
	}
	if c.responder != "" {
		u, err := url.Parse(c.responder)
		if err != nil {
			return nil, fmt.Errorf("revocation: %w", err)
		}
		if err := fetchable(u); err != nil {
			return nil, fmt.Errorf("revocation: responder: %w", err)
		}
	}
	return c, nil
}

type ocspChecker struct {
	*Fetcher
	ocspSettings
}

// Check implements [certchain.Revocation].
func (c ocspChecker) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	if err := wellAsked(q); err != nil {
		return unknown(err.Error())
	}
	if mayGoUnchecked(q.Certificate()) {
		return uncheckedAnswer(q)
	}
	urls := q.Certificate().OCSPServer
	if c.responder != "" {
		urls = []string{c.responder}
	}
	var why notes
	asked := 0
	for _, at := range urls {
		if !isHTTP(at) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return unknown(err.Error())
		}
		if asked++; asked > MaxFetchesPerCheck {
			why.add("more than %d URLs", MaxFetchesPerCheck)
			break
		}
		r, found, err := c.ask(ctx, q, at)
		if err != nil {
			why.add("the OCSP responder at %q: %v", at, err)
		}
		if !found {
			continue
		}
		// Also of one that another verification proved: whom it trusted, this
		// one need not.
		if err := r.provenFor(ctx, q); err != nil {
			why.add("the OCSP responder at %q: %v", at, err)
			continue
		}
		a := r.answer(q, fmt.Sprintf("the OCSP responder at %q", at))
		if a.Status != certchain.StatusUnknown {
			return a
		}
		why.add("%s", a.Detail)
	}
	if asked == 0 {
		why.add("the certificate names no OCSP responder that can be asked")
	}
	return unknown(why.String())
}

func (c ocspChecker) ask(ctx context.Context, q certchain.RevocationQuery, at string) (*response, bool, error) {
	return c.responses.obtain(ctx, want[*response]{
		key: c.key(q, at),
		fetch: func(ctx context.Context, _ *fetched[*response]) (*fetched[*response], error) {
			return c.request(ctx, q, at)
		},
		proves: func(r *response) error { return r.provenFor(ctx, q) },
		holds:  func(r *response) bool { return r.about(q).current(q.At) == nil },
		usable: func(r *response) bool {
			return r.answer(q, "").Status != certchain.StatusUnknown
		},
		older: func(a, b *response) bool { return a.about(q).thisUpdate.Before(b.about(q).thisUpdate) },
	})
}

// key is that of a response: the certificate, its issuer, and how it was asked.
func (c ocspChecker) key(q certchain.RevocationQuery, at string) string {
	h := sha256.New()
	for _, part := range [][]byte{q.Certificate().Raw, q.Issuer().Raw} {
		digest := sha256.Sum256(part)
		h.Write(digest[:])
	}
	fmt.Fprintf(h, "%t %q", c.nonce, at)
	return hex.EncodeToString(h.Sum(nil))
}

// maxGET is the longest base64 request that goes by GET: RFC 6960 appendix A.1.
const maxGET = 254

func (c ocspChecker) request(ctx context.Context, q certchain.RevocationQuery, at string) (*fetched[*response], error) {
	var nonce []byte
	if c.nonce {
		nonce = make([]byte, 32) // RFC 9654 §2.1
		rand.Read(nonce)         // never fails
	}
	body, err := c.build(q, nonce)
	if err != nil {
		return nil, err
	}
	r := request{url: at, body: body, limit: MaxResponseBytes, header: map[string]string{"Accept": "application/ocsp-response"}}
	if text := base64.StdEncoding.EncodeToString(body); c.viaGET && len(text) <= maxGET {
		r.url, r.body = strings.TrimSuffix(at, "/")+"/"+url.QueryEscape(text), nil
	} else {
		r.header["Content-Type"] = "application/ocsp-request"
	}
	got, err := c.get(ctx, r)
	if err != nil {
		return nil, err
	}
	parsed, err := parseResponse(got.body)
	if err != nil {
		return nil, err
	}
	if c.nonce && !bytes.Equal(parsed.nonce, nonceValue(nonce)) {
		return nil, errors.New("the response does not have the nonce of the request")
	}
	return &fetched[*response]{value: parsed, bytes: int64(len(got.body)), at: c.clock()}, nil
}

// build writes an OCSPRequest: RFC 6960 §4.1.1.
func (c ocspChecker) build(q certchain.RevocationQuery, nonce []byte) ([]byte, error) {
	var b cryptobyte.Builder
	sequence := func(b *cryptobyte.Builder, f func(*cryptobyte.Builder)) { b.AddASN1(cbasn1.SEQUENCE, f) }
	sequence(&b, func(b *cryptobyte.Builder) { // OCSPRequest
		sequence(b, func(b *cryptobyte.Builder) { // TBSRequest
			sequence(b, func(b *cryptobyte.Builder) { // requestList
				sequence(b, func(b *cryptobyte.Builder) { // Request
					sequence(b, func(b *cryptobyte.Builder) { // CertID
						sequence(b, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(hashOID(c.hash))
							b.AddASN1NULL()
						})
						b.AddASN1OctetString(sum(c.hash, q.Certificate().RawIssuer))
						b.AddASN1OctetString(sum(c.hash, keyBits(q.Issuer())))
						b.AddASN1BigInt(q.Certificate().SerialNumber)
					})
				})
			})
			if nonce != nil {
				b.AddASN1(constructed(2), func(b *cryptobyte.Builder) {
					sequence(b, func(b *cryptobyte.Builder) {
						sequence(b, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(oidNonce)
							b.AddASN1OctetString(nonceValue(nonce))
						})
					})
				})
			}
		})
	})
	return b.Bytes()
}

// nonceValue is the extension's value: an OCTET STRING (RFC 9654 §2.1).
func nonceValue(nonce []byte) []byte {
	der, _ := asn1.Marshal(nonce) // cannot fail for bytes
	return der
}
