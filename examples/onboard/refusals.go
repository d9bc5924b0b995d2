package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/mosip/partnertrust/examples/internal/authority"
	"github.com/mosip/partnertrust/trust"
)

// A refusal is an application with one thing wrong.
type refusal struct {
	title string
	apply func(ctx context.Context, d *desk) (application, error)
}

const acme = "Acme, Inc."

// refusals are what an onboarding desk meets every day.
var refusals = []refusal{
	{"Another organisation", func(_ context.Context, d *desk) (application, error) {
		return application{organization: "Apex Ltd.", domain: trust.Auth, certificate: d.acme}, nil
	}},
	{"The organisation in capitals", func(_ context.Context, d *desk) (application, error) {
		return application{organization: "ACME, Inc.", domain: trust.Auth, certificate: d.acme}, nil
	}},
	{"The organisation with a Cyrillic А", func(_ context.Context, d *desk) (application, error) {
		return application{organization: "Аcme, Inc.", domain: trust.Auth, certificate: d.acme}, nil
	}},
	{"A certificate of another domain", func(ctx context.Context, d *desk) (application, error) {
		certificate, err := d.issue(ctx, trust.FTM, "P-256", 0, 2)
		return application{organization: acme, domain: trust.Device, certificate: certificate}, err
	}},
	{"Expired", func(ctx context.Context, d *desk) (application, error) {
		certificate, err := d.issue(ctx, trust.Auth, "P-256", -2, -1)
		return application{organization: acme, domain: trust.Auth, certificate: certificate}, err
	}},
	{"Not yet valid", func(ctx context.Context, d *desk) (application, error) {
		certificate, err := d.issue(ctx, trust.Auth, "P-256", 1, 3)
		return application{organization: acme, domain: trust.Auth, certificate: certificate}, err
	}},
	{"Self-signed", func(_ context.Context, d *desk) (application, error) {
		certificate, err := d.sign(nil, d.owner, d.owner.Public())
		return application{organization: acme, domain: trust.Auth, certificate: pemOf(certificate)}, err
	}},
	{"A weak key", func(ctx context.Context, d *desk) (application, error) {
		certificate, err := d.issue(ctx, trust.Auth, "RSA-1024", 0, 2)
		return application{organization: acme, domain: trust.Auth, certificate: certificate}, err
	}},
	{"An intermediate whose root is missing", orphan},
	{"A chain with an end-entity certificate in the middle", leafInTheMiddle},
	{"A tampered certificate", func(_ context.Context, d *desk) (application, error) {
		block, _ := pem.Decode(d.acme)
		forged := bytes.Replace(block.Bytes, []byte("Acme, Inc."), []byte("Apex, Inc."), 1)
		return application{organization: "Apex, Inc.", domain: trust.Auth, certificate: pemOf(forged)}, nil
	}},
}

func (d *desk) refuse(ctx context.Context, r refusal) (*Outcome, error) {
	a, err := r.apply(ctx, d)
	if err != nil {
		return nil, err
	}
	a.title = r.title
	return d.onboard(ctx, a)
}

// issue has a certificate made without the authority's usual care, valid from
// and to some years from now.
func (d *desk) issue(ctx context.Context, domain trust.Domain, kind string, from, to int) ([]byte, error) {
	key, err := newKey(kind)
	if err != nil {
		return nil, err
	}
	request, err := newRequest(key, acme, "Acme "+kind)
	if err != nil {
		return nil, err
	}
	chain, err := d.cas[domain].IssueUnchecked(ctx, request, d.now.AddDate(from, 0, -1), d.now.AddDate(to, 0, 0))
	if err != nil {
		return nil, err
	}
	return pemOf(chain[0].Raw), nil
}

// orphan hands in an intermediate alone, and a certificate below it.
func orphan(ctx context.Context, d *desk) (application, error) {
	ca, err := authority.New("Unknown CA")
	if err != nil {
		return application{}, err
	}
	defer func() { _ = ca.Close() }()
	request, err := newRequest(d.owner, acme, "Acme elsewhere")
	if err != nil {
		return application{}, err
	}
	chain, err := ca.Issue(ctx, request)
	if err != nil {
		return application{}, err
	}
	return application{
		organization: acme,
		domain:       trust.Auth,
		cas:          []upload{{"intermediate.pem", pemOf(ca.Intermediate.Raw)}},
		certificate:  pemOf(chain[0].Raw),
	}, nil
}

// leafInTheMiddle is a partner who plays CA with its own certificate.
func leafInTheMiddle(_ context.Context, d *desk) (application, error) {
	block, _ := pem.Decode(d.acme)
	issuer, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return application{}, err
	}
	key, err := newKey("P-256")
	if err != nil {
		return application{}, err
	}
	certificate, err := d.sign(issuer, d.owner, key.Public())
	return application{organization: acme, domain: trust.Auth, certificate: pemOf(certificate, issuer.Raw)}, err
}

// sign makes a certificate with a partner's own key: no authority would.
// Without an issuer it is self-signed.
func (d *desk) sign(issuer *x509.Certificate, signer crypto.Signer, public crypto.PublicKey) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(d.now.UnixNano()),
		Subject:               subject(acme, "Acme by Acme"),
		NotBefore:             d.now.Add(-time.Hour),
		NotAfter:              d.now.AddDate(2, 0, 0),
		BasicConstraintsValid: true,
	}
	if issuer == nil {
		issuer = template
	}
	return x509.CreateCertificate(rand.Reader, template, issuer, public, signer)
}
