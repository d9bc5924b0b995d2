package trusttest

import (
	"crypto/x509"
	"time"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// authority is a CA with its books.
type authority struct {
	*Identity
	number int
	// issued holds every serial number that the CA gave out, with the time of its
	// revocation or the zero time. The PKI's mutex guards it.
	issued map[string]time.Time
}

// authority makes a CA in a domain, below parent or as a root.
func (p *PKI) authority(d trust.Domain, parent *authority, cn string, mods ...pkitest.Mod) *authority {
	p.tb.Helper()
	const organization = "Example CA"
	mods = append([]pkitest.Mod{pkitest.Org(organization, cn), pkitest.Validity(p.now.AddDate(-2, 0, 0), p.now.AddDate(8, 0, 0))}, mods...)
	a := &authority{issued: map[string]time.Time{}}
	if parent == nil {
		c := pkitest.NewRoot(p.tb, cn, mods...)
		a.Identity = &Identity{Certificate: c.Certificate, Chain: pkitest.Certificates(c), Key: c.Key, pki: p}
	} else {
		mods = append([]pkitest.Mod{
			pkitest.CA(-1), pkitest.Usage(x509.KeyUsageCertSign | x509.KeyUsageCRLSign), // pkitest's own for a CA
		}, mods...)
		a.Identity = parent.issue(cn, mods...)
	}
	a.Domain, a.Organization = d, organization
	p.mu.Lock()
	defer p.mu.Unlock()
	a.number = len(p.authorities)
	p.authorities = append(p.authorities, a)
	return a
}

// issue makes a certificate below the CA and enters it in its books.
func (a *authority) issue(cn string, mods ...pkitest.Mod) *Identity {
	p := a.pki
	p.tb.Helper()
	if p.online {
		mods = append(mods, p.statusURLs(a)...)
	}
	c := (&pkitest.Cert{Certificate: a.Certificate, Key: a.Key}).Issue(p.tb, cn, mods...)
	p.mu.Lock()
	defer p.mu.Unlock()
	a.issued[c.Certificate.SerialNumber.String()] = time.Time{}
	return &Identity{
		Certificate: c.Certificate, Chain: append(pkitest.Certificates(c), a.Chain...), Key: c.Key, pki: p, issuer: a,
	}
}
