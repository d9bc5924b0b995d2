package pkcs7_test

import (
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

func TestMarshalKeepsTheOrder(t *testing.T) {
	t.Parallel()
	certs := certificates(t, 3)
	for _, order := range [][]*x509.Certificate{
		{certs[0], certs[1], certs[2]}, {certs[2], certs[1], certs[0]}, {certs[1]}, {certs[0], certs[0]},
	} {
		der, err := pkcs7.Marshal(order)
		require.NoError(t, err)
		got, err := pkcs7.Parse(der)
		require.NoError(t, err)
		require.Equal(t, raw(order), raw(got))
	}
}

func TestMarshalRefuses(t *testing.T) {
	t.Parallel()
	c := certificates(t, 1)[0]
	many := func(n int) []*x509.Certificate {
		certs := make([]*x509.Certificate, n)
		for i := range certs {
			certs[i] = c
		}
		return certs
	}
	huge := &x509.Certificate{Raw: make([]byte, pkcs7.MaxBytes)}
	for _, tc := range []struct {
		name  string
		certs []*x509.Certificate
		want  error
	}{
		{"none", nil, trust.ErrNoCertificate},
		{"at the limit", many(pkcs7.MaxCertificates), nil},
		{"past the limit", many(pkcs7.MaxCertificates + 1), trust.ErrTooLarge},
		{"too many bytes", []*x509.Certificate{huge}, trust.ErrTooLarge},
		{"nil", []*x509.Certificate{c, nil}, trust.ErrMalformed},
		{"never parsed", []*x509.Certificate{{}}, trust.ErrMalformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := pkcs7.MarshalPEM(tc.certs)
			if tc.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tc.want)
		})
	}
}
