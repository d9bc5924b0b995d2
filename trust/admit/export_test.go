package admit

import (
	"time"

	"github.com/mosip/partnertrust/certchain"
)

// RefusedWith is the report of a certificate that the verifier refused with err.
func RefusedWith(err error, short *certchain.Finding) *PartnerReport {
	r := &PartnerReport{}
	r.refuse(err, short, time.Time{})
	return r
}
