package x5c

import (
	"encoding/json"
	"errors"
	"slices"
)

// Reason says why a token was refused. It is a constant and an error.
type Reason string

// Error returns the reason's sentence.
func (r Reason) Error() string { return "x5c: " + r.Sentence() }

// The reasons, the most telling first.
const (
	Misconfigured         Reason = "Misconfigured"
	TooLarge              Reason = "TooLarge"
	Malformed             Reason = "Malformed"
	AlgorithmNotAllowed   Reason = "AlgorithmNotAllowed"
	CriticalHeader        Reason = "CriticalHeader"
	UnencodedPayload      Reason = "UnencodedPayload"
	NoCertificate         Reason = "NoCertificate"
	BadSignature          Reason = "BadSignature"
	NotBound              Reason = "NotBound"
	SignerIsCA            Reason = "SignerIsCA"
	SignerKeyUsage        Reason = "SignerKeyUsage"
	ThumbprintMismatch    Reason = "ThumbprintMismatch"
	CertificateNotTrusted Reason = "CertificateNotTrusted"
)

var sentences = map[Reason]string{
	Misconfigured:         "the verifier is not configured to answer",
	TooLarge:              "the token exceeds a limit",
	Malformed:             "the token is no JWS in compact form",
	AlgorithmNotAllowed:   "the algorithm is not accepted, or not one of the key's",
	CriticalHeader:        "the header asks for something that is not understood",
	UnencodedPayload:      "the payload is not encoded, and the host did not ask for that",
	NoCertificate:         "the header brings no certificate",
	BadSignature:          "the signature does not verify under the first certificate",
	NotBound:              "the signer is not the one who is registered",
	SignerIsCA:            "the signer's certificate is that of a CA",
	SignerKeyUsage:        "the signer's key is not for signatures",
	ThumbprintMismatch:    "a thumbprint in the header names another certificate",
	CertificateNotTrusted: "the signer's certificate is not trusted",
}

// Sentence says the reason in words for a person.
func (r Reason) Sentence() string {
	if s, ok := sentences[r]; ok {
		return s
	}
	return "refused for the unknown reason " + string(r)
}

// PlatformCode returns the code of the authentication service for the reason,
// or "" where it has none. A signer who is not the registered one has a code of
// its own; all else that is wrong with a signature has one together.
func (r Reason) PlatformCode() string {
	switch r {
	case NotBound:
		return "IDA-MPA-021"
	case Misconfigured:
		return ""
	}
	return "IDA-MPA-001"
}

// Finding is one reason against a token. It is an error.
type Finding struct {
	Reason Reason
	Member string // the header member at fault, or "" where it is none
	Detail string // what exactly is wrong, for a person
	Err    error  // of CertificateNotTrusted: the *certchain.Error
}

// Error says the reason and the detail.
func (f *Finding) Error() string {
	text := f.Reason.Sentence()
	if f.Member != "" {
		text = "header member " + f.Member + ": " + text
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
	var refusal json.Marshaler
	errors.As(f.Err, &refusal)
	return json.Marshal(struct {
		Reason       Reason         `json:"reason"`
		Sentence     string         `json:"sentence"`
		Member       string         `json:"member,omitempty"`
		Detail       string         `json:"detail,omitempty"`
		PlatformCode string         `json:"platformCode,omitempty"`
		Refusal      json.Marshaler `json:"refusal,omitempty"`
	}{f.Reason, f.Reason.Sentence(), f.Member, f.Detail, f.Reason.PlatformCode(), refusal})
}

// Error is a refusal. Findings holds every reason that could be found, the most
// telling first.
type Error struct {
	Findings []*Finding `json:"findings"`
}

// Error says the first finding.
func (e *Error) Error() string {
	if len(e.Findings) == 0 {
		return "x5c: refused"
	}
	return "x5c: refused: " + e.Findings[0].Error()
}

// Unwrap returns the findings.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		errs[i] = f
	}
	return errs
}

var ranking = []Reason{Misconfigured, TooLarge, Malformed, AlgorithmNotAllowed, CriticalHeader, UnencodedPayload,
	NoCertificate, BadSignature, NotBound, SignerIsCA, SignerKeyUsage, ThumbprintMismatch, CertificateNotTrusted}

func refuse(found []*Finding) *Error {
	slices.SortStableFunc(found, func(a, b *Finding) int {
		return slices.Index(ranking, a.Reason) - slices.Index(ranking, b.Reason)
	})
	return &Error{Findings: found}
}

func one(r Reason, member, detail string) *Error {
	return &Error{Findings: []*Finding{{Reason: r, Member: member, Detail: detail}}}
}
