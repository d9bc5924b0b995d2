package oidc_test

import (
	"crypto/ecdsa"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

func TestPublicKeyHashes(t *testing.T) {
	t.Parallel()
	_, err := oidc.PublicKeyHash(mustKey(t, "Ed25519").JWK())
	require.ErrorIs(t, err, oidc.RuleNotApplicable)
	_, err = oidc.PublicKeyHashGo(mustKey(t, "Ed25519").JWK())
	require.ErrorIs(t, err, oidc.RuleNotApplicable)

	m := members(t, mustKey(t, "P-256"))
	plain, err := oidc.PublicKeyHash(write(t, m))
	require.NoError(t, err)
	goPlain, err := oidc.PublicKeyHashGo(write(t, m))
	require.NoError(t, err)

	m["kid"] = "<1>"
	same, err := oidc.PublicKeyHash(write(t, m))
	require.NoError(t, err)
	require.Equal(t, plain, same)
	other, err := oidc.PublicKeyHashGo(write(t, m))
	require.NoError(t, err)
	require.NotEqual(t, goPlain, other, "every member counts there")

	m["x"] = m["x"].(string) + "="
	padded, err := oidc.PublicKeyHash(write(t, m))
	require.NoError(t, err)
	require.NotEqual(t, plain, padded, "the text counts, not the number")
	_, err = oidc.PublicKeyHashGo(write(t, m))
	require.ErrorIs(t, err, oidc.RuleNotApplicable)

	m = members(t, mustKey(t, "P-256"))
	m["key_ops"] = []string{"verify"}
	_, err = oidc.PublicKeyHashGo(write(t, m))
	require.ErrorIs(t, err, oidc.RuleNotApplicable)

	key, err := oidc.KeyFromPublicKey(keys()["P-256"].Public().(*ecdsa.PublicKey))
	require.NoError(t, err)
	hash, err := key.PublicKeyHash()
	require.NoError(t, err)
	require.Equal(t, plain, hash, "as if sent in canonical form")
}
