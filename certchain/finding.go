package certchain

import (
	"cmp"
	"crypto/x509"
	"encoding/json"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Finding is one reason against one certificate. It is an error, and
// errors.Is(finding, reason) holds.
type Finding struct {
	Reason      Reason
	Certificate *x509.Certificate // the one that carries the defect; nil where there is none
	Depth       int               // its place on the path, the leaf being 0
	Detail      string            // what exactly is wrong, for a person

	// PlatformCode is the code under which the platform reports the reason at
	// the door in question, or "" where it has none. It identifies nothing.
	PlatformCode string

	// Domain is set for IssuerInOtherDomain: the domain that knows the issuer.
	Domain trust.Domain
	// Difference is set for OrganizationMismatch: how the two names differ.
	Difference Difference
	// Err is what lies behind SourceFailed, Canceled and Malformed, if it was
	// an error.
	Err error
}

// Error says the reason, the certificate and the detail.
func (f *Finding) Error() string {
	text := f.Reason.Sentence()
	if f.Certificate != nil {
		text = subjectText(f.Certificate.RawSubject) + ": " + text
	}
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	return text
}

// Unwrap returns the reason, and the cause where there is one.
func (f *Finding) Unwrap() []error {
	if f.Err != nil {
		return []error{f.Reason, f.Err}
	}
	return []error{f.Reason}
}

// MarshalJSON writes the finding with what a program needs to act on it.
func (f *Finding) MarshalJSON() ([]byte, error) {
	type out struct {
		Reason       Reason       `json:"reason"`
		Depth        int          `json:"depth"`
		Subject      string       `json:"subject,omitempty"`
		SHA256       string       `json:"sha256,omitempty"`
		Sentence     string       `json:"sentence"`
		Detail       string       `json:"detail,omitempty"`
		Domain       trust.Domain `json:"domain,omitempty"`
		Difference   Difference   `json:"difference,omitempty"`
		Source       string       `json:"source,omitempty"`
		PlatformCode string       `json:"platformCode,omitempty"`
	}
	o := out{
		Reason: f.Reason, Depth: f.Depth, Sentence: f.Reason.Sentence(), Detail: f.Detail, Domain: f.Domain,
		Difference: f.Difference, Source: f.Reason.Source(), PlatformCode: f.PlatformCode,
	}
	if f.Certificate != nil {
		o.Subject, o.SHA256 = subjectText(f.Certificate.RawSubject), trust.SHA256(f.Certificate)
	}
	return json.Marshal(o)
}

// Error is a refusal. Findings holds every reason, the most telling first: what
// stands against the path that came closest, then what stood against other
// candidates. The same certificates in another order give the same findings.
type Error struct {
	Findings []*Finding
	Domain   trust.Domain
	At       time.Time           // the time that was asked about
	Path     []*x509.Certificate // the path that came closest, leaf first; empty where there was none
	Complete bool                // Path reached an anchor
	Omitted  int                 // findings left out beyond the first 32
}

// Error says the first finding; [Error.Explain] says all.
func (e *Error) Error() string {
	if len(e.Findings) == 0 {
		return "certchain: refused in " + string(e.Domain)
	}
	return "certchain: refused in " + string(e.Domain) + ": " + e.Findings[0].Error()
}

// Unwrap returns the findings, so that errors.Is finds any reason among them
// and errors.As the first *Finding.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		errs[i] = f
	}
	return errs
}

// MarshalJSON writes what [Error.Explain] says, for programs.
func (e *Error) MarshalJSON() ([]byte, error) {
	type step struct {
		Subject  string    `json:"subject"`
		SHA256   string    `json:"sha256"`
		NotAfter time.Time `json:"notAfter"`
	}
	path := []step{}
	for _, c := range e.Path {
		path = append(path, step{subjectText(c.RawSubject), trust.SHA256(c), c.NotAfter})
	}
	return json.Marshal(struct {
		Domain   trust.Domain `json:"domain"`
		At       time.Time    `json:"at"`
		Findings []*Finding   `json:"findings"`
		Omitted  int          `json:"omitted,omitempty"`
		Path     []step       `json:"path"`
		Complete bool         `json:"complete"`
	}{e.Domain, e.At, e.Findings, e.Omitted, path, e.Complete})
}

// findings collects what the rules find.
type findings struct{ list []*Finding }

func (f *findings) add(r Reason, c *certificate, depth int, detail string) {
	f.list = append(f.list, &Finding{Reason: r, Certificate: c.Certificate, Depth: depth, Detail: detail})
}

// sortFindings puts the most telling first. Nothing of the order in which
// certificates came may show: after reason and depth decide the bytes.
func sortFindings(list []*Finding) {
	slices.SortStableFunc(list, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(a.Reason.rank(), b.Reason.rank()),
			cmp.Compare(a.Depth, b.Depth),
			compareCertificates(a.Certificate, b.Certificate),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
}

func compareCertificates(a, b *x509.Certificate) int {
	if a == nil || b == nil {
		return 0
	}
	return cmp.Compare(string(a.Raw), string(b.Raw))
}

// mergeFindings appends those of more that say something new.
func mergeFindings(list, more []*Finding) []*Finding {
	type key struct {
		reason Reason
		raw    string
	}
	seen := map[key]bool{}
	id := func(f *Finding) key {
		k := key{reason: f.Reason}
		if f.Certificate != nil {
			k.raw = string(f.Certificate.Raw)
		}
		return k
	}
	for _, f := range list {
		seen[id(f)] = true
	}
	for _, f := range more {
		if !seen[id(f)] {
			seen[id(f)] = true
			list = append(list, f)
		}
	}
	return list
}
