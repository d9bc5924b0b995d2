package admit_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

var ctx = context.Background()

func newGate(opts ...admit.Option) (*admit.Gate, *trust.Memory) {
	store := trust.NewMemory()
	return admit.New(store, append([]admit.Option{admit.WithClock(pkitest.Clock)}, opts...)...), store
}

func bundle(certs ...*pkitest.Cert) []byte {
	var b bytes.Buffer
	for _, c := range certs {
		b.Write(c.PEM())
	}
	return b.Bytes()
}

func verdicts(r *admit.Report) (out []admit.Verdict) {
	for _, l := range r.Lines {
		out = append(out, l.Verdict)
	}
	return out
}

func inStore(t *testing.T, s trust.Source, d trust.Domain) int {
	t.Helper()
	snapshot, err := s.Snapshot(ctx, d)
	require.NoError(t, err)
	return snapshot.Len()
}

// A chain is admitted whatever the order of the upload and its encoding, with
// the role that each certificate has by itself.
func TestAnyOrderAnyEncoding(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	upper := root.IssueCA(t, "upper")
	lower := upper.IssueCA(t, "lower")
	p7, err := pkcs7.Marshal(pkitest.Certificates(lower, upper, root))
	require.NoError(t, err)
	p7pem, err := pkcs7.MarshalPEM(pkitest.Certificates(root, lower, upper))
	require.NoError(t, err)
	for name, data := range map[string][]byte{
		"root first":    bundle(root, upper, lower),
		"leaf first":    bundle(lower, upper, root),
		"mixed":         bundle(upper, root, lower),
		"PKCS#7":        p7,
		"PKCS#7 in PEM": p7pem,
		"PEM with a PKCS#7 block": append(bundle(upper), func() []byte {
			b, err := pkcs7.MarshalPEM(pkitest.Certificates(lower, root))
			require.NoError(t, err)
			return b
		}()...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gate, store := newGate()
			report, err := gate.Admit(ctx, trust.Device, data)
			require.NoError(t, err)
			require.True(t, report.OK(), "%v", report.Lines)
			require.Len(t, report.Lines, 3)
			for _, line := range report.Lines {
				require.Equal(t, admit.Admitted, line.Verdict)
				want := trust.Intermediate
				if bytes.Equal(line.Certificate.Raw, root.Certificate.Raw) {
					want = trust.Root
				} else {
					require.Equal(t, root.Certificate.Raw, line.Chain.Anchor().Raw)
				}
				require.Equal(t, want, line.Role)
				snapshot, err := store.Snapshot(ctx, trust.Device)
				require.NoError(t, err)
				ca, ok := snapshot.ByID(line.ID)
				require.True(t, ok)
				require.Equal(t, want, ca.Role)
				require.Equal(t, pkitest.Now, ca.AddedAt)
			}
			require.Equal(t, 3, inStore(t, store, trust.Device))
			require.Zero(t, inStore(t, store, trust.FTM), "another domain gets nothing")
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	now := pkitest.Now
	root := pkitest.NewRoot(t, "root")
	elsewhere := pkitest.NewRoot(t, "elsewhere")
	for name, tc := range map[string]struct {
		upload *pkitest.Cert
		want   certchain.Reason
		code   string
	}{
		"root: CA:FALSE":              {pkitest.NewRoot(t, "r", pkitest.NotCA()), certchain.NotCA, ""},
		"root: no basicConstraints":   {pkitest.NewRoot(t, "r", pkitest.NoBasicConstraints()), certchain.NotCA, ""},
		"root: no keyCertSign":        {pkitest.NewRoot(t, "r", pkitest.Usage(x509.KeyUsageDigitalSignature)), certchain.KeyUsage, ""},
		"root: version 1":             {pkitest.NewRoot(t, "r", pkitest.Version(1)), certchain.NotV3, "KER-PCM-007"},
		"root: not yet valid":         {pkitest.NewRoot(t, "r", pkitest.Validity(now.Add(time.Second), now.AddDate(9, 0, 0))), certchain.NotYetValid, "KER-PMS-020"},
		"root: expired":               {pkitest.NewRoot(t, "r", pkitest.Validity(now.AddDate(-9, 0, 0), now.Add(-time.Second))), certchain.Expired, "KER-PCM-004"},
		"root: eleven months left":    {pkitest.NewRoot(t, "r", pkitest.Validity(now.AddDate(-9, 0, 0), now.AddDate(0, 11, 0))), certchain.ShortValidity, "KER-PCM-017"},
		"root: RSA 1024":              {pkitest.NewRoot(t, "r", pkitest.Key(pkitest.RSA(1024, 0))), certchain.WeakKey, ""},
		"root: P-224":                 {pkitest.NewRoot(t, "r", pkitest.Key(pkitest.EC(elliptic.P224()))), certchain.WeakKey, ""},
		"root: SHA-1":                 {pkitest.NewRoot(t, "r", pkitest.Key(pkitest.RSA(2048, 0)), pkitest.Hash(crypto.SHA1)), certchain.WeakSignature, ""},
		"intermediate: no path":       {elsewhere.IssueCA(t, "i"), certchain.UnknownIssuer, "KER-PCM-005"},
		"intermediate: forged":        {root.IssueCA(t, "i", pkitest.Tampered()), certchain.BadSignature, "KER-PCM-005"},
		"intermediate: CA:FALSE":      {root.IssueCA(t, "i", pkitest.NotCA(), pkitest.Usage(x509.KeyUsageCertSign)), certchain.NotCA, ""},
		"intermediate: no certSign":   {root.IssueCA(t, "i", pkitest.Usage(x509.KeyUsageDigitalSignature)), certchain.KeyUsage, ""},
		"intermediate: version 1":     {root.IssueCA(t, "i", pkitest.Version(1)), certchain.NotV3, "KER-PCM-007"},
		"intermediate: expired":       {root.IssueCA(t, "i", pkitest.Validity(now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0))), certchain.Expired, "KER-PCM-004"},
		"intermediate: not yet valid": {root.IssueCA(t, "i", pkitest.Validity(now.AddDate(1, 0, 0), now.AddDate(5, 0, 0))), certchain.NotYetValid, "KER-PMS-020"},
		"intermediate: short":         {root.IssueCA(t, "i", pkitest.Validity(now.AddDate(-1, 0, 0), now.AddDate(0, 6, 0))), certchain.ShortValidity, "KER-PCM-017"},
		"intermediate: RSA 1024":      {root.IssueCA(t, "i", pkitest.Key(pkitest.RSA(1024, 0))), certchain.WeakKey, ""},
		"end entity":                  {root.Issue(t, "e"), certchain.NotCA, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gate, store := newGate()
			_, err := gate.Admit(ctx, trust.Auth, root.PEM())
			require.NoError(t, err)
			report, err := gate.Admit(ctx, trust.Auth, tc.upload.PEM())
			require.NoError(t, err)
			require.Equal(t, []admit.Verdict{admit.Refused}, verdicts(report))
			line := report.Lines[0]
			require.Equal(t, tc.want, line.Reason(), "%v", line.Err)
			require.ErrorIs(t, line.Err, tc.want)
			require.Equal(t, tc.code, admit.PlatformCode(line.Reason()))
			require.False(t, report.OK())
			require.Empty(t, line.ID)
			require.Equal(t, 1, inStore(t, store, trust.Auth))
		})
	}
}

