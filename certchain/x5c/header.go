package x5c

import (
	"crypto/fips140"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/internal/jose"
)

// header is what a JOSE header says that matters here.
type header struct {
	alg       string
	ders      [][]byte          // of x5c, the signer first
	single    bool              // x5c was one string
	unencoded bool              // b64 is false
	sha256    [sha256.Size]byte // of the signer
	sha256hex string            // the same in hex
	notes     []*Finding
}

// parseHeader reads a header of a compact JWS. What concerns the token's shape
// ends the reading; what concerns the signer is noted.
func parseHeader(text string) (*header, *Error) {
	decoded, ok := decode(text)
	if !ok {
		return nil, one(Malformed, "", "the header is not base64url")
	}
	object, err := jose.ParseObject(decoded)
	if err != nil {
		return nil, one(Malformed, "", err.Error())
	}
	h := &header{}
	alg, ok := object.Lookup("alg")
	if !ok {
		return nil, one(AlgorithmNotAllowed, "alg", "it is missing")
	}
	name, ok := alg.Text()
	if !ok {
		return nil, one(Malformed, "alg", "it is not a string")
	}
	h.alg = strings.Clone(name) // and not the whole header with it
	if refusal := h.readCritical(object); refusal != nil {
		return nil, refusal
	}
	if refusal := h.readCertificates(object); refusal != nil {
		return nil, refusal
	}
	if refusal := h.readThumbprints(object); refusal != nil {
		return nil, refusal
	}
	return h, nil
}

// readCritical: RFC 7515 §4.1.11. b64 (RFC 7797) is the only extension that is
// understood, and must be listed where it is used.
func (h *header) readCritical(object jose.Object) *Error {
	b64, hasB64 := object.Lookup("b64")
	if hasB64 {
		switch b64.Raw {
		case "true":
		case "false":
			h.unencoded = true
		default:
			return one(Malformed, "b64", "it is neither true nor false")
		}
	}
	crit, hasCrit := object.Lookup("crit")
	if !hasCrit {
		if h.unencoded {
			return one(CriticalHeader, "crit", "it does not list b64")
		}
		return nil
	}
	names, ok := texts(crit)
	if !ok || len(names) == 0 {
		return one(Malformed, "crit", "it is no list of names")
	}
	for i, name := range names {
		switch {
		case slices.Contains(names[:i], name):
			return one(Malformed, "crit", fmt.Sprintf("it lists %q twice", name))
		case name != "b64":
			return one(CriticalHeader, "crit", fmt.Sprintf("it lists %q", name))
		case !hasB64:
			return one(Malformed, "crit", "it lists b64, which is not there")
		}
	}
	return nil
}

// readCertificates: RFC 7515 §4.1.6, base64 with padding and not base64url.
func (h *header) readCertificates(object jose.Object) *Error {
	x5c, ok := object.Lookup("x5c")
	if !ok {
		return one(NoCertificate, "x5c", "it is missing")
	}
	encoded, ok := texts(x5c)
	if !ok {
		text, isString := x5c.Text()
		if !isString {
			return one(Malformed, "x5c", "it is no list of strings")
		}
		encoded, h.single = []string{text}, true
	}
	switch {
	case len(encoded) == 0:
		return one(NoCertificate, "x5c", "it is empty")
	case len(encoded) > MaxCertificates:
		return one(TooLarge, "x5c", fmt.Sprintf("%d certificates, the limit is %d", len(encoded), MaxCertificates))
	}
	for i, text := range encoded {
		if strings.ContainsAny(text, "\r\n") {
			return one(Malformed, "x5c", fmt.Sprintf("certificate %d has line breaks", i+1))
		}
		der, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(der) == 0 {
			return one(Malformed, "x5c", fmt.Sprintf("certificate %d is not base64", i+1))
		}
		h.ders = append(h.ders, der)
	}
	h.sha256 = sha256.Sum256(h.ders[0])
	h.sha256hex = hex.EncodeToString(h.sha256[:])
	return nil
}

// texts is a member that is a list of strings.
func texts(m jose.Member) ([]string, bool) {
	list, ok := m.Array()
	if !ok {
		return nil, false
	}
	out := make([]string, len(list))
	for i, one := range list {
		if out[i], ok = one.Text(); !ok {
			return nil, false
		}
	}
	return out, true
}

// readThumbprints: x5t and x5t#S256 choose no key; one that names another
// certificate says that somebody is being misled.
func (h *header) readThumbprints(object jose.Object) *Error {
	for _, t := range []struct {
		name string
		sum  func([]byte) []byte
	}{{"x5t#S256", sum256}, {"x5t", sum1}} {
		member, ok := object.Lookup(t.name)
		if !ok {
			continue
		}
		text, ok := member.Text()
		if !ok {
			return one(Malformed, t.name, "it is not a string")
		}
		if text != base64.RawURLEncoding.EncodeToString(t.sum(h.ders[0])) {
			h.notes = append(h.notes, &Finding{Reason: ThumbprintMismatch, Member: t.name,
				Detail: "it is not that of the first certificate"})
		}
	}
	return nil
}

func sum256(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

func sum1(b []byte) []byte {
	var sum [sha1.Size]byte
	fips140.WithoutEnforcement(func() { sum = sha1.Sum(b) })
	return sum[:]
}

// decode reads base64url without padding, line breaks or stray bits: two texts
// never mean one thing.
func decode(text string) ([]byte, bool) {
	if strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return nil, false
	}
	decoded, err := strictURL.DecodeString(text)
	return decoded, err == nil
}

var strictURL = base64.RawURLEncoding.Strict()
