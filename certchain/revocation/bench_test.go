package revocation_test

import (
	"math/big"
	"testing"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// A list of ten thousand entries, asked on every verification.
func BenchmarkCheck(b *testing.B) {
	root := pkitest.NewRoot(b, "root")
	leaf := root.Issue(b, "leaf")
	entries := make([]entry, 10_000)
	for i := range entries {
		entries[i] = entry{serial: big.NewInt(int64(i)), code: 1}
	}
	c := lists(b, crl{signer: root, entries: entries})
	q := question(chain(leaf, root))
	b.Run("list", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if c.Check(ctx, q).Status != certchain.StatusGood {
				b.Fatal("not good")
			}
		}
	})
	v := verifier(c, root)
	b.Run("verification", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(ctx, trust.Auth, leaf.Certificate); err != nil {
				b.Fatal(err)
			}
		}
	})
}
