package x5c_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

var ctx = context.Background()

// world trusts one device CA, and another one for FTM.
type world struct {
	store             *trust.Memory
	chain             *certchain.Verifier
	v                 *x5c.Verifier
	root, inter       *pkitest.Cert
	ftmRoot, ftmInter *pkitest.Cert
	device            *pkitest.Cert // RSA-2048
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return makeWorld(tb, pkitest.EC(p256), pkitest.EC(p256))
}

// newRSAWorld has RSA-2048 throughout, as the platform.
func newRSAWorld(tb testing.TB) *world {
	tb.Helper()
	return makeWorld(tb, pkitest.RSA(2048, 10), pkitest.RSA(2048, 11))
}

func makeWorld(tb testing.TB, rootKey, interKey crypto.Signer) *world {
	tb.Helper()
	w := &world{store: trust.NewMemory(), root: pkitest.NewRoot(tb, "root", pkitest.Key(rootKey)), ftmRoot: pkitest.NewRoot(tb, "ftm root")}
	w.inter, w.ftmInter = w.root.IssueCA(tb, "inter", pkitest.Key(interKey)), w.ftmRoot.IssueCA(tb, "ftm inter")
	w.device = w.inter.Issue(tb, "device", pkitest.Key(pkitest.RSA(2048, 0)))
	for _, ca := range []trust.CA{
		{Domain: trust.Device, Role: trust.Root, Certificate: w.root.Certificate},
		{Domain: trust.Device, Role: trust.Intermediate, Certificate: w.inter.Certificate},
		{Domain: trust.FTM, Role: trust.Root, Certificate: w.ftmRoot.Certificate},
		{Domain: trust.FTM, Role: trust.Intermediate, Certificate: w.ftmInter.Certificate},
	} {
		require.NoError(tb, w.store.Add(ctx, ca))
	}
	// CI runs the tests again with this set: remembering must not show.
	if os.Getenv("PARTNERTRUST_TEST_WITHOUT_CACHE") != "" {
		w.chain = certchain.New(w.store, certchain.WithClock(pkitest.Clock), certchain.WithoutCache())
		w.v = x5c.New(w.chain, x5c.WithoutCache())
		return w
	}
	w.chain = certchain.New(w.store, certchain.WithClock(pkitest.Clock))
	w.v = x5c.New(w.chain)
	return w
}

// jws is a token to be made; the zero values are the usual ones.
type made struct {
	alg      string
	header   map[string]any // added to or in place of the usual members
	raw      string         // the whole header, in place of all that
	chain    []*pkitest.Cert
	key      crypto.Signer // in place of the first certificate's
	payload  []byte
	detached bool
	salt     int // of PS256
	der      bool
}

func (j made) make(tb testing.TB) string {
	tb.Helper()
	if j.alg == "" {
		j.alg = "RS256"
	}
	if j.payload == nil {
		j.payload = []byte(`{"hello":"world"}`)
	}
	if j.key == nil {
		j.key = j.chain[0].Key
	}
	members := map[string]any{"alg": j.alg}
	if len(j.chain) > 0 {
		var texts []string
		for _, c := range j.chain {
			texts = append(texts, base64.StdEncoding.EncodeToString(c.Certificate.Raw))
		}
		members["x5c"] = texts
	}
	for k, v := range j.header {
		if members[k] = v; v == nil {
			delete(members, k)
		}
	}
	header, err := json.Marshal(members)
	require.NoError(tb, err)
	if j.raw != "" {
		header = []byte(j.raw)
	}
	input := b64(header) + "." + b64(j.payload)
	if members["b64"] == false {
		input = b64(header) + "." + string(j.payload)
	}
	token := input
	if j.detached {
		token = b64(header) + "."
	}
	return token + "." + b64(j.sign(tb, input))
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (j made) sign(tb testing.TB, input string) []byte {
	tb.Helper()
	hash := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}["256"]
	if len(j.alg) == 5 {
		hash = map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[j.alg[2:]]
	}
	if hash == 0 {
		hash = crypto.SHA256
	}
	h := hash.New()
	h.Write([]byte(input))
	digest := h.Sum(nil)
	var options crypto.SignerOpts = hash
	switch j.key.(type) {
	case ed25519.PrivateKey:
		digest, options = []byte(input), crypto.Hash(0)
	case *rsa.PrivateKey:
		if j.alg[0] == 'P' {
			salt := j.salt
			if salt == 0 {
				salt = rsa.PSSSaltLengthEqualsHash
			}
			options = &rsa.PSSOptions{SaltLength: salt, Hash: hash}
		}
	}
	signature, err := j.key.Sign(rand.Reader, digest, options)
	require.NoError(tb, err)
	if key, ok := j.key.(*ecdsa.PrivateKey); ok && !j.der {
		var rs struct{ R, S *big.Int }
		_, err := asn1.Unmarshal(signature, &rs)
		require.NoError(tb, err)
		width := (key.Params().BitSize + 7) / 8
		signature = make([]byte, 2*width)
		rs.R.FillBytes(signature[:width])
		rs.S.FillBytes(signature[width:])
	}
	return signature
}

var p256 = elliptic.P256()
