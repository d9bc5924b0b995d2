package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mosip/partnertrust/policy"
)

// register is who may send requests, as other parts of the platform decided. A
// service has it in its database; here it is a file.
type register struct {
	Environments []string `json:"environments"` // whose captures are accepted
	DomainURIs   []string `json:"domainUris"`   // of this service

	MISPs    []licence `json:"misps"` // who may pass on requests
	Partners []partner `json:"partners"`
}

type licence struct {
	Key   string    `json:"key"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

type partner struct {
	ID          string   `json:"id"`
	Certificate string   `json:"certificate"` // SHA-256 of its DER in hex: who signs
	Keys        []apiKey `json:"keys"`
}

type apiKey struct {
	Key   string    `json:"key"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`

	Policy json.RawMessage `json:"policy"` // an auth policy in the platform's format
	parsed *policy.Auth
}

func readRegister(name string) (*register, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r, err := parseRegister(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// parseRegister fails for anything that it does not understand: a typing error
// must not become a partner without a certificate.
func parseRegister(data []byte) (*register, error) {
	r := new(register)
	if err := decodeStrictly(data, r); err != nil {
		return nil, err
	}
	if len(r.Environments) == 0 || len(r.DomainURIs) == 0 {
		return nil, errors.New("environments and domainUris are required")
	}
	for _, p := range r.Partners {
		if sum, err := hex.DecodeString(p.Certificate); err != nil || len(sum) != sha256.Size {
			return nil, fmt.Errorf("partner %q: certificate is no SHA-256 in hex", p.ID)
		}
		for i := range p.Keys {
			var err error
			if p.Keys[i].parsed, err = policy.ParseAuth(p.Keys[i].Policy); err != nil {
				return nil, fmt.Errorf("partner %q, key %d: %w", p.ID, i+1, err)
			}
		}
	}
	return r, nil
}

// decodeStrictly reads one JSON value that has no members but those of v.
func decodeStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.InputOffset() < int64(len(bytes.TrimRight(data, " \t\r\n"))) {
		return errors.New("data behind the JSON value")
	}
	return nil
}

// registration is what a request's path leads to. What is nil is unknown.
type registration struct {
	licence *licence
	partner *partner
	key     *apiKey
}

func (r *register) find(misp, id, key string) (found registration) {
	for i := range r.MISPs {
		if r.MISPs[i].Key == misp {
			found.licence = &r.MISPs[i]
		}
	}
	for i := range r.Partners {
		if r.Partners[i].ID == id {
			found.partner = &r.Partners[i]
		}
	}
	if found.partner != nil {
		for i := range found.partner.Keys {
			if found.partner.Keys[i].Key == key {
				found.key = &found.partner.Keys[i]
			}
		}
	}
	return found
}

// standing says what stands against the registration: an unknown key of a known
// partner is another thing than an unknown partner.
func (r registration) standing(now time.Time) policy.Decision {
	active := policy.Record{Status: "ACTIVE"}
	var call policy.Call
	if r.licence != nil {
		call.MISPPartner = &active
		call.MISPLicence = &policy.Dated{Record: active, Period: policy.Period{From: r.licence.From, Until: r.licence.Until}}
	}
	if r.partner != nil {
		call.Partner = &active
	}
	// Of the policy that an unknown key would stand for there is nothing to say.
	call.Policy, call.PolicyGroup = &policy.Dated{Record: active, Period: policy.Period{From: now, Until: now}}, &active
	call.APIKey = &policy.Dated{Record: policy.Record{Deleted: true}}
	if r.key != nil {
		call.APIKey = &policy.Dated{Record: active, Period: policy.Period{From: r.key.From, Until: r.key.Until}}
	}
	return policy.Standing(call, now)
}
