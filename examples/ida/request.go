package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/policy"
)

// request is the body that a partner signs.
type request struct {
	TransactionID string    `json:"transactionId"`
	RequestTime   time.Time `json:"requestTime"`
	Env           string    `json:"env"`
	DomainURI     string    `json:"domainUri"`

	// How the person authenticates: one of the three at least.
	Biometrics   []biometric     `json:"biometrics,omitempty"`
	OTP          string          `json:"otp,omitempty"`
	Demographics json.RawMessage `json:"demographics,omitempty"`

	// What the partner wants to know of the person; nothing for a yes or no.
	Attributes []string `json:"attributes,omitempty"`
	Languages  []string `json:"languages,omitempty"`
}

type biometric struct {
	Data string `json:"data"` // the device's JWS
	Hash string `json:"hash"`
}

// requestWindow is how far the time of a request may be from ours.
const requestWindow = 3 * time.Minute

// readRequest reads a body whose signature was verified.
func readRequest(body []byte, now time.Time) (*request, *reason) {
	r := new(request)
	if err := decodeStrictly(body, r); err != nil {
		return nil, &reason{Check: "request", Reason: "Malformed", Message: err.Error()}
	}
	if away := now.Sub(r.RequestTime).Abs(); away > requestWindow {
		return r, &reason{Check: "request", Reason: "RequestStale", Pointer: "/requestTime",
			Message: fmt.Sprintf("the request was not made within %s of now", requestWindow)}
	}
	return r, nil
}

func (r *request) segments() []device.Segment {
	segments := make([]device.Segment, len(r.Biometrics))
	for i, b := range r.Biometrics {
		segments[i] = device.Segment{Data: b.Data, Hash: b.Hash}
	}
	return segments
}

// ask is what the policy is asked. What was captured is what the device signed,
// whatever the request says beside it.
func (r *request) ask(captures []device.Capture) policy.AuthRequest {
	asked := policy.AuthRequest{Operation: policy.OperationAuth, Attributes: r.Attributes, Languages: r.Languages}
	if len(r.Attributes) > 0 {
		asked.Operation = policy.OperationKYC
	}
	for _, c := range captures {
		asked.Factors = append(asked.Factors, policy.Factor{Type: "bio", SubType: strings.ToUpper(c.BioType)})
	}
	if r.OTP != "" {
		asked.Factors = append(asked.Factors, policy.Factor{Type: "otp"})
	}
	if len(r.Demographics) > 0 && string(r.Demographics) != "null" {
		asked.Factors = append(asked.Factors, policy.Factor{Type: "demo"})
	}
	return asked
}

// opener decrypts what a device captured, with the session key that the request
// brings. The hashes that link the segments are over the clear text.
type opener func(device.Capture) ([]byte, error)

// unencrypted is the opener of an example, which has no keys.
func unencrypted(c device.Capture) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(c.BioValue)
}
