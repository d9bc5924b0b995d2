package certchain

import (
	"crypto/x509"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Chain is an accepted path. There is no Chain without acceptance.
type Chain struct {
	// Certificates is the path, the leaf first and the anchor last.
	Certificates []*x509.Certificate
	// Domain is the domain whose trust was asked for.
	Domain trust.Domain
	// NotBefore and NotAfter bound the time in which every certificate of the
	// path is valid, both ends included.
	NotBefore, NotAfter time.Time
	// Organization is the leaf's, if it names exactly one.
	Organization string
	// Policies is the user-constrained policy set of RFC 5280 §6.1.6: the
	// certificate policies for which the path is valid, among those that the
	// host asked for. It may be empty where no policy is required.
	Policies []x509.OID
	// Revocation is what is known of each certificate but the anchor, in the
	// order of Certificates; nil where nobody was asked. Under [BestEffort] a
	// status in it may be unknown.
	Revocation []RevocationAnswer
	// SnapshotVersion is the version of the trust snapshot that decided.
	SnapshotVersion uint64
}

// Leaf returns the certificate that was verified.
func (c *Chain) Leaf() *x509.Certificate { return c.Certificates[0] }

// Anchor returns the trusted certificate that the path ends in.
func (c *Chain) Anchor() *x509.Certificate { return c.Certificates[len(c.Certificates)-1] }

func (s *search) newChain(path []*certificate) *Chain {
	c := &Chain{
		Certificates:    certificatesOf(path),
		Domain:          s.snapshot.Domain(),
		NotBefore:       path[0].NotBefore,
		NotAfter:        path[0].NotAfter,
		SnapshotVersion: s.snapshot.Version(),
		Revocation:      s.answers,
	}
	for _, cert := range path[1:] {
		if cert.NotBefore.After(c.NotBefore) {
			c.NotBefore = cert.NotBefore
		}
		if cert.NotAfter.Before(c.NotAfter) {
			c.NotAfter = cert.NotAfter
		}
	}
	if organization, err := OrganizationOf(path[0].Certificate); err == nil {
		c.Organization = organization
	}
	for _, id := range s.accepted {
		var oid x509.OID
		if oid.UnmarshalBinary([]byte(id)) == nil {
			c.Policies = append(c.Policies, oid)
		}
	}
	return c
}

func certificatesOf(path []*certificate) []*x509.Certificate {
	certs := make([]*x509.Certificate, len(path))
	for i, c := range path {
		certs[i] = c.Certificate
	}
	return certs
}
