package admit_test

import (
	"context"
	"fmt"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

func Example() {
	gate := admit.New(trust.NewMemory())
	_, err := gate.Admit(context.Background(), trust.Device, []byte("-----BEGIN PRIVATE KEY-----\n"))
	fmt.Println(err)

	report, _ := gate.Admit(context.Background(), trust.Device, []byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	for _, line := range report.Lines {
		fmt.Println(line)
	}
	// Output:
	// <nil>
	// entry 1: refused: entry 1 at byte 0: trust: malformed certificate: no tbsCertificate
}
