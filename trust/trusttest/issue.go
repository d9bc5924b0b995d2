package trusttest

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// Property makes a certificate other than a sound one. Most properties are
// defects: the name says what is wrong, and the comment for which reason the
// certificate is refused where it is presented (in [Identity.Domain], registered
// to [Identity.Organization]). Properties may be combined, and so are their
// reasons; but where no issuer is found, nothing is known of the path above.
type Property func(*draft)

// Partner issues a certificate to a relying party or any other partner of the
// domain AUTH.
func (p *PKI) Partner(organization string, properties ...Property) *Identity {
	p.tb.Helper()
	return p.Issue(trust.Auth, organization, properties...)
}

// Device issues the certificate of a biometric device, of that provider.
func (p *PKI) Device(organization string, properties ...Property) *Identity {
	p.tb.Helper()
	return p.Issue(trust.Device, organization, properties...)
}

// Chip issues the certificate of a foundational trust module, of that maker.
func (p *PKI) Chip(organization string, properties ...Property) *Identity {
	p.tb.Helper()
	return p.Issue(trust.FTM, organization, properties...)
}

// MISP issues a certificate to an infrastructure provider in the domain MISP.
func (p *PKI) MISP(organization string, properties ...Property) *Identity {
	p.tb.Helper()
	return p.Issue(trust.MISP, organization, properties...)
}

// Issue issues a certificate below the CA of a domain. Without properties it
// verifies: it names the organisation, was issued a year ago, is valid for two
// more, and has an RSA key of 2048 bits.
func (p *PKI) Issue(d trust.Domain, organization string, properties ...Property) *Identity {
	p.tb.Helper()
	if organization == "" {
		p.tb.Fatalf("trusttest: a certificate is issued to an organisation; see NoOrganization")
	}
	p.home(d) // it fails for an unknown domain
	draft := &draft{
		pki: p, domain: d, number: p.next(), issuedIn: d, organizations: []string{organization},
		notBefore: p.now.AddDate(-1, 0, 0), notAfter: p.now.AddDate(2, 0, 0),
	}
	for _, property := range properties {
		property(draft)
	}
	id := draft.issue()
	id.Domain, id.Organization = d, organization
	if draft.revoked {
		p.Revoke(id)
	}
	return id
}

func (p *PKI) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.serial++
	return p.serial
}

// draft is a certificate that is about to be issued.
type draft struct {
	pki    *PKI
	domain trust.Domain
	number int

	issuedIn            trust.Domain
	organizations       []string
	notBefore, notAfter time.Time
	key                 crypto.Signer // nil: one of the pool
	mods                []pkitest.Mod // whatever else is to be changed
	revoked, selfSigned bool

	above above
}

func (d *draft) issue() *Identity {
	d.pki.tb.Helper()
	if d.key == nil {
		d.usePooled(pool[(d.number-1)%poolSize])
	}
	var rdns [][]pkitest.ATV
	for _, o := range d.organizations {
		rdns = append(rdns, pkitest.O(o))
	}
	cn := fmt.Sprintf("%s-%d", strings.ToLower(string(d.domain)), d.number)
	mods := append([]pkitest.Mod{
		pkitest.Subject(pkitest.Name(append(rdns, pkitest.CN(cn))...)), pkitest.Validity(d.notBefore, d.notAfter), pkitest.Key(d.key),
	}, d.mods...)
	if d.selfSigned {
		mods = append([]pkitest.Mod{pkitest.NotCA(), pkitest.Usage(x509.KeyUsageDigitalSignature)}, mods...)
		c := pkitest.NewRoot(d.pki.tb, cn, mods...)
		return &Identity{Certificate: c.Certificate, Chain: pkitest.Certificates(c), Key: c.Key, pki: d.pki}
	}
	return d.issuer().issue(cn, mods...)
}
