package certchain

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"iter"
	"maps"
	"time"

	"github.com/mosip/partnertrust/internal/dn"
)

// Revocation says whether certificates were revoked. Package
// [github.com/mosip/partnertrust/certchain/revocation] has implementations.
//
// Check is asked about one certificate of a path that is otherwise valid. It
// must be safe for concurrent use, bound its own work, honour ctx, and answer
// [StatusUnknown] whenever it does not know.
type Revocation interface {
	Check(ctx context.Context, q RevocationQuery) RevocationAnswer
}

// RevocationQuery asks about one certificate of a path.
type RevocationQuery struct {
	Path  []*x509.Certificate // the leaf first, the anchor last
	Depth int                 // of the certificate that is asked about; never the anchor
	At    time.Time
	// Signers yields certificates of that subject that the verification knows:
	// of the path, of the trust snapshot, and of those brought along. Nothing is
	// said about them yet.
	Signers func(rawSubject []byte) iter.Seq[*x509.Certificate]
	// TrustSigner reports whether a certificate may vouch for revocation
	// information in this path: it is one of the CAs above, or has a valid path
	// to the same anchor (RFC 5280 §6.3.3 (f)). Whether its key usage allows
	// the signature is for the caller to say.
	TrustSigner func(*x509.Certificate) bool
}

// Certificate returns the certificate that is asked about.
func (q RevocationQuery) Certificate() *x509.Certificate { return q.Path[q.Depth] }

// Issuer returns the certificate of its issuer.
func (q RevocationQuery) Issuer() *x509.Certificate { return q.Path[q.Depth+1] }

// RevocationStatus is what is known of one certificate. The zero value is that
// nothing is.
type RevocationStatus int

// The statuses.
const (
	StatusUnknown RevocationStatus = iota
	StatusGood
	StatusRevoked
)

// String names the status in lower case.
func (s RevocationStatus) String() string {
	switch s {
	case StatusGood:
		return "good"
	case StatusRevoked:
		return "revoked"
	}
	return "unknown"
}

// RevocationAnswer is the answer about one certificate.
type RevocationAnswer struct {
	Status     RevocationStatus
	Source     string    // which list or responder said so
	ThisUpdate time.Time // when it was made
	NextUpdate time.Time // until when it may be used
	RevokedAt  time.Time // of StatusRevoked, where it is known
	Code       int       // of StatusRevoked: CRLReason, RFC 5280 §5.3.1
	Detail     string    // of StatusUnknown: why
}

// RevocationMode says what becomes of a certificate whose status is unknown.
type RevocationMode int

const (
	// Required refuses it. It is what WithRevocation does by default.
	Required RevocationMode = iota
	// BestEffort accepts it and says so in [Chain.Revocation].
	BestEffort
)

// WithRevocation asks r about every certificate of the path but the anchor. A
// certificate whose status is unknown is refused unless
// [OnUnknownRevocation] says otherwise.
func WithRevocation(r Revocation) Option {
	return func(s *settings) { s.revocation, s.checkRevocation = r, true }
}

// OnUnknownRevocation chooses what becomes of a certificate whose revocation
// status is unknown.
func OnUnknownRevocation(mode RevocationMode) Option {
	return func(s *settings) { s.revocationMode = mode }
}

// WithoutRevocation asks nobody, in a call to a verifier that would.
func WithoutRevocation() Option {
	return func(s *settings) { s.revocation, s.checkRevocation = nil, false }
}

// crlReasons names the codes of RFC 5280 §5.3.1.
var crlReasons = [...]string{"unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
	"cessationOfOperation", "certificateHold", "", "removeFromCRL", "privilegeWithdrawn", "aACompromise"}

// revocationAsked is a question that one search asks once.
type revocationAsked struct {
	edge
	anchor [sha256.Size]byte
}

// maxRevocationChecks bounds how many questions one search asks: each may cost
// a call over the network.
const maxRevocationChecks = 64

