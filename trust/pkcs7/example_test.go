package pkcs7_test

import (
	"fmt"
	"os"

	"github.com/mosip/partnertrust/trust/pkcs7"
)

func ExampleParse() {
	upload, err := os.ReadFile("testdata/bouncycastle.p7b")
	if err != nil {
		fmt.Println(err)
		return
	}
	chain, err := pkcs7.Parse(upload)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range chain {
		fmt.Println(c.Subject.CommonName)
	}
	// Output:
	// Acme signing
	// Example Intermediate
	// Example Root
}
