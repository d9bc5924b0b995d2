package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

// A Report is what one run says.
type Report struct {
	Accepted bool       `json:"accepted"` // every partner was, and nobody who must not be
	Partners []*Outcome `json:"partners"`
	Refusals []*Outcome `json:"refusals,omitempty"` // of the demonstration: they must fail
}

// An Outcome is what became of one application.
type Outcome struct {
	Title        string           `json:"title"`
	Organization string           `json:"organization"`
	Domain       trust.Domain     `json:"domain"`
	Key          string           `json:"key"`
	Accepted     bool             `json:"accepted"`
	CAs          []Admission      `json:"cas,omitempty"`
	Chain        *Path            `json:"chain,omitempty"`
	Refusal      *certchain.Error `json:"refusal,omitempty"`
	ClientID     string           `json:"clientId,omitempty"`
	KeyProblem   string           `json:"keyProblem,omitempty"`
	Policy       *PolicyAnswer    `json:"policy,omitempty"`
}

// An Admission is what became of one file with CA certificates.
type Admission struct {
	File  string       `json:"file"`
	Lines []admit.Line `json:"lines"`
}

// A Path is an accepted chain, leaf first.
type Path struct {
	Certificates []Certificate `json:"certificates"`
	NotAfter     time.Time     `json:"notAfter"`

	chain *certchain.Chain
}

// A Certificate is one of a path.
type Certificate struct {
	Subject  string    `json:"subject"`
	Serial   string    `json:"serial"`
	NotAfter time.Time `json:"notAfter"`
	SHA256   string    `json:"sha256"`
}

func newPath(chain *certchain.Chain) *Path {
	p := &Path{NotAfter: chain.NotAfter, chain: chain}
	for _, c := range chain.Certificates {
		p.Certificates = append(p.Certificates, Certificate{
			Subject:  certchain.SubjectText(c),
			Serial:   c.SerialNumber.String(),
			NotAfter: c.NotAfter,
			SHA256:   trust.SHA256(c),
		})
	}
	return p
}

// conclude sets the verdict of the whole run.
func (r *Report) conclude() *Report {
	r.Accepted = len(r.Partners) > 0
	for _, o := range r.Partners {
		r.Accepted = r.Accepted && o.Accepted
	}
	for _, o := range r.Refusals {
		r.Accepted = r.Accepted && !o.Accepted
	}
	return r
}

func (r *Report) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