// Calendar months, to the second: java.time's plusMonths is the platform's
// arithmetic, and 2027-06-15 is twelve months after the tests' today.
func TestMinRemainingBoundary(t *testing.T) {
	t.Parallel()
	enough := time.Date(2027, 6, 15, 12, 0, 0, 0, time.UTC)
	for until, want := range map[time.Time]admit.Verdict{
		enough:                   admit.Admitted,
		enough.Add(-time.Second): admit.Refused,
	} {
		gate, _ := newGate()
		report, err := gate.Admit(ctx, trust.Auth, pkitest.NewRoot(t, "r", pkitest.Validity(pkitest.Now, until)).PEM())
		require.NoError(t, err)
		require.Equal(t, []admit.Verdict{want}, verdicts(report))
		if want == admit.Refused {
			require.Contains(t, report.Lines[0].Err.Error(), "2027-06-15", "it says which date would have been enough")
		}
	}
	gate, _ := newGate(admit.MinRemaining(0))
	report, err := gate.Admit(ctx, trust.Auth, pkitest.NewRoot(t, "r", pkitest.Validity(pkitest.Now, pkitest.Now)).PEM())
	require.NoError(t, err)
	require.True(t, report.OK())
}

func TestAlreadyPresentIsNoFailure(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	first, second := root.IssueCA(t, "1"), root.IssueCA(t, "2")
	gate, store := newGate()
	report, err := gate.Admit(ctx, trust.Auth, bundle(root, first))
	require.NoError(t, err)
	id := report.Lines[0].ID

	report, err = gate.Admit(ctx, trust.Auth, bundle(first, second, root, second))
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.AlreadyPresent, admit.Admitted, admit.AlreadyPresent, admit.AlreadyPresent}, verdicts(report))
	require.True(t, report.OK())
	require.Equal(t, id, report.Lines[2].ID)
	require.Equal(t, 3, inStore(t, store, trust.Auth))

	report, err = gate.Admit(ctx, trust.Auth, bundle(root, root))
	require.NoError(t, err)
	require.True(t, report.OK())
}

