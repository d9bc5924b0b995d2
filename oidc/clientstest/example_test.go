package clientstest_test

import (
	"fmt"

	"github.com/mosip/partnertrust/oidc/clientstest"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// A client with a key of its own, for tests of what handles clients.
func ExampleNewClient() {
	client := clientstest.NewClient(trusttest.ForExample())
	fmt.Println(client.Status, len(client.ID), client.GrantTypes)
	// Output:
	// ACTIVE 43 [authorization_code]
}
