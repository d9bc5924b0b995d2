package sqlstore

import (
	"database/sql"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// Whatever a name holds, the column can keep what is written; and a name of
// plain words is written as anybody would.
func FuzzSubjectColumn(f *testing.F) {
	seeds := readVectors(f).Names
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, s := range seeds {
		der, err := hex.DecodeString(s.Name)
		require.NoError(f, err)
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		text, err := subjectColumn(der)
		if err != nil {
			require.Empty(t, text)
			return
		}
		require.LessOrEqual(t, utf8.RuneCountInString(text), maxSubject)
		require.True(t, utf8.ValidString(text))
		require.NotContains(t, text, "\x00")
		if want, plain := plainly(t, der); plain {
			require.Equal(t, want, text)
		}
	})
}

// plainly formats a name of single-valued RDNs with words of letters and
// digits, by itself.
func plainly(t *testing.T, der []byte) (string, bool) {
	name, err := dn.Parse(der)
	require.NoError(t, err, "what is written can be read")
	last := map[string]string{}
	for _, rdn := range name {
		value, ok := rdn[0].Text()
		if len(rdn) != 1 || rdn[0].Tag != 12 || !ok || value == "" || strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return "", false
		}
		last[rdn[0].TypeName()] = value
	}
	var parts []string
	for _, key := range []string{"CN", "OU", "O", "L", "ST", "C"} {
		if value, ok := last[key]; ok {
			parts = append(parts, key+"="+value)
		}
	}
	return strings.Join(parts, ","), true
}

// A row is a CA that says what the row's certificate says, or an error.
func FuzzRow(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	f.Add("id", string(root.PEM()), "AUTH", "ROOT")
	f.Add("id", string(root.PEM())+"\n", "auth", "")
	f.Add("", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "FTM", "LEAF")
	f.Add("id", hex.EncodeToString(root.Certificate.Raw), "MıSP", "intermediate")
	f.Fuzz(func(t *testing.T, id, data, domain, role string) {
		r := row{id: id, data: sql.NullString{String: data, Valid: true}, domain: sql.NullString{String: domain, Valid: true}, role: sql.NullString{String: role, Valid: true}}
		out := r.read(nil)
		require.Equal(t, id, out.id)
		require.Nil(t, out.same)
		if out.err != nil {
			return
		}
		ca := out.ca.Record()
		require.Equal(t, id, ca.ID())
		require.True(t, strings.EqualFold(domain, string(ca.Domain())))
		require.Contains(t, []trust.Role{trust.Root, trust.Intermediate}, ca.Role())
		entries, err := trust.ReadEntries([]byte(data))
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, entries[0].Body, ca.AppendDER(nil))
		_, err = trust.NewSnapshot(ca.Domain(), ca.CA())
		require.NoError(t, err, "a store can keep it")
	})
}
