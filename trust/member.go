package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"
	"weak"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/internal/hamt"
)

// member is a CA as a snapshot keeps it: the bytes, and what finds them. The
// parsed certificate, which takes seven times the room, is made when somebody
// asks and lives as long as somebody uses it.
type member struct {
	der         []byte
	id          string // "" for the default id, which the bytes give
	role        Role
	addedAt     time.Time
	notBefore   int64 // Unix seconds
	notAfter    int64
	fingerprint [sha256.Size]byte
	named       hamt.Key // the digests that it is found by
	subject     hamt.Key
	keyed       hamt.Key
	parsed      atomic.Pointer[weak.Pointer[x509.Certificate]]
}

func (m *member) self() hamt.Key { return hamt.Key(m.fingerprint[:16]) }

// newMember judges what can be judged of a CA alone, by its bytes.
func newMember(ca CA) (*member, error) {
	if err := ca.validate(); err != nil {
		return nil, err
	}
	c, err := ParseCertificate(ca.Certificate.Raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidCA, err)
	}
	subject, err := dn.Canonical(c.RawSubject)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidCA, err)
	}
	m := &member{
		der:         c.Raw,
		id:          ca.ID,
		role:        ca.Role,
		addedAt:     ca.AddedAt,
		notBefore:   c.NotBefore.Unix(),
		notAfter:    c.NotAfter.Unix(),
		fingerprint: sha256.Sum256(c.Raw),
		subject:     digest([]byte(subject)),
	}
	m.keyed = keyedDigest(m.subject, c.SubjectKeyId)
	name := m.defaultID(ca.Domain)
	if m.id == name {
		m.id = ""
	} else if m.id != "" {
		name = m.id
	}
	m.named = digest([]byte(name))
	// The caller's object is as good as one of our own if it says what its
	// bytes say, and is likely to live on.
	if ca.Certificate.PublicKey != nil && reflect.DeepEqual(ca.Certificate, c) {
		seed := weak.Make(ca.Certificate)
		m.parsed.Store(&seed)
	}
	return m, nil
}

func (m *member) defaultID(d Domain) string { return defaultID(d, m.der) }

func (m *member) idIn(d Domain) string {
	if m.id == "" {
		return m.defaultID(d)
	}
	return m.id
}

// certificate returns the parsed certificate, the same object as long as
// anybody holds it.
func (m *member) certificate() *x509.Certificate {
	for {
		last := m.parsed.Load()
		if last != nil {
			if c := last.Value(); c != nil {
				return c
			}
		}
		c, err := ParseCertificate(m.der)
		if err != nil {
			// It parsed when it was added. Should that ever cease to be so, a
			// certificate without any field passes no check.
			c = &x509.Certificate{Raw: m.der}
		}
		next := weak.Make(c)
		if m.parsed.CompareAndSwap(last, &next) {
			return c
		}
	}
}

func (m *member) ca(d Domain) CA {
	return CA{ID: m.idIn(d), Domain: d, Role: m.role, Certificate: m.certificate(), AddedAt: m.addedAt, fingerprint: m.fingerprint}
}

// Record is a CA of a snapshot before its certificate is parsed, for whoever
// walks over very many.
type Record struct {
	m *member
	d Domain
}

// CA returns all of it, the parsed certificate included.
func (r Record) CA() CA { return r.m.ca(r.d) }

// Prepared returns the record as one that may be put into another snapshot of
// its domain.
func (r Record) Prepared() Prepared { return Prepared{r.d, r.m} }

// ID returns the CA's id.
func (r Record) ID() string { return r.m.idIn(r.d) }

// Domain returns the CA's domain.
func (r Record) Domain() Domain { return r.d }

// Role returns what the CA is trusted as.
func (r Record) Role() Role { return r.m.role }

// AddedAt returns when the CA was added.
func (r Record) AddedAt() time.Time { return r.m.addedAt }

// Fingerprint returns the SHA-256 of the certificate's DER.
func (r Record) Fingerprint() [sha256.Size]byte { return r.m.fingerprint }

// NotBefore returns the start of the certificate's validity, in UTC.
func (r Record) NotBefore() time.Time { return time.Unix(r.m.notBefore, 0).UTC() }

// NotAfter returns the end of the certificate's validity, in UTC.
func (r Record) NotAfter() time.Time { return time.Unix(r.m.notAfter, 0).UTC() }

// AppendDER appends the certificate's DER to b.
func (r Record) AppendDER(b []byte) []byte { return append(b, r.m.der...) }

// IssuedTo returns the certificate's subject for a person, in the form of RFC
// 4514. It is never to be compared.
func (r Record) IssuedTo() string {
	_, subject := names(r.m.der)
	return nameText(subject)
}

// IssuedBy returns the certificate's issuer as [Record.IssuedTo] does.
func (r Record) IssuedBy() string {
	issuer, _ := names(r.m.der)
	return nameText(issuer)
}

func nameText(der []byte) string {
	n, err := dn.Parse(der)
	if err != nil {
		return "" // it was read when the CA was added
	}
	return n.String()
}

// names finds the issuer's and the subject's DER in a certificate that has been
// parsed before.
func names(certificate []byte) (issuer, subject []byte) {
	input := cryptobyte.String(certificate)
	var cert, tbs, from, to cryptobyte.String
	_ = input.ReadASN1(&cert, asn1.SEQUENCE) && cert.ReadASN1(&tbs, asn1.SEQUENCE) &&
		tbs.SkipOptionalASN1(asn1.Tag(0).Constructed().ContextSpecific()) &&
		tbs.SkipASN1(asn1.INTEGER) && tbs.SkipASN1(asn1.SEQUENCE) &&
		tbs.ReadASN1Element(&from, asn1.SEQUENCE) && tbs.SkipASN1(asn1.SEQUENCE) && tbs.ReadASN1Element(&to, asn1.SEQUENCE)
	return from, to
}
