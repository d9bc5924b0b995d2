package authority

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"time"

	stepca "github.com/smallstep/certificates/authority"
	"github.com/smallstep/certificates/authority/config"
	"github.com/smallstep/certificates/authority/provisioner"
	"github.com/smallstep/certificates/cas/apiv1"
	"github.com/smallstep/certificates/cas/softcas"
	"go.step.sm/crypto/jose"
)

const (
	year = 365 * 24 * time.Hour

	rootLifetime         = 10 * year
	intermediateLifetime = 5 * year
	leafLifetime         = 2 * year

	// A certificate is dated back a little, so that a verifier whose clock is
	// behind does not call it not yet valid.
	backdate = time.Minute

	host            = "ca.partnertrust.example" // only ever the audience of a token
	provisionerName = "registration-desk"
)

// partnerTemplate keeps the subject exactly as the request has it: the
// organisation name is what a partner is recognised by.
const partnerTemplate = `{
	"subject": {{ toJson .Insecure.CR.Subject }},
	"sans": {{ toJson .SANs }},
	"keyUsage": ["digitalSignature"],
	"basicConstraints": {"isCA": false, "maxPathLen": 0}
}`

// A CA is one root and one intermediate, and the authority that issues from
// the intermediate. It is safe for concurrent use.
type CA struct {
	Root, Intermediate *x509.Certificate

	authority *stepca.Authority
	options   *provisioner.Options
	desk      *jose.JSONWebKey // private key of the provisioner, signs the one-time tokens
}

// New creates a root and an intermediate named after name, with fresh P-256
// keys, and starts the authority over them.
func New(name string) (*CA, error) {
	root, intermediate, err := createChain(name)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	desk, err := jose.GenerateJWK("EC", "P-256", "ES256", "sig", "", 0)
	if err != nil {
		return nil, fmt.Errorf("authority: provisioner key: %w", err)
	}
	desk.KeyID, err = jose.Thumbprint(desk)
	if err != nil {
		return nil, fmt.Errorf("authority: provisioner key: %w", err)
	}
	options := &provisioner.Options{X509: &provisioner.X509Options{Template: partnerTemplate}}
	public := desk.Public()
	a, err := stepca.NewEmbedded(
		stepca.WithQuietInit(),
		stepca.WithConfig(&config.Config{
			DNSNames: []string{host},
			AuthorityConfig: &config.AuthConfig{
				Backdate: &provisioner.Duration{Duration: backdate},
				Provisioners: provisioner.List{&provisioner.JWK{
					Type:    "JWK",
					Name:    provisionerName,
					Key:     &public,
					Options: options,
					Claims:  claims(),
				}},
			},
		}),
		stepca.WithX509RootCerts(root.Certificate),
		stepca.WithX509Signer(intermediate.Certificate, intermediate.Signer),
	)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return &CA{
		Root:         root.Certificate,
		Intermediate: intermediate.Certificate,
		authority:    a,
		options:      options,
		desk:         desk,
	}, nil
}

// Close stops the authority.
func (ca *CA) Close() error { return ca.authority.Shutdown() }

// Issue answers a certificate signing request (DER) as the authority does for
// any applicant: only after the provisioner's checks. The certificate comes
// first, then the intermediate that signed it.
func (ca *CA) Issue(ctx context.Context, csr []byte) ([]*x509.Certificate, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return nil, fmt.Errorf("authority: request: %w", err)
	}
	token, err := ca.token(request)
	if err != nil {
		return nil, fmt.Errorf("authority: token: %w", err)
	}
	ctx = provisioner.NewContextWithMethod(ctx, provisioner.SignMethod)
	granted, err := ca.authority.Authorize(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	chain, err := ca.authority.SignWithContext(ctx, request, provisioner.SignOptions{}, granted...)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return chain, nil
}

// createChain makes a root and an intermediate the way step-ca initialises a
// new authority.
func createChain(name string) (root, intermediate *apiv1.CreateCertificateAuthorityResponse, err error) {
	creator, err := softcas.New(context.Background(), apiv1.Options{IsCreator: true})
	if err != nil {
		return nil, nil, err
	}
	request := func(role string, pathLen int) *apiv1.CreateCertificateAuthorityRequest {
		return &apiv1.CreateCertificateAuthorityRequest{
			Name:     name + " " + role,
			Backdate: backdate,
			Template: &x509.Certificate{
				Subject:               pkix.Name{Organization: []string{name}, CommonName: name + " " + role},
				KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
				BasicConstraintsValid: true,
				IsCA:                  true,
				MaxPathLen:            pathLen,
				MaxPathLenZero:        pathLen == 0,
			},
		}
	}
	r := request("Root", 1)
	r.Type, r.Lifetime = apiv1.RootCA, rootLifetime
	if root, err = creator.CreateCertificateAuthority(r); err != nil {
		return nil, nil, fmt.Errorf("root: %w", err)
	}
	i := request("Intermediate", 0)
	i.Type, i.Lifetime, i.Parent = apiv1.IntermediateCA, intermediateLifetime, root
	if intermediate, err = creator.CreateCertificateAuthority(i); err != nil {
		return nil, nil, fmt.Errorf("intermediate: %w", err)
	}
	return root, intermediate, nil
}

// claims are the provisioner's limits. step-ca's own default, a day, is made
// for servers that renew by themselves; a partner renews once a year.
func claims() *provisioner.Claims {
	off := true
	return &provisioner.Claims{
		MaxTLSDur:                  &provisioner.Duration{Duration: leafLifetime + backdate},
		DefaultTLSDur:              &provisioner.Duration{Duration: leafLifetime},
		DisableSmallstepExtensions: &off,
	}
}
