package main

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/policy"
)

// answer is what the partner gets. The zero answer refuses.
type answer struct {
	TransactionID string   `json:"transactionId,omitempty"`
	Allowed       bool     `json:"allowed"`
	Reasons       []reason `json:"reasons,omitempty"`

	Attributes []string         `json:"attributes,omitempty"` // to be released
	TokenType  policy.TokenType `json:"tokenType,omitempty"`

	status int
}

// reason is one thing that stands against a request.
type reason struct {
	Check   string   `json:"check"` // partner, signature, request, captures or policy
	Reason  string   `json:"reason"`
	Because []string `json:"because,omitempty"` // what lies behind, the nearest first
	Code    string   `json:"code,omitempty"`    // the platform's
	Pointer string   `json:"pointer,omitempty"` // RFC 6901, into the request; of the check policy into the policy
	Message string   `json:"message"`
}

func refused(status int, reasons ...reason) *answer { return &answer{Reasons: reasons, status: status} }

// refusedFor says what a verifier found. A trust source that cannot answer is
// our fault and not the partner's, who may try again.
func refusedFor(status int, err error) *answer {
	if errors.Is(err, certchain.SourceFailed) || errors.Is(err, certchain.Canceled) {
		status = http.StatusServiceUnavailable
	}
	return refused(status, reasonsOf(err)...)
}

func reasonsOf(err error) (reasons []reason) {
	var token *x5c.Error
	var capture *device.Error
	switch {
	case errors.As(err, &capture): // first: it may have tokens' errors in it
		for _, f := range capture.Findings {
			r := reason{Check: "captures", Reason: string(f.Reason), Code: f.Reason.PlatformCode(), Message: f.Reason.Sentence()}
			if f.Pointer != "" {
				r.Pointer = "/biometrics" + f.Pointer
			}
			reasons = append(reasons, r.behind(f.Err))
		}
	case errors.As(err, &token):
		for _, f := range token.Findings {
			r := reason{Check: "signature", Reason: string(f.Reason), Code: f.Reason.PlatformCode(), Message: f.Reason.Sentence()}
			reasons = append(reasons, r.behind(f.Err))
		}
	}
	return reasons
}

// behind adds the most telling reason of each package below.
func (r reason) behind(err error) reason {
	var token *x5c.Finding
	if errors.As(err, &token) {
		r.Because = append(r.Because, string(token.Reason))
	}
	var chain *certchain.Finding
	if errors.As(err, &chain) {
		r.Because = append(r.Because, string(chain.Reason))
		r.Message += ": " + chain.Reason.Sentence()
	}
	return r
}

func denied(check string, denials []policy.Denial) *answer {
	a := refused(http.StatusForbidden)
	for _, d := range denials {
		a.Reasons = append(a.Reasons, reason{Check: check, Reason: string(d.Reason), Code: d.Code, Pointer: d.Pointer, Message: d.Message})
	}
	return a
}

func (a *answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a) // who hung up does not want it
}

// gate and words are for the log: which check refused, and why.
func (a *answer) gate() string {
	if len(a.Reasons) == 0 {
		return ""
	}
	return a.Reasons[0].Check
}

func (a *answer) words() (words []string) {
	for _, r := range a.Reasons {
		words = append(words, r.Reason)
	}
	return words
}
