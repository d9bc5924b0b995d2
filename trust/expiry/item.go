package expiry

import (
	"encoding/hex"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// Kind says what kind of certificate an item is.
type Kind string

// The kinds, spelled as the platform's notification types are.
const (
	Root         Kind = "ROOT_CERT_EXPIRY"
	Intermediate Kind = "INTERMEDIATE_CERT_EXPIRY"
	Partner      Kind = "PARTNER_CERT_EXPIRY"
)

// Item is a certificate that runs out some day.
type Item struct {
	Kind         Kind         `json:"kind"`
	Domain       trust.Domain `json:"domain"`
	ID           string       `json:"id"`                     // in its store
	Name         string       `json:"name"`                   // the subject, for a person
	Organization string       `json:"organization,omitempty"` // of a partner
	SHA256       string       `json:"sha256"`
	NotAfter     time.Time    `json:"notAfter"`
}

// ofCA is the item of a CA.
func ofCA(r trust.Record) Item {
	kind := Intermediate
	if r.Role() == trust.Root {
		kind = Root
	}
	sum := r.Fingerprint()
	return Item{Kind: kind, Domain: r.Domain(), ID: r.ID(), Name: r.IssuedTo(), SHA256: hex.EncodeToString(sum[:]), NotAfter: r.NotAfter()}
}

// ofPartner is the item of a partner's certificate.
func ofPartner(p trust.PartnerCertificate) Item {
	return Item{
		Kind: Partner, Domain: p.Domain, ID: p.ID, Name: certchain.SubjectText(p.Certificate), Organization: p.Organization,
		SHA256: trust.SHA256(p.Certificate), NotAfter: p.Certificate.NotAfter.UTC(),
	}
}
