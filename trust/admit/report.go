package admit

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// Verdict is what became of one certificate. The zero value is a refusal.
type Verdict int

// The verdicts.
const (
	Refused        Verdict = iota // it may not be trusted; the line says why
	Admitted                      // it is in the store now
	AlreadyPresent                // it was in the store, or stands in the upload once more
	Withheld                      // it could have been admitted, but another line was refused (AllOrNothing)
)

var verdictNames = map[Verdict]string{
	Refused: "refused", Admitted: "admitted", AlreadyPresent: "already present", Withheld: "withheld",
}

// String names the verdict in lower case.
func (v Verdict) String() string {
	if name, ok := verdictNames[v]; ok {
		return name
	}
	return fmt.Sprintf("verdict %d", int(v))
}

// MarshalText writes the verdict as String does.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Line is what became of one entry of the upload.
type Line struct {
	Entry       int               // counted from 0, in the order of the upload
	Certificate *x509.Certificate // nil where the entry could not be read
	Verdict     Verdict
	Role        trust.Role       // what it became or would have become; "" where that was not decided
	ID          string           // in the store, if it is there
	Chain       *certchain.Chain // of an admitted intermediate: its path to a root
	Err         error            // of a refused one: a *certchain.Error, or a *trust.ParseError
}

// Reason returns the most telling reason of a refusal, or "".
func (l Line) Reason() certchain.Reason {
	var f *certchain.Finding
	switch {
	case l.Err == nil:
		return ""
	case errors.As(l.Err, &f):
		return f.Reason
	}
	return certchain.Malformed
}

// String says the line for a person.
func (l Line) String() string {
	name := "entry " + fmt.Sprint(l.Entry+1)
	if l.Certificate != nil {
		name += ", " + certchain.SubjectText(l.Certificate)
	}
	text := name + ": " + l.Verdict.String()
	if l.Role != "" {
		text += " as " + string(l.Role)
	}
	if l.Err != nil {
		text += ": " + l.Err.Error()
	}
	return text
}

// MarshalJSON writes the line with what a program needs to act on it.
func (l Line) MarshalJSON() ([]byte, error) {
	type out struct {
		Entry        int              `json:"entry"`
		Subject      string           `json:"subject,omitempty"`
		SHA256       string           `json:"sha256,omitempty"`
		Verdict      Verdict          `json:"verdict"`
		Role         trust.Role       `json:"role,omitempty"`
		ID           string           `json:"id,omitempty"`
		Reason       certchain.Reason `json:"reason,omitempty"`
		PlatformCode string           `json:"platformCode,omitempty"`
		Message      string           `json:"message,omitempty"`
		Refusal      json.Marshaler   `json:"refusal,omitempty"`
	}
	o := out{Entry: l.Entry, Verdict: l.Verdict, Role: l.Role, ID: l.ID, Reason: l.Reason()}
	o.PlatformCode = PlatformCode(o.Reason)
	if l.Certificate != nil {
		o.Subject, o.SHA256 = certchain.SubjectText(l.Certificate), trust.SHA256(l.Certificate)
	}
	if l.Err != nil {
		o.Message = l.Err.Error()
		var e *certchain.Error
		if errors.As(l.Err, &e) {
			o.Refusal = e
		}
	}
	return json.Marshal(o)
}

// Report says what became of an upload, one line for each certificate in it.
type Report struct {
	Domain trust.Domain `json:"domain"`
	Lines  []Line       `json:"lines"`
}

// Count returns how many lines have the verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for _, l := range r.Lines {
		if l.Verdict == v {
			n++
		}
	}
	return n
}

// OK reports whether every certificate of the upload is in the store now. An
// empty report is not.
func (r *Report) OK() bool {
	return r != nil && len(r.Lines) > 0 && r.Count(Admitted)+r.Count(AlreadyPresent) == len(r.Lines)
}

// PlatformCode returns the code under which the platform reports a reason when
// a CA certificate is uploaded, or "" where it has none. A partner's upload has
// other codes for some of them: [certchain.Reason.PlatformCode].
func PlatformCode(r certchain.Reason) string { return platformCodes[r] }

var platformCodes = map[certchain.Reason]string{
	certchain.NotYetValid:         "KER-PMS-020",
	certchain.Expired:             "KER-PCM-004",
	certchain.NotV3:               "KER-PCM-007",
	certchain.ShortValidity:       "KER-PCM-017",
	certchain.UnknownIssuer:       "KER-PCM-005",
	certchain.IssuerInOtherDomain: "KER-PCM-005",
	certchain.BadSignature:        "KER-PCM-005",
	certchain.PathTooLong:         "KER-PCM-005",
	certchain.NameConstraint:      "KER-PCM-005",
	certchain.CriticalExtension:   "KER-PCM-005",
	certchain.PolicyRejected:      "KER-PCM-005",
}

// CodeAlreadyPresent is the platform's code for [AlreadyPresent].
const CodeAlreadyPresent = "KER-PCM-003"
