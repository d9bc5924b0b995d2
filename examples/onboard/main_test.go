package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// printed is what a reader of the JSON sees.
type printed struct {
	Accepted           bool
	Partners, Refusals []printedOutcome
}

type printedOutcome struct {
	Title, Organization, Domain, Key, ClientID, KeyProblem string

	Accepted bool
	CAs      []struct {
		File  string
		Lines []struct{ Subject, Verdict, Role, Reason string }
	}
	Chain *struct {
		Certificates []struct{ Subject, Serial string }
	}
	Refusal *struct {
		Findings []struct{ Reason string }
	}
	Policy *struct {
		Kind, Problem string
		Decision      json.RawMessage
	}
}

// reason is the most telling one of a refusal.
func (o printedOutcome) reason() certchain.Reason {
	if o.Refusal == nil || len(o.Refusal.Findings) == 0 {
		return ""
	}
	return certchain.Reason(o.Refusal.Findings[0].Reason)
}

// onboard runs the program.
func onboard(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// onboardJSON runs the program for a verdict, not for a failure.
func onboardJSON(t *testing.T, args ...string) (int, printed) {
	t.Helper()
	status, stdout, stderr := onboard(t, append([]string{"-json"}, args...)...)
	require.Empty(t, stderr)
	var p printed
	require.NoError(t, json.Unmarshal([]byte(stdout), &p))
	return status, p
}

// onlyPartner is the outcome of a run over files.
func onlyPartner(t *testing.T, want int, args ...string) printedOutcome {
	t.Helper()
	status, p := onboardJSON(t, args...)
	require.Len(t, p.Partners, 1)
	require.Equal(t, want, status, "%+v", p.Partners[0])
	require.Equal(t, want == exitAccepted, p.Accepted)
	return p.Partners[0]
}

func TestDemonstration(t *testing.T) {
	t.Parallel()
	status, p := onboardJSON(t)
	require.Equal(t, exitAccepted, status)
	require.True(t, p.Accepted)

	var labels, scripts []string
	kinds := make(map[string]bool)
	for _, o := range p.Partners {
		kind, err := trust.ParsePartnerType(o.Title)
		require.NoError(t, err)
		require.Equal(t, string(kind.Domain), o.Domain)
		require.True(t, o.Accepted)
		require.Len(t, o.Chain.Certificates, 3)
		require.Equal(t, kind.Policy != trust.NoPolicy, o.Policy != nil, o.Title)
		for _, ca := range o.CAs {
			for _, line := range ca.Lines {
				require.NotEqual(t, "refused", line.Verdict)
			}
		}
		labels, scripts, kinds[o.Key] = append(labels, o.Title), append(scripts, o.Organization), true
	}
	require.Equal(t, []string{
		"Auth_Partner", "Credential_Partner", "Online_Verification_Partner", "Device_Provider",
		"FTM_Provider", "Manual_Adjudication", "ABIS_Partner", "MISP_Partner",
	}, labels)
	for _, key := range []string{"RSA-2048", "RSA-4096", "P-256", "P-384", "Ed25519"} {
		require.True(t, kinds[key], key)
	}
	require.Contains(t, strings.Join(scripts, "|"), ",")
	require.Len(t, p.Partners[0].ClientID, 43)

	want := map[string]certchain.Reason{
		"Another organisation":                  certchain.OrganizationMismatch,
		"The organisation in capitals":          certchain.OrganizationMismatch,
		"The organisation with a Cyrillic А":    certchain.OrganizationMismatch,
		"A certificate of another domain":       certchain.IssuerInOtherDomain,
		"Expired":                               certchain.Expired,
		"Not yet valid":                         certchain.NotYetValid,
		"Self-signed":                           certchain.SelfSigned,
		"A weak key":                            certchain.WeakKey,
		"An intermediate whose root is missing": certchain.UnknownIssuer,
		"A chain with an end-entity certificate in the middle": certchain.NotCA,
		"A tampered certificate":                               certchain.BadSignature,
	}
	require.Len(t, p.Refusals, len(want))
	for _, o := range p.Refusals {
		require.False(t, o.Accepted, o.Title)
		require.Equal(t, want[o.Title], o.reason(), o.Title)
	}
}

func TestDemonstrationForPeople(t *testing.T) {
	t.Parallel()
	status, stdout, stderr := onboard(t)
	require.Equal(t, exitAccepted, status)
	require.Empty(t, stderr)
	for _, p := range partners {
		require.Contains(t, stdout, "✓ "+p.label+" in ")
		require.Contains(t, stdout, p.organization)
	}
	for _, r := range refusals {
		require.Contains(t, stdout, "✗ "+r.title+" in ")
	}
	require.Less(t, strings.Count(stdout, "\n"), 200, "short enough for a person")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for _, tc := range []struct {
		name string
		args []string
		want int
	}{
		{"help", []string{"-h"}, exitAccepted},
		{"unknown flag", []string{"-verbose"}, exitUnusable},
		{"stray argument", []string{"chain.pem"}, exitUnusable},
		{"something missing", []string{"-domain", "AUTH"}, exitUnusable},
		{"only a time", []string{"-at", "2026-01-01"}, exitUnusable},
		{"unknown domain", []string{"-domain", "HOME", "-ca", empty, "-cert", empty, "-org", "Acme"}, exitUnusable},
		{"bad time", []string{"-domain", "AUTH", "-ca", empty, "-cert", empty, "-org", "Acme", "-at", "soon"}, exitUnusable},
		{"no such file", []string{"-domain", "AUTH", "-ca", empty + "x", "-cert", empty, "-org", "Acme"}, exitUnusable},
		{"nothing in the file", []string{"-domain", "AUTH", "-ca", empty, "-cert", empty, "-org", "Acme"}, exitUnusable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := onboard(t, tc.args...)
			require.Equal(t, tc.want, status)
			require.Empty(t, stdout)
			require.NotEmpty(t, stderr)
		})
	}
}
