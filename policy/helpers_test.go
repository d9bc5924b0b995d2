package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

func mustAuth(tb testing.TB, doc string) *policy.Auth {
	tb.Helper()
	p, err := policy.ParseAuth([]byte(doc))
	require.NoError(tb, err)
	return p
}

func mustDataShare(tb testing.TB, doc string) *policy.DataShare {
	tb.Helper()
	p, err := policy.ParseDataShare([]byte(doc))
	require.NoError(tb, err)
	return p
}

func mustMISP(tb testing.TB, doc string) *policy.MISP {
	tb.Helper()
	p, err := policy.ParseMISP([]byte(doc))
	require.NoError(tb, err)
	return p
}

// said is what a test holds a denial against: never its message.
type said struct {
	reason  policy.Reason
	pointer string
	subject string
	code    string
}

func sayings(denials []policy.Denial) []said {
	var out []said
	for _, d := range denials {
		out = append(out, said{d.Reason, d.Pointer, d.Subject, d.Code})
	}
	return out
}

func reasonsOf(denials []policy.Denial) []policy.Reason {
	var out []policy.Reason
	for _, d := range denials {
		out = append(out, d.Reason)
	}
	return out
}
