package storetest_test

import (
	"fmt"
	"testing"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/storetest"
)

// A store is held to the contract by one line in its tests.
func ExampleRun() {
	test := func(t *testing.T) {
		storetest.Run(t, func(testing.TB) trust.Store { return trust.NewMemory() })
	}
	_ = test // TestContract in a _test.go file
	for _, c := range storetest.Checks()[:3] {
		fmt.Printf("%s: %s\n", c.Name, c.Rule)
	}
	// Output:
	// AddKeeps: a CA comes out as it went in; an empty ID is filled with CA.DefaultID, a zero AddedAt with the store's time
	// AddNothing: an Add of no CAs succeeds and changes nothing
	// AddIsAtomic: Add is atomic: either all of the CAs are in the store, or none is
}
