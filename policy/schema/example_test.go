package schema_test

import (
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/policy/schema"
)

func ExampleSchema_Validate() {
	s, err := schema.For(policy.KindMISP)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = s.Validate([]byte(`{"allowAuthRequestDelegation": true, "allowKycRequestDelegation": "yes", "allowOTPRequestDelegation": true}`))
	var bad *schema.Error
	if errors.As(err, &bad) {
		for _, f := range bad.Failures {
			fmt.Println(f)
		}
	}
	// Output:
	// 1:1: required: member "allowKeyBindingDelegation" is missing
	// 1:67 /allowKycRequestDelegation: type: got string, want boolean
	// 1:74 /allowOTPRequestDelegation: additionalProperties: member "allowOTPRequestDelegation" is not allowed
}

func ExampleCompile() {
	_, err := schema.Compile([]byte(`{"$schema": "http://json-schema.org/draft-04/schema#", "propertes": {}}`))
	fmt.Println(err)
	// Output: schema: 1:56 /propertes: propertes: draft 04 does not know this keyword and would ignore it
}
