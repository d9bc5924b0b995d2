package pkitest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/bits"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Mod changes a certificate before it is made.
type Mod func(*spec)

// Version makes an X.509 version 1, 2 or 3 certificate; below 3 it has no
// extensions.
func Version(v int) Mod { return func(s *spec) { s.version = v } }

// RawSerial sets the content octets of the serial number.
func RawSerial(content []byte) Mod { return func(s *spec) { s.serial = content } }

// Subject sets the subject name.
func Subject(name []byte) Mod { return func(s *spec) { s.subject = name } }

// Issuer sets an issuer name that need not be the issuer's.
func Issuer(name []byte) Mod { return func(s *spec) { s.issuer = name } }

// Org gives the subject that organisation; the common name is cn.
func Org(organization, cn string) Mod { return Subject(Name(O(organization), CN(cn))) }

// Validity sets the period.
func Validity(notBefore, notAfter time.Time) Mod {
	return func(s *spec) { s.notBefore, s.notAfter = notBefore, notAfter }
}

// Key uses this key in place of a new one.
func Key(key crypto.Signer) Mod { return func(s *spec) { s.key = key } }

// Hash signs with this hash.
func Hash(h crypto.Hash) Mod { return func(s *spec) { s.hash = h } }

// PSS signs with RSASSA-PSS.
func PSS() Mod { return func(s *spec) { s.pss = true } }

// NotCA says CA:FALSE.
func NotCA() Mod { return func(s *spec) { s.basicConstraints = basic(false, -1) } }

// CA says CA:TRUE with a path length, or none if it is negative.
func CA(pathLen int) Mod { return func(s *spec) { s.basicConstraints = basic(true, pathLen) } }

// NoBasicConstraints leaves the extension out.
func NoBasicConstraints() Mod { return func(s *spec) { s.basicConstraints = nil } }

// Usage sets the key usage; 0 leaves the extension out.
func Usage(u x509.KeyUsage) Mod {
	return func(s *spec) {
		if s.keyUsage = nil; u != 0 {
			s.keyUsage = KeyUsage(u)
		}
	}
}

// SubjectKeyID sets the extension; empty leaves it out.
func SubjectKeyID(id []byte) Mod { return func(s *spec) { s.skid = append([]byte{}, id...) } }

// AuthorityKeyID sets the extension; empty leaves it out.
func AuthorityKeyID(id []byte) Mod { return func(s *spec) { s.akid = append([]byte{}, id...) } }

// Extension adds an extension.
func Extension(oid asn1.ObjectIdentifier, critical bool, value []byte) Mod {
	return func(s *spec) { s.extra = append(s.extra, extension{oid, critical, value}) }
}

// Tampered flips a bit of the signature after it was made.
func Tampered() Mod {
	return func(s *spec) { s.tamper = func(der []byte) { der[len(der)-1] ^= 1 } }
}

func basic(ca bool, pathLen int) *extension {
	return &extension{oidBasicConstraints, true, der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if ca {
				b.AddASN1Boolean(true)
			}
			if pathLen >= 0 {
				b.AddASN1Int64(int64(pathLen))
			}
		})
	})}
}

// KeyUsage returns the extension of RFC 5280 §4.2.1.3.
func KeyUsage(u x509.KeyUsage) *extension {
	// Bit 0 of the BIT STRING is the first bit of the first octet.
	octets := []byte{bits.Reverse8(byte(u))}
	if u>>8 != 0 {
		octets = append(octets, bits.Reverse8(byte(u>>8)))
	}
	unused := bits.TrailingZeros8(octets[len(octets)-1])
	value := append([]byte{3, byte(len(octets) + 1), byte(unused)}, octets...)
	return &extension{oidKeyUsage, true, value}
}

// ATV is an attribute of a name.
type ATV struct {
	OID   asn1.ObjectIdentifier
	Tag   cbasn1.Tag
	Value []byte
}

// CN is a common name in UTF-8.
func CN(s string) []ATV { return UTF8([]int{2, 5, 4, 3}, s) }

// O is an organisation in UTF-8.
func O(s string) []ATV { return UTF8([]int{2, 5, 4, 10}, s) }

// OU is an organisational unit in UTF-8.
func OU(s string) []ATV { return UTF8([]int{2, 5, 4, 11}, s) }

// UTF8 is any attribute in UTF-8.
func UTF8(oid asn1.ObjectIdentifier, s string) []ATV {
	return []ATV{{oid, cbasn1.UTF8String, []byte(s)}}
}

// Printable is an organisation as PrintableString.
func Printable(s string) []ATV {
	return []ATV{{asn1.ObjectIdentifier{2, 5, 4, 10}, cbasn1.PrintableString, []byte(s)}}
}

// Name writes a name, an RDN for each argument.
func Name(rdns ...[]ATV) []byte {
	return der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, rdn := range rdns {
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
					for _, a := range rdn {
						b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(a.OID)
							b.AddASN1(a.Tag, func(b *cryptobyte.Builder) { b.AddBytes(a.Value) })
						})
					}
				})
			}
		})
	})
}

var (
	rsaMutex sync.Mutex
	rsaPool  = map[string]*rsa.PrivateKey{}
)

// RSA returns an RSA key of that size. Keys are made once per process: the
// same size and number give the same key.
func RSA(size, number int) *rsa.PrivateKey {
	rsaMutex.Lock()
	defer rsaMutex.Unlock()
	id := fmt.Sprint(size, "/", number)
	if rsaPool[id] == nil {
		fips140.WithoutEnforcement(func() {
			key, err := rsa.GenerateKey(rand.Reader, size)
			if err != nil {
				panic(err)
			}
			rsaPool[id] = key
		})
	}
	return rsaPool[id]
}

// EC returns a new key on the curve.
func EC(curve elliptic.Curve) *ecdsa.PrivateKey {
	var key *ecdsa.PrivateKey
	fips140.WithoutEnforcement(func() {
		var err error
		if key, err = ecdsa.GenerateKey(curve, rand.Reader); err != nil {
			panic(err)
		}
	})
	return key
}

// Ed25519 returns a new Ed25519 key.
func Ed25519() ed25519.PrivateKey {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}
