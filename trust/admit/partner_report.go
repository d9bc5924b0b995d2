package admit

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// PartnerReport says what became of a partner's upload.
type PartnerReport struct {
	Domain       trust.Domain
	Organization string
	Verdict      Verdict
	Certificate  *x509.Certificate // nil where none could be read
	Chain        *certchain.Chain  // of an accepted one
	Stored       trust.PartnerCertificate
	Replaced     string // the id that a renewal took out

	// Findings is all that stands against a refused one, in the order in which
	// the platform looks: the first has the code that it would answer with. The
	// path that came closest is in Err.
	Findings []*certchain.Finding
	Err      error // of a refused one: a *certchain.Error, or a *trust.ParseError
}

// refuse puts together what stands against the certificate: any error is a
// refusal, whether or not it has findings.
func (r *PartnerReport) refuse(err error, short *certchain.Finding, now time.Time) {
	told := certchain.Error{Domain: r.Domain, At: now}
	var refusal *certchain.Error
	if errors.As(err, &refusal) && refusal != nil {
		told = *refusal
	}
	r.Findings = slices.Clone(told.Findings)
	if short != nil && !slices.ContainsFunc(r.Findings, func(f *certchain.Finding) bool { return f.Depth == 0 && f.Reason == certchain.Expired }) {
		r.Findings = append(r.Findings, short)
	}
	if err == nil && len(r.Findings) == 0 {
		return
	}
	slices.SortStableFunc(r.Findings, func(a, b *certchain.Finding) int { return turn(a) - turn(b) })
	told.Findings = r.Findings
	r.Err = &told
	if err != nil && refusal == nil {
		r.Err = err
	}
}

// turns is the order in which the platform looks at a partner's certificate
// (PartnerCertificateManagerServiceImpl.validateBasicPartnerCertParams and
// validateOtherPartnerCertParams). What is not in it is part of the path.
var turns = []certchain.Reason{
	certchain.Malformed, certchain.NotYetValid, certchain.Expired, certchain.ShortValidity, certchain.SelfSigned,
	"", // the path
	certchain.NotV3, certchain.OrganizationMissing, certchain.OrganizationAmbiguous, certchain.OrganizationMismatch,
	certchain.WeakKey, certchain.WeakSignature,
}

func turn(f *certchain.Finding) int {
	if f.Depth == 0 { // the rules for the certificate itself
		if i := slices.Index(turns, f.Reason); i >= 0 {
			return i
		}
	}
	return pathsTurn
}

// pathsTurn is the turn of what is part of the path.
var pathsTurn = slices.Index(turns, "")

// Reason returns the first reason of a refusal, or "".
func (r *PartnerReport) Reason() certchain.Reason {
	if len(r.Findings) == 0 {
		return ""
	}
	return r.Findings[0].Reason
}

// PlatformCode returns the code that the platform would answer with, or "".
func (r *PartnerReport) PlatformCode() string {
	if len(r.Findings) == 0 {
		return ""
	}
	return r.Findings[0].PlatformCode
}

// OK reports whether the certificate is in the store now.
func (r *PartnerReport) OK() bool {
	return r != nil && (r.Verdict == Admitted || r.Verdict == AlreadyPresent)
}

// MarshalJSON writes the report with what a program needs to act on it.
func (r *PartnerReport) MarshalJSON() ([]byte, error) {
	out := struct {
		Domain       trust.Domain         `json:"domain"`
		Organization string               `json:"organization"`
		Verdict      Verdict              `json:"verdict"`
		Subject      string               `json:"subject,omitempty"`
		SHA256       string               `json:"sha256,omitempty"`
		ID           string               `json:"id,omitempty"`
		Replaced     string               `json:"replaced,omitempty"`
		Reason       certchain.Reason     `json:"reason,omitempty"`
		PlatformCode string               `json:"platformCode,omitempty"`
		Findings     []*certchain.Finding `json:"findings,omitempty"`
	}{
		Domain: r.Domain, Organization: r.Organization, Verdict: r.Verdict, ID: r.Stored.ID, Replaced: r.Replaced,
		Reason: r.Reason(), PlatformCode: r.PlatformCode(), Findings: r.Findings,
	}
	if r.Certificate != nil {
		out.Subject, out.SHA256 = certchain.SubjectText(r.Certificate), trust.SHA256(r.Certificate)
	}
	return json.Marshal(out)
}
