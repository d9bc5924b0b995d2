package authority

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"time"

	"go.step.sm/crypto/jose"
)

const tokenLifetime = 5 * time.Minute

// token is what the registration desk hands an applicant: signed permission,
// good once and for a few minutes, to obtain a certificate for these names.
func (ca *CA) token(request *x509.CertificateRequest) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(ca.desk.Algorithm), Key: ca.desk.Key},
		new(jose.SignerOptions).WithType("JWT").WithHeader("kid", ca.desk.KeyID),
	)
	if err != nil {
		return "", err
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	now := time.Now()
	return jose.Signed(signer).
		Claims(jose.Claims{
			ID:        hex.EncodeToString(id),
			Issuer:    provisionerName,
			Subject:   request.Subject.CommonName,
			Audience:  jose.Audience{"https://" + host + "/1.0/sign"},
			NotBefore: jose.NewNumericDate(now),
			IssuedAt:  jose.NewNumericDate(now),
			Expiry:    jose.NewNumericDate(now.Add(tokenLifetime)),
		}).
		Claims(struct {
			SANs []string `json:"sans,omitempty"`
		}{request.EmailAddresses}).
		CompactSerialize()
}
