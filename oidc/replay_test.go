package oidc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/oidc/clientstest"
)

func TestReplay(t *testing.T) {
	t.Parallel()
	a, c, other := authenticator(t), client(t, "P-256"), client(t, "P-384")
	bad := sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1", "aud", "x"))
	_, err := a.Authenticate(t.Context(), c, bad)
	require.ErrorIs(t, err, oidc.WrongAudience)
	token := sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1"))
	_, err = a.Authenticate(t.Context(), c, token)
	require.NoError(t, err, "a refused assertion uses up no jti")
	_, err = a.Authenticate(t.Context(), c, token)
	require.Equal(t, []found{{oidc.Replayed, "/jti", "invalid_client"}}, problemsOf(t, err))
	_, err = a.Authenticate(t.Context(), c, sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1")))
	require.ErrorIs(t, err, oidc.Replayed, "the jti counts, not the signature")
	_, err = a.Authenticate(t.Context(), other, sign(t, keys()["P-384"], "ES384", payload(t, other, "jti", "1")))
	require.NoError(t, err, "each client has its own")

	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = a.Authenticate(over, c, sign(t, keys()["P-256"], "ES256", payload(t, c)))
	require.Equal(t, []found{{oidc.ReplayUnknown, "/jti", "invalid_client"}}, problemsOf(t, err))
	require.ErrorIs(t, err, context.Canceled)
}

func TestReplayMemory(t *testing.T) {
	t.Parallel()
	at := now
	m := oidc.NewReplayMemory(2, func() time.Time { return at })
	use := func(client, jti string, life time.Duration) (bool, error) {
		return m.Use(t.Context(), client, jti, at.Add(life))
	}
	expect := func(want bool, wantErr error) func(bool, error) {
		return func(got bool, err error) {
			t.Helper()
			require.ErrorIs(t, err, wantErr)
			require.Equal(t, want, got)
		}
	}
	expect(true, nil)(use("a", "1", time.Minute))
	expect(false, nil)(use("a", "1", time.Hour))
	expect(true, nil)(use("a", "2", time.Hour))
	expect(false, oidc.ErrReplayFull)(use("a", "3", time.Minute))
	expect(false, oidc.ErrReplayFull)(use("b", "1", time.Minute))
	at = at.Add(time.Minute - 1)
	expect(false, nil)(use("a", "1", time.Minute))
	at = at.Add(1)
	expect(true, nil)(use("b", "1", time.Second)) // takes the place of what expired
	expect(false, oidc.ErrReplayFull)(use("a", "1", time.Minute))
	at = at.Add(time.Second)
	expect(true, nil)(use("a", "1", time.Minute)) // sooner than was known before
}

func TestReplayMemoryContract(t *testing.T) {
	t.Parallel()
	clientstest.RunReplayCache(t, func(*testing.T) oidc.ReplayCache { return oidc.NewReplayMemory(1000, nil) })
}
