package dirstore_test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

const leaf = "-----BEGIN CERTIFICATE-----\n"

// A file that cannot be read is named with the entry and the place that are at
// fault, and the files beside it are unharmed.
func TestBadEntriesAreNamed(t *testing.T) {
	t.Parallel()
	good := pkitest.NewRoot(t, "good").PEM()
	line := []byte("# partnertrust-ca: id=one role=ROOT\n")
	other := pkitest.NewRoot(t, "other").PEM()
	p7, err := pkcs7.Marshal(pkitest.Certificates(pkitest.NewRoot(t, "bundled")))
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		data          []byte
		entry, offset int
		want          error
	}{
		"cut short":                {slices.Concat(good, other[:200]), 1, len(good), trust.ErrMalformed},
		"a private key":            {slices.Concat(good, []byte("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")), 1, len(good), trust.ErrPrivateKey},
		"no certificate inside":    {slices.Concat([]byte(leaf+"MAMBAf8=\n-----END CERTIFICATE-----\n"), good), 0, 0, trust.ErrMalformed},
		"no base64 inside":         {slices.Concat(good, []byte(leaf+"====\n-----END CERTIFICATE-----\n")), 1, len(good), trust.ErrMalformed},
		"a request":                {slices.Concat(good, []byte("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")), 1, len(good), trust.ErrPEMType},
		"an id twice":              {slices.Concat(line, good, line, other), 1, 2*len(line) + len(good), trust.ErrExists},
		"a role that is none":      {slices.Concat(good, []byte("# partnertrust-ca: id=two role=LEAF\n"), other), 1, len(good) + 36, trust.ErrInvalidCA},
		"a field that is none":     {slices.Concat(line, good, []byte("# partnertrust-ca: id=two hat=red\n"), other), 1, len(line) + len(good) + 34, trust.ErrInvalidCA},
		"a bundle in a marked one": {slices.Concat(line, good, pem7(p7)), 1, len(line) + len(good), trust.ErrPKCS7},
	} {
		dir := t.TempDir()
		drop(t, dir, "AUTH/bad.pem", tc.data)
		drop(t, dir, "AUTH/good.pem", good)
		s := open(t, dir)
		require.Equal(t, []string{"AUTH/bad.pem"}, problems(s), name)
		require.ErrorIs(t, s.Problems()[0], tc.want, name)
		var where *trust.ParseError
		require.ErrorAs(t, s.Problems()[0], &where, name)
		require.Equal(t, []int{tc.entry, tc.offset}, []int{where.Entry, where.Offset}, name)
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), name)
	}
}

func pem7(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der})
}

// The short way of reading what most files hold gives what the long way gives,
// whatever the file has become: text in front of it makes the store take the
// long way.
func TestShortWayOfReading(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "inter")
	line := func(id string) []byte {
		return []byte("# partnertrust-ca: id=" + id + " role=INTERMEDIATE added=2026-01-02T03:04:05.6Z\n")
	}
	sources := [][]byte{
		slices.Concat(root.PEM(), inter.PEM(), root.PEM()),
		slices.Concat(line("a"), root.PEM(), line("b"), inter.PEM()),
		slices.Concat(line("a"), root.PEM(), inter.PEM(), line("c"), root.PEM()),
		bytes.TrimSpace(inter.PEM()),
		slices.Concat(bytes.TrimSpace(root.PEM()), inter.PEM()),
		bytes.ReplaceAll(root.PEM(), []byte("\n"), []byte("\r\n")),
		slices.Concat(root.PEM(), bytes.Repeat([]byte("\n"), 3), inter.PEM(), []byte("the end")),
	}
	random := rand.New(rand.NewPCG(1, 2))
	served := 0
	for n := range 600 {
		data := bytes.Clone(sources[n%len(sources)])
		switch at := random.IntN(len(data)); {
		case n < len(sources):
		case n%3 == 0:
			data[at] = byte(random.IntN(256))
		case n%3 == 1:
			data = slices.Delete(data, at, min(len(data), at+1+random.IntN(3)))
		default:
			data = slices.Insert(data, at, []byte{'\n', ' ', '-', ':', '=', 'A', '#'}[random.IntN(7)])
		}
		short, long := read(t, data), read(t, append([]byte("text\n"), data...))
		require.Equal(t, long, short, "%q", data)
		if len(short) > 0 {
			served++
		}
	}
	require.Greater(t, served, len(sources))
	require.Less(t, served, 550)

	many := bytes.Repeat(root.PEM(), trust.MaxBundleCertificates)
	require.Len(t, read(t, many), 1)
	require.Empty(t, read(t, append(many, root.PEM()...)))
}

// read returns what a store makes of a file, or nothing where it is at fault.
func read(t *testing.T, data []byte) (cas []string) {
	t.Helper()
	dir := t.TempDir()
	then := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	path := drop(t, dir, "AUTH/a.pem", data)
	require.NoError(t, os.Chtimes(path, then, then))
	s := open(t, dir)
	for ca := range snapshot(t, s, trust.Auth).All() {
		cas = append(cas, fmt.Sprint(ca.ID, ca.Role, ca.AddedAt, trust.SHA256(ca.Certificate)))
	}
	require.Equal(t, len(cas) == 0, len(s.Problems()) > 0)
	return cas
}
