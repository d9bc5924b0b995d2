package sqlstore

import (
	"time"

	"github.com/mosip/partnertrust/trust"
)

const (
	// DefaultInterval is how often the table is looked at where no trigger says
	// that it changed.
	DefaultInterval = 5 * time.Second
	// SafetyInterval is how often it is looked at although a trigger does: a
	// notification may be lost with its connection.
	SafetyInterval = time.Minute
	// DefaultTimeout is how long one look may take before it counts as failed.
	DefaultTimeout = 30 * time.Second

	// MaxRows is how many rows of CAs are read.
	MaxRows = 1 << 20
	// MaxProblems is how many rows [Store.Problems] names.
	MaxProblems = 1000

	// maxData bounds the text of one certificate: PEM takes four thirds of the
	// DER, line ends and the lines around it.
	maxData = trust.MaxCertificateBytes*3/2 + 256
)

// How long Watch waits before it tries again what failed, at first and at most.
const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 10 * time.Second
)
