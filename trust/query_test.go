package trust_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

func TestSelectRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]trust.Query{
		"sort field":            {SortBy: "colour"},
		"sort field's case":     {SortBy: "ISSUEDTO"},
		"thumbprint":            {Exclude: []string{"abc"}},
		"thumbprint's length":   {Exclude: []string{strings.Repeat("ab", 31)}},
		"thumbprint's alphabet": {Exclude: []string{strings.Repeat("zz", 20)}},
	} {
		_, err := trust.NewMemory().List(ctx, q)
		require.ErrorIs(t, err, trust.ErrQuery, name)
	}
	page, err := trust.Select(trust.Query{}, nil)
	require.NoError(t, err)
	require.Zero(t, page.Total)
}

// The texts of a list are those that explanations use.
func TestIssuedToAndBy(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "", pkitest.Subject(pkitest.Name(pkitest.O("Grüße, Ltd"), pkitest.CN("Root"))))
	below := root.IssueCA(t, "", pkitest.Subject(pkitest.Name(slices.Concat(pkitest.O("A"), pkitest.OU("B")), pkitest.CN("Below"))))
	s, err := trust.NewSnapshot(trust.Auth, ca(trust.Auth, trust.Intermediate, below))
	require.NoError(t, err)
	for r := range s.Records() {
		require.Equal(t, "CN=Below,O=A+OU=B", r.IssuedTo())
		require.Equal(t, `CN=Root,O=Grüße\, Ltd`, r.IssuedBy())
	}
	for text, want := range map[string]int{"grÜSSE": 0, "GRÜßE": 1, `ße\, l`: 1, "O=Grüße": 1, "Below": 0} {
		page, err := trust.Select(trust.Query{IssuedBy: text}, s)
		require.NoError(t, err)
		require.Equal(t, want, page.Total, text)
	}
}

// Times before the epoch and the last year that a certificate can have sort as
// times do.
func TestSortByExtremeTimes(t *testing.T) {
	t.Parallel()
	ends := []time.Time{
		time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2049, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	var cas []trust.CA
	for _, i := range []int{3, 0, 4, 2, 1} {
		cas = append(cas, ca(trust.Auth, trust.Root, pkitest.NewRoot(t, "root", pkitest.Validity(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), ends[i]))))
	}
	s, err := trust.NewSnapshot(trust.Auth, cas...)
	require.NoError(t, err)
	page, err := trust.Select(trust.Query{SortBy: trust.SortByNotAfter}, s)
	require.NoError(t, err)
	for i, ca := range page.CAs {
		require.Equal(t, ends[i], ca.Certificate.NotAfter)
	}
	page, err = trust.Select(trust.Query{SortBy: trust.SortByNotAfter, ExpiresFrom: ends[1], ExpiresBefore: ends[3]}, s)
	require.NoError(t, err)
	require.Equal(t, 2, page.Total, "half-open: from on, before the end")
}

func TestSortFieldsAreComplete(t *testing.T) {
	t.Parallel()
	fields := trust.SortFields()
	require.Len(t, fields, 8)
	require.Len(t, slices.CompactFunc(slices.SortedFunc(slices.Values(fields), func(a, b trust.SortField) int { return cmp.Compare(a, b) }),
		func(a, b trust.SortField) bool { return a == b }), 8)
	for _, f := range fields {
		_, err := trust.Select(trust.Query{SortBy: f})
		require.NoError(t, err)
	}
}
