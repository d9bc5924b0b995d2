package authority

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/smallstep/certificates/authority/provisioner"
	"go.step.sm/crypto/x509util"
)

// IssueUnchecked answers a request (DER) with exactly the validity asked for
// and without looking at the strength of its key: the certificates of an
// authority that takes less care, or of years gone by.
func (ca *CA) IssueUnchecked(ctx context.Context, csr []byte, notBefore, notAfter time.Time) ([]*x509.Certificate, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return nil, fmt.Errorf("authority: request: %w", err)
	}
	data := x509util.CreateTemplateData(request.Subject.CommonName, request.EmailAddresses)
	template, err := provisioner.TemplateOptions(ca.options, data)
	if err != nil {
		return nil, fmt.Errorf("authority: template: %w", err)
	}
	validity := provisioner.CertificateEnforcerFunc(func(c *x509.Certificate) error {
		c.NotBefore, c.NotAfter = notBefore, notAfter
		return nil
	})
	chain, err := ca.authority.SignWithContext(ctx, request, provisioner.SignOptions{}, template, validity)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return chain, nil
}
