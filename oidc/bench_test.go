package oidc_test

import (
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"

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
