package trusttest

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"sync"

	"github.com/mosip/partnertrust/internal/pkitest"
)

// poolSize is how many RSA keys a process makes, each when it is first asked
// for: enough that the few identities of one test have keys of their own, and
// few, because each takes a tenth of a second.
const poolSize = 8

type keyMaker = func() (*rsa.PrivateKey, error)

var (
	pool = func() (makers [poolSize]keyMaker) {
		for i := range makers {
			makers[i] = makeOnce(2048)
		}
		return makers
	}()
	weakKey = makeOnce(1024)
)

func makeOnce(bits int) keyMaker {
	return sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, bits) })
}

// usePooled gives the certificate the key of a maker.
func (d *draft) usePooled(key keyMaker) {
	d.pki.tb.Helper()
	k, err := key()
	if err != nil {
		d.pki.tb.Fatalf("trusttest: %v", err)
	}
	d.key = k
}

// Key lets the certificate be of a key that the test has: RSA, ECDSA or Ed25519.
// It verifies if the key is strong enough.
func Key(key crypto.Signer) Property { return func(d *draft) { d.key = key } }

// P256 lets the certificate be of a new ECDSA key on P-256. It verifies.
func P256() Property { return func(d *draft) { d.key = pkitest.EC(elliptic.P256()) } }

// P384 lets the certificate be of a new ECDSA key on P-384. It verifies.
func P384() Property { return func(d *draft) { d.key = pkitest.EC(elliptic.P384()) } }

// Ed25519 lets the certificate be of a new Ed25519 key. It verifies.
func Ed25519() Property { return func(d *draft) { d.key = pkitest.Ed25519() } }

// WeakKey lets the certificate be of an RSA key of 1024 bits, the same for all.
//
// Reason: [certchain.WeakKey].
func WeakKey() Property { return func(d *draft) { d.usePooled(weakKey) } }
