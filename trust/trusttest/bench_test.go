package trusttest_test

import (
	"testing"

	"github.com/mosip/partnertrust/trust/trusttest"
)

// What a test pays for its PKI and one partner: a millisecond or two, once a
// process has its first RSA key.
func BenchmarkNew(b *testing.B) {
	trusttest.New(b).Partner("Acme Bank") // makes the key
	b.ReportAllocs()
	for b.Loop() {
		trusttest.New(b).Partner("Acme Bank")
	}
}

func BenchmarkIssue(b *testing.B) {
	pki := trusttest.New(b)
	for b.Loop() {
		pki.Partner("Acme Bank", trusttest.P256())
	}
}

func BenchmarkSignCapture(b *testing.B) {
	pki := trusttest.New(b)
	capture := trusttest.Capture{Device: pki.Device("Acme Biometrics"), Chip: pki.Chip("Acme Chips")}
	for b.Loop() {
		pki.SignCapture(capture)
	}
}
