package expiry_test

import (
	"fmt"
	"time"

	"github.com/mosip/partnertrust/trust/expiry"
)

func ExampleSchedule_Due() {
	end := time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)
	items := []expiry.Item{{Kind: expiry.Root, Domain: "AUTH", ID: "1", Name: "CN=Example Root", NotAfter: end}}

	lastRun := time.Date(2026, 6, 19, 0, 0, 0, 0, time.UTC) // then the job did not run for three days
	now := time.Date(2026, 6, 22, 0, 0, 0, 0, time.UTC)
	for _, n := range expiry.DefaultSchedule().Due(lastRun, now, items) {
		fmt.Println(n, n.Missed)
	}
	// Output:
	// CN=Example Root in AUTH expires in 8 days (2026-06-30) [10 9]
}
