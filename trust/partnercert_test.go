package trust_test

import (
	"crypto/x509"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// For the same partner, two services with two certificates.
func TestUnequal(t *testing.T) {
	t.Parallel()
	a, b := pkitest.NewRoot(t, "a").Certificate, pkitest.NewRoot(t, "b").Certificate
	require.Equal(t, []trust.Inequality{
		{Key: "2-stale", A: trust.SHA256(a), B: trust.SHA256(b)},
		{Key: "3-only-here", A: trust.SHA256(a)},
		{Key: "4-only-there", B: trust.SHA256(b)},
	}, trust.Unequal(
		map[string]*x509.Certificate{"1-equal": a, "2-stale": a, "3-only-here": a, "5-none": nil},
		map[string]*x509.Certificate{"1-equal": a, "2-stale": b, "4-only-there": b},
	))
	require.Empty(t, trust.Unequal(nil, nil))
}

func TestPartnerCertificateValidate(t *testing.T) {
	t.Parallel()
	c := pkitest.NewRoot(t, "a")
	good := trust.PartnerCertificate{Domain: trust.Auth, Organization: "Acme", Certificate: c.Certificate}
	require.NoError(t, good.Validate())
	good.Signed = pkitest.NewRoot(t, "signed", pkitest.Key(c.Key)).Certificate
	require.NoError(t, good.Validate())
	require.NotEqual(t, good.DefaultID(), trust.CA{Domain: trust.Auth, Certificate: c.Certificate}.DefaultID())
	for name, change := range map[string]func(*trust.PartnerCertificate){
		"bytes that are no certificate": func(p *trust.PartnerCertificate) { p.Certificate = &x509.Certificate{Raw: []byte{1}} },
		"signed without bytes":          func(p *trust.PartnerCertificate) { p.Signed = &x509.Certificate{} },
		"another key":                   func(p *trust.PartnerCertificate) { p.Signed = pkitest.NewRoot(t, "b").Certificate },
		"organisation":                  func(p *trust.PartnerCertificate) { p.Organization = strings.Repeat("x", 121) },
	} {
		bad := good
		change(&bad)
		require.ErrorIs(t, bad.Validate(), trust.ErrInvalidPartner, name)
	}
	require.Equal(t, trust.PartnerCertificate{Domain: trust.Auth}.DefaultID(), trust.PartnerCertificate{Domain: trust.Auth}.DefaultID())
}
