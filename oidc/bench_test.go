package oidc_test

import (
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// BenchmarkClientID stands beside jwx's parse of the same key, of which it may
// cost 1.3 times at most.
func BenchmarkClientID(b *testing.B) {
	for _, name := range []string{"RSA-2048", "RSA-3072", "P-256", "P-384", "P-521", "Ed25519"} {
		text := mustKey(b, name).JWK()
		b.Run(name+"/jwx-parse", func(b *testing.B) {
			for b.Loop() {
				if _, err := jwk.ParseKey(text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/ClientID", func(b *testing.B) {
			for b.Loop() {
				if _, err := oidc.ClientID(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestClientIDCost holds ClientID to that bound. The two take turns, and the
// best of many rounds counts, so that a busy machine slows down both or none.
func TestClientIDCost(t *testing.T) {
	const rounds, calls = 30, 50
	for _, name := range accepted {
		text := mustKey(t, name).JWK()
		jwx, ours := time.Hour, time.Hour
		for range rounds {
			start := time.Now()
			for range calls {
				_, _ = jwk.ParseKey(text)
			}
			jwx = min(jwx, time.Since(start))
			start = time.Now()
			for range calls {
				_, _ = oidc.ClientID(text)
			}
			ours = min(ours, time.Since(start))
		}
		require.LessOrEqual(t, float64(ours), 1.3*float64(jwx), "%s: %v, jwx parses in %v", name, ours/calls, jwx/calls)
	}
}
