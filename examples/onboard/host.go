package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// A host is what any service needs to embed the library: a store, its gate,
// and a verifier over it.
type host struct {
	gate     *admit.Gate
	verifier *certchain.Verifier
}

func newHost(now func() time.Time) *host {
	store := trust.NewMemory()
	return &host{
		gate:     admit.New(store, admit.WithClock(now)),
		verifier: certchain.New(store, certchain.WithClock(now)),
	}
}

// An application is what a partner hands in.
type application struct {
	title        string // the partner's type, or what is wrong with it
	organization string // as registered
	domain       trust.Domain
	cas          []upload
	certificate  []byte // the partner's; more of them after it help to build the path
	jwk          []byte // or nil
	policy       func() (*PolicyAnswer, error)
}

// An upload is a file with CA certificates.
type upload struct {
	name string
	data []byte
}

// onboard judges one application. An error means that it could not be read;
// a refusal is an outcome.
func (h *host) onboard(ctx context.Context, a application) (*Outcome, error) {
	certs, err := pkcs7.Parse(a.certificate)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", a.organization, err)
	}
	leaf, others := certs[0], certs[1:]
	o := &Outcome{Title: a.title, Organization: a.organization, Domain: a.domain, Key: keyName(leaf)}

	if o.CAs, err = h.admit(ctx, a.domain, a.cas); err != nil {
		return nil, err
	}

	chain, err := h.verifier.Verify(ctx, a.domain, leaf,
		certchain.Organization(a.organization), certchain.Intermediates(others...))
	switch {
	case err == nil:
		o.Accepted, o.Chain = true, newPath(chain)
	case !errors.As(err, &o.Refusal):
		return nil, err
	}

	if a.jwk != nil {
		if err := o.identify(a.jwk); err != nil {
			return nil, err
		}
	}
	if a.policy != nil {
		if o.Policy, err = a.policy(); err != nil {
			return nil, err
		}
		o.Accepted = o.Accepted && o.Policy.Problem == ""
	}
	return o, nil
}

// admit hands all files to the gate as one upload, so that a root may come
// after the intermediates below it.
func (h *host) admit(ctx context.Context, d trust.Domain, files []upload) ([]Admission, error) {
	if len(files) == 0 {
		return nil, nil
	}
	var all []byte
	counts, total := make([]int, len(files)), 0
	for i, file := range files {
		ders, err := pkcs7.Raw(file.data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		all = append(all, pemOf(ders...)...)
		counts[i] = len(ders)
		total += len(ders)
	}
	report, err := h.gate.Admit(ctx, d, all)
	switch {
	case err != nil:
		return nil, err
	case len(report.Lines) != total:
		return nil, fmt.Errorf("%d certificates, but %d verdicts", total, len(report.Lines))
	}
	admissions := make([]Admission, len(files))
	lines := report.Lines
	for i, file := range files {
		admissions[i] = Admission{file.name, lines[:counts[i]]}
		lines = lines[counts[i]:]
	}
	return admissions, nil
}

// identify adds the client id of the partner's JWK.
func (o *Outcome) identify(jwk []byte) error {
	id, err := oidc.ClientID(jwk)
	switch {
	case errors.Is(err, oidc.Malformed):
		return fmt.Errorf("JWK: %w", err)
	case err != nil:
		o.Accepted, o.KeyProblem = false, err.Error()
	}
	o.ClientID = id
	return nil
}

func keyName(c *x509.Certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return key.Params().Name
	default:
		return c.PublicKeyAlgorithm.String()
	}
}
