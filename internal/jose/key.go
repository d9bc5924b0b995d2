package jose

import (
	"errors"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

// A PublicKey is what jwx reads in a JWK: numbers as big-endian bytes,
// possibly with leading zeros, nothing judged.
type PublicKey struct {
	Type  string // the member kty: RSA, EC or OKP
	Curve string // EC and OKP

	N, E []byte // RSA
	X, Y []byte // EC; OKP has X alone
}

var errPrivate = errors.New("not a public key")

// ParsePublicKey lets jwx read a public RSA, EC or OKP key. Anything else,
// private and symmetric keys included, is an error.
func ParsePublicKey(data []byte) (*PublicKey, error) {
	key, err := jwk.ParseKey(data)
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case jwk.OKPPrivateKey: // has every method of the public one
		return nil, errPrivate
	case jwk.RSAPublicKey:
		return &PublicKey{Type: "RSA", N: key.N(), E: key.E()}, nil
	case jwk.ECDSAPublicKey:
		return &PublicKey{Type: "EC", Curve: key.Crv().String(), X: key.X(), Y: key.Y()}, nil
	case jwk.OKPPublicKey:
		return &PublicKey{Type: "OKP", Curve: key.Crv().String(), X: key.X()}, nil
	default:
		return nil, errPrivate
	}
}
