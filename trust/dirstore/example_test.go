package dirstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// A broken file is named; it does not keep the store from opening.
func Example() {
	dir, err := os.MkdirTemp("", "trust")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	_ = os.Mkdir(filepath.Join(dir, "AUTH"), 0o755)
	_ = os.WriteFile(filepath.Join(dir, "AUTH", "key.pem"), []byte("-----BEGIN PRIVATE KEY-----\n"), 0o600)

	store, err := dirstore.Open(dir)
	fmt.Println(err)
	for _, p := range store.Problems() {
		fmt.Println(p)
	}
	fmt.Println(store.Remove(context.Background(), trust.Auth, "some-id"))
	// Output:
	// <nil>
	// dirstore: AUTH/key.pem: entry 1 at byte 0: trust: private key where a certificate belongs
	// trust: no such CA: id "some-id" in domain AUTH
}