// One bad entry does not keep the others out; with AllOrNothing it does.
func TestPartlyBrokenUpload(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	broken := bytes.Replace(pkitest.NewRoot(t, "x").PEM(), []byte("MII"), []byte("AAA"), 1)
	key := []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
	upload := bytes.Join([][]byte{broken, root.PEM(), key, root.IssueCA(t, "i").PEM()}, nil)

	gate, store := newGate()
	report, err := gate.Admit(ctx, trust.Auth, upload)
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.Refused, admit.Admitted, admit.Refused, admit.Admitted}, verdicts(report))
	require.ErrorIs(t, report.Lines[0].Err, trust.ErrMalformed)
	require.Equal(t, certchain.Malformed, report.Lines[0].Reason())
	require.ErrorIs(t, report.Lines[2].Err, trust.ErrPrivateKey)
	var where *trust.ParseError
	require.ErrorAs(t, report.Lines[2].Err, &where)
	require.Equal(t, bytes.Index(upload, key), where.Offset)
	require.Equal(t, 2, inStore(t, store, trust.Auth))

	gate, store = newGate(admit.AllOrNothing())
	report, err = gate.Admit(ctx, trust.Auth, upload)
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.Refused, admit.Withheld, admit.Refused, admit.Withheld}, verdicts(report))
	require.Zero(t, inStore(t, store, trust.Auth))
	for _, line := range report.Lines {
		require.Empty(t, line.ID)
	}
	report, err = gate.Admit(ctx, trust.Auth, append(bundle(root, root), key...))
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.Withheld, admit.Withheld, admit.Refused}, verdicts(report), "what stands twice is withheld twice")
	report, err = gate.Admit(ctx, trust.Auth, root.PEM())
	require.NoError(t, err)
	require.True(t, report.OK())
}

