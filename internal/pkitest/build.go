package pkitest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/fips140"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

type extension struct {
	oid      asn1.ObjectIdentifier
	critical bool
	value    []byte
}

// spec is a certificate to be. nil extensions are left out.
type spec struct {
	version             int
	serial              []byte
	issuer, subject     []byte // DER; issuer nil: the issuer's subject
	notBefore, notAfter time.Time
	key                 crypto.Signer // nil: a new P-256 key
	hash                crypto.Hash   // 0: SHA-256, or none for Ed25519
	pss                 bool

	basicConstraints, keyUsage *extension
	skid, akid                 []byte // nil: computed; empty: left out
	extra                      []extension
	tamper                     func(der []byte)
}

var (
	oidSKID             = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidKeyUsage         = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidAKID             = asn1.ObjectIdentifier{2, 5, 29, 35}
)

func (s *spec) build(tb testing.TB, issuer *Cert, mods []Mod) []byte {
	tb.Helper()
	for _, m := range mods {
		m(s)
	}
	if s.key == nil {
		s.key = newKey(tb)
	}
	signer := s.key
	if issuer != nil {
		signer = issuer.Key
		if s.issuer == nil {
			s.issuer = issuer.Certificate.RawSubject
		}
		if s.akid == nil {
			s.akid = issuer.Certificate.SubjectKeyId
		}
	}
	if s.issuer == nil {
		s.issuer = s.subject
	}
	spki, err := x509.MarshalPKIXPublicKey(s.key.Public())
	if err != nil {
		tb.Fatal(err)
	}
	if s.skid == nil {
		sum := sha256.Sum256(spki) // RFC 7093 section 2, method 1
		s.skid = sum[:20]
	}
	algorithm := s.algorithm(signer)
	tbs := s.tbs(spki, algorithm)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		b.AddBytes(algorithm)
		b.AddASN1BitString(s.sign(tb, signer, tbs))
	})
	der := b.BytesOrPanic()
	if s.tamper != nil {
		s.tamper(der)
	}
	return der
}

func (s *spec) tbs(spki, algorithm []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if s.version > 1 {
			b.AddASN1(cbasn1.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddASN1Int64(int64(s.version - 1))
			})
		}
		b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(s.serial) })
		b.AddBytes(algorithm)
		b.AddBytes(s.issuer)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addTime(b, s.notBefore)
			addTime(b, s.notAfter)
		})
		b.AddBytes(s.subject)
		b.AddBytes(spki)
		if extensions := s.extensions(); len(extensions) > 0 && s.version == 3 {
			b.AddASN1(cbasn1.Tag(3).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					for _, e := range extensions {
						addExtension(b, e)
					}
				})
			})
		}
	})
	return b.BytesOrPanic()
}

// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after.
func addTime(b *cryptobyte.Builder, t time.Time) {
	if t = t.UTC(); t.Year() < 2050 && t.Year() >= 1950 {
		b.AddASN1UTCTime(t)
	} else {
		b.AddASN1GeneralizedTime(t)
	}
}

func addExtension(b *cryptobyte.Builder, e extension) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(e.oid)
		if e.critical {
			b.AddASN1Boolean(true)
		}
		b.AddASN1OctetString(e.value)
	})
}

func (s *spec) extensions() []extension {
	var out []extension
	if s.basicConstraints != nil {
		out = append(out, *s.basicConstraints)
	}
	if s.keyUsage != nil {
		out = append(out, *s.keyUsage)
	}
	if len(s.skid) > 0 {
		out = append(out, extension{oidSKID, false, der(func(b *cryptobyte.Builder) { b.AddASN1OctetString(s.skid) })})
	}
	if len(s.akid) > 0 {
		out = append(out, extension{oidAKID, false, der(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(s.akid) })
			})
		})})
	}
	return append(out, s.extra...)
}

func der(f func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	f(&b)
	return b.BytesOrPanic()
}

var (
	null   = asn1.RawValue{Tag: asn1.TagNull}
	rsaOID = map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA1: {1, 2, 840, 113549, 1, 1, 5}, crypto.SHA256: {1, 2, 840, 113549, 1, 1, 11},
		crypto.SHA384: {1, 2, 840, 113549, 1, 1, 12}, crypto.SHA512: {1, 2, 840, 113549, 1, 1, 13},
	}
	ecdsaOID = map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA1: {1, 2, 840, 10045, 4, 1}, crypto.SHA256: {1, 2, 840, 10045, 4, 3, 2},
		crypto.SHA384: {1, 2, 840, 10045, 4, 3, 3}, crypto.SHA512: {1, 2, 840, 10045, 4, 3, 4},
	}
	hashOID = map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
		crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	}
)

type algorithmIdentifier struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

func (s *spec) algorithm(signer crypto.Signer) []byte {
	hash := s.hash
	if hash == 0 {
		hash = crypto.SHA256
	}
	var id algorithmIdentifier
	switch signer.(type) {
	case ed25519.PrivateKey:
		id.OID = asn1.ObjectIdentifier{1, 3, 101, 112}
	case *ecdsa.PrivateKey:
		id.OID = ecdsaOID[hash]
	default:
		id = algorithmIdentifier{rsaOID[hash], null}
		if s.pss {
			id = pssIdentifier(hash)
		}
	}
	return marshal(id)
}

// RFC 4055 §3.1, with the salt as long as the hash.
func pssIdentifier(hash crypto.Hash) algorithmIdentifier {
	h := algorithmIdentifier{hashOID[hash], null}
	mgf := algorithmIdentifier{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}, asn1.RawValue{FullBytes: marshal(h)}}
	parameters := marshal(struct {
		Hash algorithmIdentifier `asn1:"explicit,tag:0"`
		MGF  algorithmIdentifier `asn1:"explicit,tag:1"`
		Salt int                 `asn1:"explicit,tag:2"`
	}{h, mgf, hash.Size()})
	return algorithmIdentifier{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}, asn1.RawValue{FullBytes: parameters}}
}

func marshal(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// sign is an attacker's affair as well, who is not held to FIPS 140.
func (s *spec) sign(tb testing.TB, signer crypto.Signer, tbs []byte) (signature []byte) {
	tb.Helper()
	var err error
	fips140.WithoutEnforcement(func() { signature, err = s.signature(signer, tbs) })
	if err != nil {
		tb.Fatal(err)
	}
	return signature
}

func (s *spec) signature(signer crypto.Signer, tbs []byte) ([]byte, error) {
	hash := s.hash
	if hash == 0 {
		hash = crypto.SHA256
	}
	var options crypto.SignerOpts = hash
	digest := tbs
	if _, ok := signer.(ed25519.PrivateKey); ok {
		options = crypto.Hash(0)
	} else {
		h := hash.New()
		h.Write(tbs)
		digest = h.Sum(nil)
		if s.pss {
			options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
		}
	}
	return signer.Sign(rand.Reader, digest, options)
}
