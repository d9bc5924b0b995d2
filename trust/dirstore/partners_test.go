package dirstore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/storetest"
)

func TestPartnersContract(t *testing.T) {
	t.Parallel()
	storetest.RunPartners(t, true, func(tb testing.TB) func(testing.TB) trust.Store {
		dir := tb.TempDir()
		return func(tb testing.TB) trust.Store {
			s, err := dirstore.Open(dir)
			require.NoError(tb, err)
			return s
		}
	})
}

// office is a folder with partners in it.
func office(t *testing.T) (dir string, open func() *dirstore.Store) {
	t.Helper()
	dir = t.TempDir()
	return dir, func() *dirstore.Store {
		s, err := dirstore.Open(dir)
		require.NoError(t, err)
		return s
	}
}

func partner(t *testing.T, id string) trust.PartnerCertificate {
	t.Helper()
	return trust.PartnerCertificate{ID: id, Domain: trust.Auth, Organization: "Acme Bank", Certificate: pkitest.NewRoot(t, id).Certificate, AddedAt: pkitest.Now}
}

func kept(t *testing.T, s *dirstore.Store) (ids []string) {
	t.Helper()
	page, err := s.ListPartners(context.Background(), trust.PartnerQuery{})
	require.NoError(t, err)
	for _, p := range page.Partners {
		ids = append(ids, p.ID)
	}
	return ids
}

// A renewal that a crash broke off at any step is finished, or never began.
func TestInterruptedRenewals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, tc := range map[string]struct {
		leave func(t *testing.T, folder string, newFile []byte)
		want  string
	}{
		"before the journal": {func(t *testing.T, folder string, newFile []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".tmp-new.pem"), newFile, 0o600))
		}, "old"},
		"while the journal is written": {func(t *testing.T, folder string, newFile []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".tmp-new.pem"), newFile, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".tmp-.renewal"), []byte(`{"old":"old.p`), 0o600))
		}, "old"},
		"after the journal": {func(t *testing.T, folder string, newFile []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".tmp-new.pem"), newFile, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".renewal"), []byte(`{"old":"old.pem","new":"new.pem"}`), 0o600))
		}, "new"},
		"after the new file": {func(t *testing.T, folder string, newFile []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, "new.pem"), newFile, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".renewal"), []byte(`{"old":"old.pem","new":"new.pem"}`), 0o600))
		}, "new"},
		"after the old file": {func(t *testing.T, folder string, newFile []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, "new.pem"), newFile, 0o600))
			require.NoError(t, os.Remove(filepath.Join(folder, "old.pem")))
			require.NoError(t, os.WriteFile(filepath.Join(folder, ".renewal"), []byte(`{"old":"old.pem","new":"new.pem"}`), 0o600))
		}, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, open := office(t)
			_, err := open().PutPartner(ctx, partner(t, "old"), "")
			require.NoError(t, err)
			tc.leave(t, filepath.Join(dir, ".partners"), fileOf(t, partner(t, "new")))
			require.Equal(t, []string{tc.want}, kept(t, open()))
			left, err := os.ReadDir(filepath.Join(dir, ".partners"))
			require.NoError(t, err)
			require.Len(t, left, 1, "nothing is left behind")
			// And it can be renewed again.
			_, err = open().PutPartner(ctx, partner(t, "next"), tc.want)
			require.NoError(t, err)
			require.Equal(t, []string{"next"}, kept(t, open()))
		})
	}
}

// fileOf is what a store writes of a partner.
func fileOf(t *testing.T, p trust.PartnerCertificate) []byte {
	t.Helper()
	dir, open := office(t)
	_, err := open().PutPartner(context.Background(), p, "")
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(dir, ".partners", p.ID+".pem"))
	require.NoError(t, err)
	return data
}

// A file that is not as it was written is named, and nothing passes for whole
// without it.
func TestBrokenPartnerFiles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	good := string(fileOf(t, partner(t, "one")))
	mark, certificate, _ := strings.Cut(good, "\n")
	for name, tc := range map[string]struct {
		file, content string
		want          error
	}{
		"cut short":              {"one.pem", good[:len(good)-200], trust.ErrMalformed},
		"empty":                  {"one.pem", "", dirstore.ErrForeign},
		"another's":              {"two.pem", good, dirstore.ErrForeign},
		"dropped by hand":        {"one.pem", certificate, dirstore.ErrForeign},
		"no JSON":                {"one.pem", strings.Replace(good, `{"id"`, `{id`, 1), trust.ErrInvalidPartner},
		"unknown member":         {"one.pem", strings.Replace(good, `{"id"`, `{"x":1,"id"`, 1), trust.ErrInvalidPartner},
		"two notes":              {"one.pem", mark + `{}` + "\n" + certificate, trust.ErrInvalidPartner},
		"no organisation":        {"one.pem", strings.Replace(good, "Acme Bank", "", 1), trust.ErrInvalidPartner},
		"no domain":              {"one.pem", strings.Replace(good, `"AUTH"`, `"auth"`, 1), trust.ErrDomain},
		"three certificates":     {"one.pem", good + certificate + certificate, trust.ErrInvalidPartner},
		"signed over other keys": {"one.pem", good + strings.Join(strings.SplitAfter(string(fileOf(t, partner(t, "x"))), "\n")[1:], ""), trust.ErrInvalidPartner},
		"with a private key":     {"one.pem", good + "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", trust.ErrPrivateKey},
		"a bad journal":          {".renewal", `{"old":"../../x","new":"y.pem"}`, dirstore.ErrBroken},
		"a journal of nothing":   {".renewal", ``, dirstore.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, open := office(t)
			s := open()
			_, err := s.PutPartner(ctx, partner(t, "fine"), "")
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, ".partners", tc.file), []byte(tc.content), 0o600))
			_, err = s.ListPartners(ctx, trust.PartnerQuery{})
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, ".partners/"+tc.file)
			_, err = s.PutPartner(ctx, partner(t, "another"), "")
			require.ErrorIs(t, err, tc.want, "no change over a guess")
			_, err = s.Snapshot(ctx, trust.Auth)
			require.NoError(t, err, "the CAs are served on")
			require.Empty(t, s.Problems())
			require.NoError(t, os.Remove(filepath.Join(dir, ".partners", tc.file)))
			require.Equal(t, []string{"fine"}, kept(t, s))
		})
	}
}