// A certificate below a refused one is refused, and told whose fault it is.
func TestRefusedIssuerInSameUpload(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	expired := root.IssueCA(t, "expired", pkitest.Validity(pkitest.Now.AddDate(-3, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	short := root.IssueCA(t, "short", pkitest.Validity(pkitest.Now.AddDate(-3, 0, 0), pkitest.Now.AddDate(0, 1, 0)))
	gate, store := newGate()
	report, err := gate.Admit(ctx, trust.Auth, bundle(expired.IssueCA(t, "below expired"), short.IssueCA(t, "below short"), root, expired, short))
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.Refused, admit.Refused, admit.Admitted, admit.Refused, admit.Refused}, verdicts(report))
	require.Equal(t, certchain.Expired, report.Lines[0].Reason())
	require.Equal(t, certchain.UnknownIssuer, report.Lines[1].Reason(), "a path through a certificate that stays outside is no path")
	require.Equal(t, 1, inStore(t, store, trust.Auth))
}

func TestIssuerInOtherDomain(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	gate, _ := newGate()
	_, err := gate.Admit(ctx, trust.FTM, root.PEM())
	require.NoError(t, err)
	report, err := gate.Admit(ctx, trust.Device, root.IssueCA(t, "i").PEM())
	require.NoError(t, err)
	require.Equal(t, certchain.IssuerInOtherDomain, report.Lines[0].Reason())
	var f *certchain.Finding
	require.ErrorAs(t, report.Lines[0].Err, &f)
	require.Equal(t, trust.FTM, f.Domain)
}

func TestWholeUploadErrors(t *testing.T) {
	t.Parallel()
	gate, _ := newGate()
	for name, tc := range map[string]struct {
		domain trust.Domain
		data   []byte
		want   error
	}{
		"empty":        {trust.Auth, nil, trust.ErrNoCertificate},
		"not anything": {trust.Auth, []byte("hello, world!"), trust.ErrNoCertificate},
		"too large":    {trust.Auth, make([]byte, trust.MaxBundleBytes+1), trust.ErrTooLarge},
		"no domain":    {"", pkitest.NewRoot(t, "r").PEM(), trust.ErrDomain},
		"too many":     {trust.Auth, bytes.Repeat([]byte("-----BEGIN X-----\n-----END X-----\n"), trust.MaxBundleCertificates+1), trust.ErrTooLarge},
	} {
		report, err := gate.Admit(ctx, tc.domain, tc.data)
		require.ErrorIs(t, err, tc.want, name)
		require.Nil(t, report)
	}
	var none *admit.Gate
	_, err := none.Admit(ctx, trust.Auth, nil)
	require.ErrorIs(t, err, admit.ErrNoStore)
	_, err = admit.New(nil).Admit(ctx, trust.Auth, nil)
	require.ErrorIs(t, err, admit.ErrNoStore)
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = gate.Admit(canceled, trust.Auth, pkitest.NewRoot(t, "r").PEM())
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, (*admit.Report)(nil).OK())
	require.False(t, (&admit.Report{}).OK())
}

// racing is a store to which somebody else adds the same CA between judging
// and adding, a given number of times.
type racing struct {
	*trust.Memory
	rival []trust.CA
	err   error
}

func (r *racing) Add(ctx context.Context, cas ...trust.CA) error {
	if len(r.rival) > 0 {
		ca := r.rival[0]
		r.rival = r.rival[1:]
		if err := r.Memory.Add(ctx, ca); err != nil {
			return err
		}
	}
	if r.err != nil {
		return r.err
	}
	return r.Memory.Add(ctx, cas...)
}

func TestConcurrentUpload(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "i")
	store := &racing{Memory: trust.NewMemory(), rival: []trust.CA{{Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}}}
	gate := admit.New(store, admit.WithClock(pkitest.Clock))
	report, err := gate.Admit(ctx, trust.Auth, bundle(root, inter))
	require.NoError(t, err)
	require.Equal(t, []admit.Verdict{admit.AlreadyPresent, admit.Admitted}, verdicts(report))

	broken := errors.New("disk full")
	store = &racing{Memory: trust.NewMemory(), err: broken}
	_, err = admit.New(store, admit.WithClock(pkitest.Clock)).Admit(ctx, trust.Auth, root.PEM())
	require.ErrorIs(t, err, broken)

	store = &racing{Memory: trust.NewMemory(), err: trust.ErrExists}
	_, err = admit.New(store, admit.WithClock(pkitest.Clock)).Admit(ctx, trust.Auth, root.PEM())
	require.ErrorIs(t, err, trust.ErrExists, "a store that always says so ends the attempts")
}

func TestLineForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	gate, _ := newGate()
	root := pkitest.NewRoot(t, "root")
	report, err := gate.Admit(ctx, trust.Auth, append(bundle(root, root.Issue(t, "leaf")), "-----BEGIN CERTIFICATE-----\n"...))
	require.NoError(t, err)
	require.Contains(t, report.Lines[0].String(), "entry 1, CN=root,O=Acme Bank: admitted as ROOT")
	require.Contains(t, report.Lines[1].String(), "refused")
	text, err := json.Marshal(report)
	require.NoError(t, err)
	var out struct {
		Domain string
		Lines  []map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, "AUTH", out.Domain)
	require.Equal(t, "admitted", out.Lines[0]["verdict"])
	require.Equal(t, "NotCA", out.Lines[1]["reason"])
	require.NotEmpty(t, out.Lines[1]["refusal"])
	require.Equal(t, "Malformed", out.Lines[2]["reason"])
	require.Equal(t, "verdict 9", admit.Verdict(9).String())
	require.Equal(t, admit.Refused, admit.Line{}.Verdict)
	require.Empty(t, report.Lines[0].Reason())
}

