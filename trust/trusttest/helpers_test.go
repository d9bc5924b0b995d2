package trusttest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust/trusttest"
)

var ctx = context.Background()

// verify presents an identity as what it was issued as.
func verify(pki *trusttest.PKI, id *trusttest.Identity, opts ...certchain.Option) error {
	opts = append([]certchain.Option{certchain.Organization(id.Organization)}, opts...)
	_, err := pki.Verifier().Verify(ctx, id.Domain, id.Certificate, opts...)
	return err
}

// requireOnly asserts that the reason stands against a certificate before all
// others, and that there are no others but those beside; "" is that nothing does.
func requireOnly(t *testing.T, want certchain.Reason, err error, beside ...certchain.Reason) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	var refusal *certchain.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, want, refusal.Findings[0].Reason, refusal.Explain())
	for _, f := range refusal.Findings {
		require.Contains(t, append(beside, want), f.Reason, refusal.Explain())
	}
}

// failing is a test that fails without failing this one.
type failing struct {
	testing.TB
	message string
}

func (f *failing) Helper()        {}
func (f *failing) Cleanup(func()) {}
func (f *failing) Fatal(args ...any) {
	f.message = fmt.Sprint(args...)
	runtime.Goexit()
}

func (f *failing) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// failure runs a test and returns why it failed.
func failure(test func(tb testing.TB)) string {
	f := &failing{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(f)
	}()
	<-done
	return f.message
}
