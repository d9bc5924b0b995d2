package trust_test

import (
	"context"
	"fmt"

	"github.com/mosip/partnertrust/trust"
)

func ExampleParseDomain() {
	d, err := trust.ParseDomain("device")
	fmt.Println(d, err)
	_, err = trust.ParseDomain("devices")
	fmt.Println(err)
	// Output:
	// DEVICE <nil>
	// trust: unknown partner domain: "devices" is none of AUTH, DEVICE, FTM, MISP
}

func ExampleMemory() {
	store := trust.NewMemory()
	before, _ := store.Snapshot(context.Background(), trust.Auth)
	page, err := store.List(context.Background(), trust.Query{Domain: trust.Auth})
	fmt.Println(before.Len(), page.Total, err)
	// Output:
	// 0 0 <nil>
}

func ExampleParsePartnerType() {
	t, err := trust.ParsePartnerType("Device_Provider")
	fmt.Println(t.Domain, t.Role, err)
	// Output:
	// DEVICE DEVICE_PROVIDER <nil>
}
