package enrol_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/examples/unittest/enrol"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

var order = []byte(`{"cards":100}`)

// The service gets the PKI where it wants a source of trust, and its clock.
func TestEnrolAndOrder(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk, bank := enrol.New(pki, pki.Clock), pki.Partner("Acme Bank")
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", bank.PEM()))
	require.NoError(t, desk.Order(t.Context(), "Acme Bank", order, bank.SignDetached(order)))
}

// A certificate has the defect that is asked for, and the error the reason:
// assert that, and never the text.
func TestDefects(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk := enrol.New(pki, pki.Clock)
	for want, defect := range map[certchain.Reason]trusttest.Property{
		certchain.Expired:              trusttest.Expired(),
		certchain.NotYetValid:          trusttest.NotYetValid(),
		certchain.SelfSigned:           trusttest.SelfSigned(),
		certchain.UnknownIssuer:        trusttest.UnknownIssuer(),
		certchain.IssuerInOtherDomain:  trusttest.OfDomain(trust.FTM),
		certchain.WeakKey:              trusttest.WeakKey(),
		certchain.BadSignature:         trusttest.ForgedSignature(),
		certchain.OrganizationMismatch: trusttest.Organization("ACME Bank"),
	} {
		require.ErrorIs(t, desk.Enrol(t.Context(), "Acme Bank", pki.Partner("Acme Bank", defect).PEM()), want)
	}
}

// Two identities differ as two partners do: neither signs for the other.
func TestAnotherPartnersSignature(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk, bank, shop := enrol.New(pki, pki.Clock), pki.Partner("Acme Bank"), pki.Partner("Acme Shop")
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", bank.PEM()))
	require.ErrorIs(t, desk.Order(t.Context(), "Acme Bank", order, shop.SignDetached(order)), x5c.NotBound)
	require.ErrorIs(t, desk.Order(t.Context(), "Acme Bank", []byte(`{"cards":999}`), bank.SignDetached(order)), x5c.BadSignature)
	require.ErrorIs(t, desk.Order(t.Context(), "Acme Shop", order, shop.SignDetached(order)), enrol.ErrStranger)
}

// What the platform itself issues can be asked for, too: here a serial number
// that is negative, which crypto/x509 does not read.
func TestPlatformCertificates(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk := enrol.New(pki, pki.Clock)
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", pki.Partner("Acme Bank", trusttest.NegativeSerial()).PEM()))
}

// The store behind the PKI is a real one: a CA that is taken out is trusted no
// more, by whoever asks next.
func TestCARemoved(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk, bank := enrol.New(pki, pki.Clock), pki.Partner("Acme Bank")
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", bank.PEM()))
	root := trust.CA{Domain: trust.Auth, Certificate: pki.Root(trust.Auth).Certificate}
	require.NoError(t, pki.Store().Remove(t.Context(), trust.Auth, root.DefaultID()))
	require.ErrorIs(t, desk.Order(t.Context(), "Acme Bank", order, bank.SignDetached(order)), certchain.UnknownIssuer)
}

// Revocation needs no list, responder or network.
func TestRevoked(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk, bank := enrol.New(pki, pki.Clock, certchain.WithRevocation(pki.Revocation())), pki.Partner("Acme Bank")
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", bank.PEM()))
	pki.Revoke(bank)
	require.ErrorIs(t, desk.Order(t.Context(), "Acme Bank", order, bank.SignDetached(order)), certchain.Revoked)
}

// Time is the test's: the same certificate a day before its end and a day after.
func TestTime(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	upload := pki.Partner("Acme Bank", trusttest.ExpiringIn(24*time.Hour)).PEM()
	later := func() time.Time { return pki.Clock().Add(48 * time.Hour) }
	require.NoError(t, enrol.New(pki, pki.Clock).Enrol(t.Context(), "Acme Bank", upload))
	require.ErrorIs(t, enrol.New(pki, later).Enrol(t.Context(), "Acme Bank", upload), certchain.Expired)
}

// A service that reads the system's clock gets a PKI that lives now.
func TestSystemClock(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t, trusttest.At(time.Now()))
	desk := enrol.New(pki, time.Now)
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", pki.Partner("Acme Bank").PEM()))
}

// A source that fails is a function of the test's own. Nobody is enrolled by
// mistake.
func TestTrustIsAway(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	desk := enrol.New(away{}, pki.Clock)
	require.ErrorIs(t, desk.Enrol(t.Context(), "Acme Bank", pki.Partner("Acme Bank").PEM()), certchain.SourceFailed)
}

type away struct{}

func (away) Snapshot(context.Context, trust.Domain) (*trust.Snapshot, error) {
	return nil, trust.ErrStale
}

// Keys, chains and bytes are at hand for what only this service does: an upload
// with the chain behind it, of a CA that the store need not have.
func TestUploadWithItsChain(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	ca := trust.CA{Domain: trust.Auth, Certificate: pki.Intermediate(trust.Auth).Certificate}
	require.NoError(t, pki.Store().Remove(t.Context(), trust.Auth, ca.DefaultID()))
	desk, bank := enrol.New(pki, pki.Clock), pki.Partner("Acme Bank")
	require.ErrorIs(t, desk.Enrol(t.Context(), "Acme Bank", bank.PEM()), certchain.UnknownIssuer)
	require.NoError(t, desk.Enrol(t.Context(), "Acme Bank", bank.ChainPEM()))
	require.Error(t, desk.Enrol(t.Context(), "Acme Bank", []byte("no certificate")))
}
