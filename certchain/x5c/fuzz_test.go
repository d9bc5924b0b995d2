package x5c_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// Oracle: RSA signatures are not malleable, so the only text that may be
// accepted is the one that was signed, to the last bit; and a verifier that
// remembers says what one says that never saw a token.
func FuzzVerify(f *testing.F) {
	w := newWorld(f)
	good := token{chain: []*pkitest.Cert{w.device, w.inter}}.make(f)
	f.Add(good)
	f.Add(slack(good))
	f.Add(good[:len(good)/2])
	f.Add(token{chain: []*pkitest.Cert{w.device}, raw: `{"alg":"none","x5c":[]}`}.make(f))
	f.Add(token{chain: []*pkitest.Cert{w.device}, header: map[string]any{"crit": []string{"b64"}, "b64": false}}.make(f))
	f.Add("..")
	_, err := w.v.Verify(ctx, trust.Device, good)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		signed, err := w.v.Verify(ctx, trust.Device, text)
		_, fresh := x5c.New(w.chain, x5c.WithoutCache()).Verify(ctx, trust.Device, text)
		if err == nil {
			require.NoError(t, fresh)
			require.Equal(t, good, text)
			require.NotEmpty(t, signed.Payload)
			return
		}
		require.Nil(t, signed)
		require.EqualError(t, fresh, err.Error())
		require.NotEmpty(t, err.(*x5c.Error).Findings)
	})
}