// judgeRevocation asks about every certificate of a complete path, from the
// anchor down: a revoked CA says nothing about those below it.
func (s *search) judgeRevocation(path []*certificate) ([]RevocationAnswer, []*Finding) {
	if !s.checkRevocation {
		return nil, nil
	}
	var found findings
	answers := make([]RevocationAnswer, len(path)-1)
	certs := certificatesOf(path)
	for depth := len(path) - 2; depth >= 0; depth-- {
		asked := revocationAsked{edge{path[depth].fingerprint, path[depth+1].fingerprint}, path[len(path)-1].fingerprint}
		a, known := s.asked[asked]
		if !known {
			if len(s.asked) >= maxRevocationChecks {
				s.exhausted = true
				return nil, nil
			}
			a = s.revocation.Check(s.ctx, RevocationQuery{
				Path: certs, Depth: depth, At: s.now,
				Signers:     s.signers(path, depth),
				TrustSigner: func(c *x509.Certificate) bool { return s.trustSigner(path, depth, c) },
			})
			if s.asked == nil {
				s.asked = map[revocationAsked]RevocationAnswer{}
			}
			s.asked[asked] = a
		}
		answers[depth] = a
		switch {
		case a.Status == StatusRevoked:
			detail := "revoked"
			if !a.RevokedAt.IsZero() {
				detail += " on " + day(a.RevokedAt)
			}
			if a.Code > 0 && a.Code < len(crlReasons) {
				detail += " (" + crlReasons[a.Code] + ")"
			}
			found.add(Revoked, path[depth], depth, detail+", says "+a.Source)
		case a.Status != StatusGood && s.revocationMode != BestEffort:
			found.add(RevocationUnknown, path[depth], depth, a.Detail)
		}
	}
	return answers, found.list
}

// signers yields the certificates of one subject, the likeliest first.
func (s *search) signers(path []*certificate, depth int) func([]byte) iter.Seq[*x509.Certificate] {
	return func(rawSubject []byte) iter.Seq[*x509.Certificate] {
		return func(yield func(*x509.Certificate) bool) {
			wanted, err := dn.Canonical(rawSubject)
			if err != nil {
				return
			}
			for _, c := range path[depth+1:] {
				if c.subject == wanted && !yield(c.Certificate) {
					return
				}
			}
			s.indexBrought()
			for _, c := range s.brought[wanted] {
				if !yield(c.Certificate) {
					return
				}
			}
			for ca := range s.snapshot.IssuersNamed(wanted, nil) {
				if !yield(ca.Certificate) {
					return
				}
			}
		}
	}
}

// maxSignerNesting bounds how deep the question goes who vouches for him who
// vouches for the revocation list.
const maxSignerNesting = 3

// trustSigner validates the path of a signer of revocation information.
func (s *search) trustSigner(path []*certificate, depth int, c *x509.Certificate) bool {
	signer := analyse(c)
	for _, above := range path[depth+1:] {
		if above.fingerprint == signer.fingerprint {
			return true
		}
	}
	if s.vouching[signer.fingerprint] {
		// A CA whose list is signed by a key of its own, which only the same
		// list could revoke: asking further leads in a circle.
		return true
	}
	if signer.malformed != nil || len(s.vouching) >= maxSignerNesting {
		return false
	}
	anchor := path[len(path)-1]
	nested := *s
	own := s.forSigner()
	nested.settings = &own
	nested.onlyAnchor = anchor
	nested.asked = maps.Clone(s.asked)
	nested.vouching = maps.Clone(s.vouching)
	if nested.vouching == nil {
		nested.vouching = map[[sha256.Size]byte]bool{}
	}
	nested.vouching[signer.fingerprint] = true
	var found findings
	nested.judgeAny(&found, signer, 0, false)
	ok := len(found.list) == 0 && nested.build([]*certificate{signer}) != nil
	s.spent, s.exhausted = nested.spent, nested.exhausted
	return ok
}

// forSigner drops what is asked of the leaf alone and of policies.
func (s *search) forSigner() settings {
	own := *s.settings
	own.profile.usages, own.profile.minRemaining = nil, 0
	own.organization = nil
	own.policies, own.explicitPolicy, own.inhibitMapping, own.inhibitAnyPolicy = nil, false, false, false
	return own
}

// acceptable reports whether a candidate may end this search's paths.
func (s *search) acceptable(cand candidate) bool {
	return !cand.anchor || s.onlyAnchor == nil || s.onlyAnchor.Equal(cand.Certificate)
}

// misconfiguredRevocation says what makes the revocation settings unusable.
func (s *settings) misconfiguredRevocation() string {
	switch {
	case s.checkRevocation && s.revocation == nil:
		return "WithRevocation(nil)"
	case s.revocationMode != Required && s.revocationMode != BestEffort:
		return fmt.Sprintf("revocation mode %d", s.revocationMode)
	}
	return ""
}
