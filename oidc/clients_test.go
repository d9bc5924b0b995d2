package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/oidc/clientstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	clientstest.Run(t, func(*testing.T) oidc.Clients { return new(oidc.Memory) })
}

// Handles cross the writings of a key, and no two keys share one.
func TestHandles(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range accepted {
		key := mustKey(t, name)
		m := members(t, key)
		m["kid"] = "another text"
		again, err := oidc.ParseKey(write(t, m))
		require.NoError(t, err)
		for _, rule := range []oidc.Rule{oidc.CurrentRule, oidc.JWKTextRule, oidc.RFC7638Rule} {
			if id, err := key.ClientID(rule); err == nil {
				require.Contains(t, key.Handles(), id)
				require.Contains(t, again.Handles(), id, "an id that the key had under another text")
			}
		}
		for _, handle := range key.Handles() {
			require.Empty(t, seen[handle])
			seen[handle] = name
		}
	}
}
