package certchain_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// A verifier that trusts nobody, and a certificate that is none.
func ExampleVerifier_VerifyDER() {
	v := certchain.New(trust.NewMemory())
	_, err := v.VerifyDER(context.Background(), trust.Device, []byte("not a certificate"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, certchain.Malformed))
	// Output:
	// certchain: refused in DEVICE: the certificate cannot be read: trust: malformed certificate: not a DER sequence
	// true
}

func ExampleReason() {
	r := certchain.OrganizationMismatch
	fmt.Println(r.Sentence())
	fmt.Println(r.Source(), r.PlatformCode())
	// Output:
	// the organisation is not the registered one
	// partner rule KER-PCM-008
}
