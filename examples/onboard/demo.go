package main

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"github.com/mosip/partnertrust/examples/internal/authority"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// A partner of the demonstration.
type partner struct {
	label, organization, key string

	jwk    bool
	policy func() (*PolicyAnswer, error)
}

// partners: one of every type, each with another kind of key, with names in
// several scripts and one with a comma.
var partners = []partner{
	{label: "Auth_Partner", organization: "Acme, Inc.", key: "RSA-2048", jwk: true, policy: func() (*PolicyAnswer, error) {
		return askEmbedded("auth.json", func(file string, data []byte) (*PolicyAnswer, error) {
			return askAuth(file, data, policy.AuthRequest{
				Operation:  policy.OperationKYC,
				Factors:    []policy.Factor{{Type: "otp"}, {Type: "bio", SubType: "FINGER"}},
				Attributes: []string{"fullName", "phone", "photo"},
			})
		})
	}},
	{label: "Credential_Partner", organization: "ምሳሌ ካርድ", key: "RSA-4096", policy: func() (*PolicyAnswer, error) {
		return askEmbedded("credential.json", func(file string, data []byte) (*PolicyAnswer, error) {
			return askDataShare(file, data, policy.ShareRequest{Attributes: []string{"fullName", "dateOfBirth", "biometrics", "phone"}})
		})
	}},
	{label: "Online_Verification_Partner", organization: "Société Exemple d’Énergie", key: "P-256", policy: shareAll("credential.json")},
	{label: "Device_Provider", organization: "Example Biometrics GmbH", key: "P-384"},
	{label: "FTM_Provider", organization: "例示半導体株式会社", key: "Ed25519"},
	{label: "Manual_Adjudication", organization: "உதாரண மையம்", key: "P-521", policy: shareAll("deduplication.json")},
	{label: "ABIS_Partner", organization: "Пример Биометрия", key: "P-256", policy: shareAll("deduplication.json")},
	{label: "MISP_Partner", organization: "Example Telecom Ltd.", key: "RSA-2048", policy: func() (*PolicyAnswer, error) {
		return askEmbedded("misp.json", func(file string, data []byte) (*PolicyAnswer, error) {
			return askMISP(file, data, policy.OperationAuth, policy.OperationKYC, policy.OperationKeyBinding)
		})
	}},
}

func shareAll(name string) func() (*PolicyAnswer, error) {
	return func() (*PolicyAnswer, error) {
		return askEmbedded(name, func(file string, data []byte) (*PolicyAnswer, error) {
			return askDataShare(file, data, policy.ShareRequest{All: true})
		})
	}
}

func askEmbedded(name string, ask func(file string, data []byte) (*PolicyAnswer, error)) (*PolicyAnswer, error) {
	data, err := embedded(name)
	if err != nil {
		return nil, err
	}
	return ask(name, data)
}

// A desk is a country's onboarding desk: one certificate authority per domain,
// and the host that decides.
type desk struct {
	*host
	now   time.Time
	cas   map[trust.Domain]*authority.CA
	acme  []byte        // the Auth partner's certificate in PEM, its issuer behind it
	owner crypto.Signer // and its key
}

// demonstrate onboards every partner and then shows the refusals.
func demonstrate(ctx context.Context, now func() time.Time) (*Report, error) {
	d := &desk{host: newHost(now), now: now(), cas: make(map[trust.Domain]*authority.CA)}
	defer d.close()
	for domain, name := range map[trust.Domain]string{
		trust.Auth: "Example Partner CA", trust.Device: "Example Device CA", trust.FTM: "Example FTM CA",
	} {
		ca, err := authority.New(name)
		if err != nil {
			return nil, err
		}
		d.cas[domain] = ca
	}
	report := new(Report)
	for _, p := range partners {
		outcome, err := d.serve(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.label, err)
		}
		report.Partners = append(report.Partners, outcome)
	}
	for _, r := range refusals {
		outcome, err := d.refuse(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.title, err)
		}
		report.Refusals = append(report.Refusals, outcome)
	}
	return report.conclude(), nil
}

func (d *desk) close() {
	for _, ca := range d.cas {
		_ = ca.Close() // nothing is kept that could be lost
	}
}

// serve onboards one partner, from the key pair to the verdict.
func (d *desk) serve(ctx context.Context, p partner) (*Outcome, error) {
	kind, err := trust.ParsePartnerType(p.label)
	if err != nil {
		return nil, err
	}
	ca := d.cas[kind.Domain]
	key, err := newKey(p.key)
	if err != nil {
		return nil, err
	}
	request, err := newRequest(key, p.organization, p.label)
	if err != nil {
		return nil, err
	}
	chain, err := ca.Issue(ctx, request)
	if err != nil {
		return nil, err
	}
	// The CA hands over its certificates as a bundle, leaf first.
	bundle, err := pkcs7.MarshalPEM(append(chain[1:], ca.Root))
	if err != nil {
		return nil, err
	}
	a := application{
		title:        kind.Label,
		organization: p.organization,
		domain:       kind.Domain,
		cas:          []upload{{"chain.p7b", bundle}},
		certificate:  pemOf(chain[0].Raw),
		policy:       p.policy,
	}
	if p.jwk {
		if a.jwk, err = newJWK(key); err != nil {
			return nil, err
		}
		d.acme, d.owner = a.certificate, key
	}
	return d.onboard(ctx, a)
}
