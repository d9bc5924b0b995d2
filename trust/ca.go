package trust

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Role says what a stored CA certificate is trusted as. The zero value is no
// role.
type Role string

// The roles, spelled as the platform's ca_cert_type column has them.
const (
	Root         Role = "ROOT"         // an anchor: trusted because it is stored
	Intermediate Role = "INTERMEDIATE" // a help in building paths: trusted only below a root
)

// RoleOf returns the role that a certificate has by itself, where nobody said
// another: a certificate that its own key signed is a root, any other is an
// intermediate. A signature that the standard library does not check (SHA-1),
// or one of a key larger than any in use, makes no root.
func RoleOf(c *x509.Certificate) Role {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	if bytes.Equal(c.RawIssuer, c.RawSubject) && !(ok && key.N.BitLen() > maxRoleBits) &&
		c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil {
		return Root
	}
	return Intermediate
}

// maxRoleBits bounds the work of [RoleOf]: whoever makes a certificate chooses
// its key.
const maxRoleBits = 8192

// ErrInvalidCA is returned for a CA that no store can keep: without
// certificate, domain or role, or with an id that the platform could not hold.
var ErrInvalidCA = errors.New("trust: invalid CA")

// CA is a CA certificate in a trust store. Stores fill an empty ID with
// [CA.DefaultID] and a zero AddedAt with their clock's time.
type CA struct {
	ID          string // unique in the store, over all domains: letters, digits and '-', at most MaxIDLength
	Domain      Domain
	Role        Role
	Certificate *x509.Certificate // never to be changed; what is stored is its Raw
	AddedAt     time.Time

	fingerprint [sha256.Size]byte // set for a CA that comes out of a snapshot
}

// Fingerprint returns the SHA-256 of the certificate's DER; [SHA256] writes it
// as text.
func (ca CA) Fingerprint() [sha256.Size]byte {
	if ca.fingerprint == ([sha256.Size]byte{}) && ca.Certificate != nil {
		return sha256.Sum256(ca.Certificate.Raw)
	}
	return ca.fingerprint
}

// DefaultID returns the id that a store gives to a CA without one. It is a
// UUID (RFC 9562 version 8) made of the domain and the certificate alone, so
// that every replica and every store gives the same certificate the same id.
func (ca CA) DefaultID() string {
	if ca.Certificate == nil {
		return defaultID(ca.Domain, nil)
	}
	return defaultID(ca.Domain, ca.Certificate.Raw)
}

func defaultID(d Domain, der []byte) string {
	h := sha256.New()
	h.Write([]byte(d))
	h.Write([]byte{0})
	h.Write(der)
	var sum [sha256.Size]byte
	u := h.Sum(sum[:0])[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	text := make([]byte, 0, MaxIDLength)
	for i, size := range []int{4, 2, 2, 2, 6} { // RFC 9562 section 4
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, u[:size])
		u = u[size:]
	}
	return string(text)
}

func (ca CA) validate() error {
	if err := ca.Domain.validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidCA, err)
	}
	if ca.Role != Root && ca.Role != Intermediate {
		return fmt.Errorf("%w: role %q", ErrInvalidCA, clip(string(ca.Role)))
	}
	if ca.Certificate == nil || len(ca.Certificate.Raw) == 0 {
		return fmt.Errorf("%w: no certificate", ErrInvalidCA)
	}
	if err := validateID(ca.ID); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidCA, err)
	}
	return nil
}

var errID = errors.New("unusable id")

func validateID(id string) error {
	if len(id) > MaxIDLength {
		return fmt.Errorf("%w of %d characters, the limit is %d", errID, len(id), MaxIDLength)
	}
	for _, c := range []byte(id) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
			return fmt.Errorf("%w: %q has characters other than letters, digits and '-'", errID, id)
		}
	}
	return nil
}
