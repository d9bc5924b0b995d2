package certchain_test

import (
	"crypto/x509"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// What O a subject names, from RFC 4514 and the platform's rule that the
// registered name is one value of attribute 2.5.4.10.
func TestOrganizationOf(t *testing.T) {
	t.Parallel()
	join := func(parts ...[]pkitest.ATV) (rdn []pkitest.ATV) {
		for _, p := range parts {
			rdn = append(rdn, p...)
		}
		return rdn
	}
	bmp := []pkitest.ATV{{OID: []int{2, 5, 4, 10}, Tag: 30, Value: []byte("\x00A\x00c\x00m\x00e")}}
	for name, tc := range map[string]struct {
		subject []byte
		want    string
		err     error
	}{
		"plain":                   {pkitest.Name(pkitest.O("Acme"), pkitest.CN("x")), "Acme", nil},
		"comma":                   {pkitest.Name(pkitest.O("Acme, Inc.")), "Acme, Inc.", nil},
		"spaces kept":             {pkitest.Name(pkitest.O(" Acme  Bank ")), " Acme  Bank ", nil},
		"PrintableString":         {pkitest.Name(pkitest.Printable("Acme")), "Acme", nil},
		"BMPString":               {pkitest.Name(bmp), "Acme", nil},
		"Amharic":                 {pkitest.Name(pkitest.O("አክሜ ባንክ")), "አክሜ ባንክ", nil},
		"beside another in RDN":   {pkitest.Name(join(pkitest.OU("Victim"), pkitest.O("Attacker"))), "Attacker", nil},
		"twice the same":          {pkitest.Name(pkitest.O("Acme"), pkitest.Printable("Acme")), "Acme", nil},
		"two in two RDNs":         {pkitest.Name(pkitest.O("Acme"), pkitest.O("Victim")), "", certchain.ErrAmbiguousOrganization},
		"two in one RDN":          {pkitest.Name(join(pkitest.O("Acme"), pkitest.O("Victim"))), "", certchain.ErrAmbiguousOrganization},
		"two that differ by case": {pkitest.Name(pkitest.O("Acme"), pkitest.O("ACME")), "", certchain.ErrAmbiguousOrganization},
		"none":                    {pkitest.Name(pkitest.CN("x")), "", certchain.ErrNoOrganization},
		"empty":                   {pkitest.Name(pkitest.O("")), "", certchain.ErrNoOrganization},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := pkitest.NewRoot(t, "root")
			leaf := root.Issue(t, "", pkitest.Subject(tc.subject)).Certificate
			got, err := certchain.OrganizationOf(leaf)
			require.Equal(t, tc.want, got)
			require.ErrorIs(t, err, tc.err)

			chain, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.Organization(tc.want))
			switch {
			case tc.err == nil:
				require.NoError(t, err)
				require.Equal(t, tc.want, chain.Organization)
			case errors.Is(tc.err, certchain.ErrAmbiguousOrganization):
				_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.Organization("Acme"))
				first(t, err, certchain.OrganizationAmbiguous, leaf, 0)
			default:
				_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.Organization("Acme"))
				first(t, err, certchain.OrganizationMissing, leaf, 0)
			}
		})
	}
	// What the standard parser would not let through.
	for _, subject := range [][]byte{nil, pkitest.Name([]pkitest.ATV{{OID: []int{2, 5, 4, 10}, Tag: 30, Value: []byte("odd")}})} {
		_, err := certchain.OrganizationOf(&x509.Certificate{RawSubject: subject})
		require.ErrorIs(t, err, certchain.ErrNoOrganization)
	}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.Organization(""))
	first(t, err, certchain.OrganizationMissing, leaf, 0)
	require.ErrorIs(t, err, certchain.OrganizationMissing, "an empty registration matches nobody")
	chain, err := verifier(anchors(root)).Verify(ctx, "AUTH", root.Issue(t, "", pkitest.Subject(pkitest.Name(pkitest.CN("x")))).Certificate)
	require.NoError(t, err, "without a registered name there is nothing to match")
	require.Empty(t, chain.Organization)
}

// How two names differ, as operators meet it: every pair is refused by the exact
// match, some are accepted by the folding one.
func TestOrganizationDifference(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	for _, tc := range []struct {
		found, registered string
		want              certchain.Difference
		foldAccepts       bool
	}{
		{"ACME Bank", "Acme Bank", certchain.DifferentCase, true},
		{"STRASSE", "Straße", certchain.DifferentCase, true},
		{"Acme  Bank", "Acme Bank", certchain.DifferentSpaces, true},
		{" Acme Bank", "Acme Bank", certchain.DifferentSpaces, true},
		{"AcmeBank", "Acme Bank", certchain.DifferentSpaces, false},
		{"ACME  Bank", "Acme Bank", certchain.DifferentSpaces, true},
		{"Cafe\u0301", "Caf\u00e9", certchain.DifferentUnicodeForm, true},
		{"\uff21cme", "Acme", certchain.DifferentUnicodeForm, true},
		{"Acme\u00a0Bank", "Acme Bank", certchain.DifferentUnicodeForm, true},
		{"Ac\u200bme", "Acme", certchain.InvisibleCharacters, false},
		{"Аcme", "Acme", certchain.LookAlikeLetters, false},
		{"Acme, Inc.", `Acme\, Inc.`, certchain.DifferentEscaping, false},
		{"Acme, Inc.", `"Acme, Inc."`, certchain.DifferentEscaping, false},
		{"Acme Inc", "Acme, Inc.", certchain.DifferentPunctuation, false},
		{"ACME INC", "Acme, Inc.", certchain.DifferentPunctuation, false},
		{"Acme", "Zenith", certchain.DifferentName, false},
		{"Acme", "the common name", certchain.InOtherAttribute, false},
	} {
		leaf := root.Issue(t, "", pkitest.Subject(pkitest.Name(pkitest.O(tc.found), pkitest.CN("the common name")))).Certificate
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.Organization(tc.registered))
		f := first(t, err, certchain.OrganizationMismatch, leaf, 0)
		require.Equal(t, tc.want, f.Difference, "%q and %q", tc.found, tc.registered)
		require.Contains(t, f.Detail, tc.want.Sentence())
		_, err = verifier(anchors(root), certchain.MatchOrganization(certchain.OrganizationFold)).
			Verify(ctx, "AUTH", leaf, certchain.Organization(tc.registered))
		require.Equal(t, tc.foldAccepts, err == nil, "%q and %q", tc.found, tc.registered)
	}
}