// Oracle: whatever the upload, every line has a verdict that its other members
// bear out, and the store holds exactly what the report says.
func FuzzAdmit(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	inter := root.IssueCA(f, "i")
	f.Add(bundle(inter, root))
	f.Add(append(bundle(root), "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n"...))
	p7, err := pkcs7.Marshal(pkitest.Certificates(root, inter))
	require.NoError(f, err)
	f.Add(p7)
	f.Fuzz(func(t *testing.T, data []byte) {
		gate, store := newGate()
		report, err := gate.Admit(ctx, trust.Auth, data)
		if err != nil {
			require.Nil(t, report)
			require.Zero(t, inStore(t, store, trust.Auth))
			return
		}
		require.Equal(t, report.Count(admit.Admitted), inStore(t, store, trust.Auth))
		for _, l := range report.Lines {
			switch l.Verdict {
			case admit.Refused:
				require.Error(t, l.Err)
				require.NotEmpty(t, l.Reason())
			case admit.Admitted, admit.AlreadyPresent:
				require.NotEmpty(t, l.ID)
				require.NoError(t, l.Err)
			default:
				t.Fatal(l)
			}
		}
	})
}

// plain is a store that does not say which domains it holds.
type plain struct{ trust.Store }

func TestStoreThatListsNoDomains(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	store := plain{trust.NewMemory()}
	gate := admit.New(store, admit.WithClock(pkitest.Clock), admit.WithProfile(certchain.Authority))
	_, err := gate.Admit(ctx, trust.FTM, root.PEM())
	require.NoError(t, err)
	report, err := gate.Admit(ctx, trust.Device, root.IssueCA(t, "i").PEM())
	require.NoError(t, err)
	require.Equal(t, certchain.IssuerInOtherDomain, report.Lines[0].Reason())
}

// A call that ends while certificates are judged changes nothing.
func TestCanceledWhileJudging(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	ending, cancel := context.WithCancel(ctx)
	store := trust.NewMemory()
	gate := admit.New(store, admit.WithClock(func() time.Time { cancel(); return pkitest.Now }))
	_, err := gate.Admit(ending, trust.Auth, bundle(root, root.IssueCA(t, "i")))
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, inStore(t, store, trust.Auth))
}

// A profile chosen by the host decides.
func TestWithProfile(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	gate := admit.New(store, admit.WithClock(pkitest.Clock), admit.WithProfile(certchain.RFC5280))
	report, err := gate.Admit(ctx, trust.Auth, pkitest.NewRoot(t, "r", pkitest.Key(pkitest.RSA(1024, 0))).PEM())
	require.NoError(t, err)
	require.True(t, report.OK(), "the standard alone says nothing of key sizes")
	root := pkitest.NewRoot(t, "root")
	for _, profile := range []certchain.Profile{certchain.RFC5280, certchain.Partner} {
		gate := admit.New(trust.NewMemory(), admit.WithClock(pkitest.Clock), admit.WithProfile(profile))
		report, err := gate.Admit(ctx, trust.Auth, bundle(root, root.Issue(t, "leaf")))
		require.NoError(t, err)
		require.Equal(t, certchain.NotCA, report.Lines[1].Reason(), "whatever the profile, a store holds CAs")
	}
	legacy := admit.New(trust.NewMemory(), admit.WithClock(pkitest.Clock), admit.WithProfile(certchain.Authority.DangerouslyAdmitLegacyAnchors()))
	report, err = legacy.Admit(ctx, trust.Auth, pkitest.NewRoot(t, "old", pkitest.NoBasicConstraints()).PEM())
	require.NoError(t, err)
	require.True(t, report.OK())
	report, err = gate.Admit(ctx, trust.Auth, pkitest.NewRoot(t, "r", pkitest.NotCA()).PEM())
	require.NoError(t, err)
	require.Equal(t, certchain.NotCA, report.Lines[0].Reason())
}
