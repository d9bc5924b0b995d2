package revocation_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

func reason(t *testing.T, err error, want certchain.Reason, depth int) {
	t.Helper()
	var e *certchain.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, want, e.Findings[0].Reason, e.Explain())
	require.Equal(t, depth, e.Findings[0].Depth)
}

// What an unknown status means is the host's choice, and refusing is the default.
func TestRequiredOrBestEffort(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	ca := root.IssueCA(t, "ca")
	leaf, bad := ca.Issue(t, "leaf"), ca.Issue(t, "bad")
	v := verifier(lists(t, crl{signer: root}), root)
	_, err := v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca))
	reason(t, err, certchain.RevocationUnknown, 0)
	_, err = v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca), certchain.OnUnknownRevocation(certchain.Required))
	reason(t, err, certchain.RevocationUnknown, 0)

	got, err := v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca), certchain.OnUnknownRevocation(certchain.BestEffort))
	require.NoError(t, err)
	require.Len(t, got.Revocation, 2, "one for each certificate but the anchor")
	status(t, certchain.StatusUnknown, got.Revocation[0])
	status(t, certchain.StatusGood, got.Revocation[1])

	both := lists(t, crl{signer: root}, crl{signer: ca, entries: revoked(bad)})
	got, err = v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca), certchain.WithRevocation(both))
	require.NoError(t, err)
	status(t, certchain.StatusGood, got.Revocation[0])
	for _, mode := range []certchain.RevocationMode{certchain.Required, certchain.BestEffort} {
		_, err = v.Verify(ctx, trust.Auth, bad.Certificate, bring(ca), certchain.WithRevocation(both), certchain.OnUnknownRevocation(mode))
		reason(t, err, certchain.Revoked, 0)
		_, err = v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca), certchain.OnUnknownRevocation(mode),
			certchain.WithRevocation(lists(t, crl{signer: root, entries: revoked(ca)}, crl{signer: ca})))
		reason(t, err, certchain.Revoked, 1)
	}
}

// A list may be signed by another key of the CA, by whoever has a path to the
// same anchor, and by nobody else: RFC 5280 §6.3.3 (f).
func TestWhoMaySignLists(t *testing.T) {
	t.Parallel()
	root, foreign := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "foreign")
	ca := root.IssueCA(t, "ca")
	leaf := ca.Issue(t, "leaf")
	second := root.IssueCA(t, "ca")      // the same name, a key of its own
	stranger := foreign.IssueCA(t, "ca") // trusted too, under another anchor
	expired := root.IssueCA(t, "ca", pkitest.Validity(now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)))
	unable := root.IssueCA(t, "ca", pkitest.Usage(1<<5)) // keyCertSign alone
	forRoot := crl{signer: root}
	for name, tc := range map[string]struct {
		signer *pkitest.Cert
		fine   bool
	}{
		"the CA itself": {ca, true}, "another key of it": {second, true}, "under another anchor": {stranger, false},
		"expired": {expired, false}, "without cRLSign": {unable, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := verifier(lists(t, forRoot, crl{signer: tc.signer}), root, foreign)
			_, err := v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca, tc.signer))
			if tc.fine {
				require.NoError(t, err)
				return
			}
			reason(t, err, certchain.RevocationUnknown, 0)
		})
	}
	t.Run("a signer that is revoked", func(t *testing.T) {
		t.Parallel()
		v := verifier(lists(t, crl{signer: root, entries: revoked(second)}, crl{signer: second}), root)
		_, err := v.Verify(ctx, trust.Auth, leaf.Certificate, bring(ca, second))
		reason(t, err, certchain.RevocationUnknown, 0)
	})
}

func TestFolderOfLists(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf, bad := root.Issue(t, "leaf"), root.Issue(t, "bad")
	list := crl{signer: root, entries: revoked(bad)}.der(t)
	dir := t.TempDir()
	write := func(name string, data []byte) {
		t.Helper()
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	_, err := revocation.FromDir(dir)
	require.ErrorIs(t, err, revocation.ErrList, "an empty folder revokes nothing")
	_, err = revocation.FromDir(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)

	write("root.CRL", list)
	write("README", []byte("not a list"))
	c, err := revocation.FromDir(dir)
	require.NoError(t, err)
	v := verifier(c, root)
	_, err = v.Verify(ctx, trust.Auth, leaf.Certificate)
	require.NoError(t, err)
	_, err = v.Verify(ctx, trust.Auth, bad.Certificate)
	reason(t, err, certchain.Revoked, 0)

	write("broken.der", []byte("broken"))
	_, err = revocation.FromDir(dir)
	require.ErrorIs(t, err, revocation.ErrList)
	require.NoError(t, os.Remove(filepath.Join(dir, "broken.der")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.pem"), 0o700))
	_, err = revocation.FromDir(dir)
	require.Error(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "folder.pem")))

	// A sparse file one byte too large.
	huge := filepath.Join(dir, "huge.crl")
	write("huge.crl", nil)
	require.NoError(t, os.Truncate(huge, revocation.MaxListBytes+1))
	_, err = revocation.FromDir(dir)
	require.ErrorIs(t, err, revocation.ErrList)
	require.Contains(t, err.Error(), "larger")
}

// The choice of a verification's time is the choice of the list's, too.
func TestListsInThePast(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	v := verifier(lists(t, crl{signer: root, this: now.AddDate(0, -1, 0)}), root)
	_, err := v.Verify(ctx, trust.Auth, leaf.Certificate)
	reason(t, err, certchain.RevocationUnknown, 0)
	_, err = v.Verify(ctx, trust.Auth, leaf.Certificate, certchain.At(now.AddDate(0, -1, 0).Add(time.Hour)))
	require.NoError(t, err)
}

func TestErrorsAreDistinct(t *testing.T) {
	t.Parallel()
	require.False(t, errors.Is(revocation.ErrList, revocation.ErrResponse))
}
