package cli_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// Every command's yes, no and "cannot", with the lines that tell.
var answers = []struct {
	line string
	code int
	says []string
	errs string // what the standard error says
}{
	{"verify --store trust --domain AUTH --org 'Acme Bank' partner.pem", cli.ExitYes, []string{"yes\n", "O=Acme Bank", "(trusted in AUTH)"}, ""},
	{"verify --store trust --domain auth partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --sqlite trust.db --domain AUTH partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --ca chain.pem --domain AUTH partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --store trust --domain AUTH --org 'acme  BANK' --match fold partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --store trust --domain AUTH --org 'ACME Bank' partner.pem", cli.ExitNo, []string{"no: ", "OrganizationMismatch, KER-PCM-008"}, ""},
	{"verify --store trust --domain DEVICE partner.pem", cli.ExitNo, []string{"IssuerInOtherDomain"}, ""},
	{"verify --store trust --domain AUTH expired.pem", cli.ExitNo, []string{"Expired, KER-PCM-004"}, ""},
	{"verify --store trust --domain AUTH selfsigned.pem", cli.ExitNo, []string{"SelfSigned, KER-PCM-015"}, ""},
	{"verify --store trust --domain AUTH --at 2040-01-01 partner.pem", cli.ExitNo, []string{"Expired"}, ""},
	{"verify --store trust --domain AUTH --crl auth-0.crl --crl auth-1.crl partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --store trust --domain AUTH --crl auth-1.crl partner.pem", cli.ExitNo, []string{"RevocationUnknown"}, ""},
	{"verify --store trust --domain AUTH --crl auth-1.crl --unknown-revocation accept partner.pem", cli.ExitYes, []string{"yes\n"}, ""},
	{"verify --store trust --domain NOWHERE partner.pem", cli.ExitUnusable, nil, "unknown partner domain"},
	{"verify --store nowhere --domain AUTH partner.pem", cli.ExitUnusable, nil, "nowhere"},
	{"verify --sqlite nowhere.db --domain AUTH partner.pem", cli.ExitUnusable, nil, "nowhere.db"},
	{"verify --store trust --domain AUTH nowhere.pem", cli.ExitUnusable, nil, "nowhere.pem"},
	{"verify --store trust --domain AUTH key.pem", cli.ExitUnusable, nil, "private key"},
	{"verify --store trust --domain AUTH policy.json", cli.ExitUnusable, nil, "no certificate"},
	{"verify --store trust --domain AUTH --at yesterday partner.pem", cli.ExitUnusable, nil, "--at"},
	{"verify --store trust --domain AUTH --crl partner.pem partner.pem", cli.ExitUnusable, nil, "revocation list"},
	{"verify --store trust --domain AUTH --profile lax partner.pem", cli.ExitUnusable, nil, "--profile"},
	{"verify --store trust partner.pem", cli.ExitUnusable, nil, "domain"},
	{"verify --domain AUTH partner.pem", cli.ExitUnusable, nil, "at least one of the flags"},
	{"verify --store trust --sqlite trust.db --domain AUTH partner.pem", cli.ExitUnusable, nil, "none of the others"},
	{"verify --store trust --domain AUTH", cli.ExitUnusable, nil, "arg"},

	{"explain --store trust --domain AUTH --org 'ACME Bank' partner.pem", cli.ExitNo, []string{"Refused in AUTH", "└─ CN=Example AUTH CA", "What would mend it:", "upper and lower case"}, ""},
	{"explain --store trust --domain AUTH stranger.pem", cli.ExitNo, []string{"UnknownIssuer", "Admit the CA that issued it"}, ""},
	{"explain --store trust --domain AUTH partner.pem", cli.ExitYes, []string{"Accepted in AUTH"}, ""},
	{"explain --store trust --domain AUTH --id ID", cli.ExitYes, []string{"Accepted in AUTH"}, ""},
	{"explain --store trust --domain AUTH --at 2040-01-01 --id ID", cli.ExitNo, []string{"Expired", "Renew what has expired"}, ""},
	{"explain --store trust --domain AUTH --id nobody", cli.ExitUnusable, nil, "no such CA"},
	{"explain --store trust --domain AUTH", cli.ExitUnusable, nil, "--id"},

	{"admit --store trust --domain DEVICE chain.p7b", cli.ExitYes, []string{"✓ chain.p7b: entry 1", "admitted as INTERMEDIATE (", "= chain.p7b: entry 2", "already present"}, ""},
	{"admit --store fresh --create --domain DEVICE device.pem chain.p7b", cli.ExitNo, []string{"✗ device.pem: entry 1", "NotCA", "✓ chain.p7b: entry 1", "✓ chain.p7b: entry 2", "as ROOT"}, ""},
	{"admit --store trust --domain DEVICE --all-or-nothing device.pem chain.p7b", cli.ExitNo, []string{"✗ device.pem", "- chain.p7b: entry 1", "withheld"}, ""},
	{"admit --store trust --domain FTM chain.p7b", cli.ExitYes, []string{"✓"}, ""},
	{"admit --store fresh --domain DEVICE chain.p7b", cli.ExitUnusable, nil, "--create"},
	{"admit --store trust --domain DEVICE --dry-run --create chain.p7b", cli.ExitUnusable, nil, "--create"},
	{"admit --store trust --domain DEVICE policy.json", cli.ExitUnusable, nil, "policy.json"},
	{"admit --ca chain.p7b --domain DEVICE chain.p7b", cli.ExitUnusable, nil, "unknown flag: --ca"},
	{"admit --sqlite trust.db --domain AUTH --partner --org 'Acme Bank' partner.pem", cli.ExitYes, []string{"✓ partner.pem: admitted ("}, ""},
	{"admit --sqlite trust.db --domain AUTH --partner --org 'Acme' partner.pem", cli.ExitNo, []string{"✗ partner.pem: refused", "KER-PCM-008", "What would mend it:"}, ""},
	{"admit --sqlite trust.db --domain AUTH --partner partner.pem", cli.ExitUnusable, nil, "--org"},
	{"admit --store trust --domain AUTH --partner --org 'Acme Bank' partner.pem", cli.ExitYes, []string{"✓ partner.pem: admitted ("}, ""},

	{"list --store trust", cli.ExitYes, []string{"12 in all", "expired", "soon"}, ""},
	{"list --store trust --domain AUTH --role root", cli.ExitYes, []string{"1 in all", "Example AUTH Root"}, ""},
	{"list --store trust --issued-to 'former' --issued-by 'auth root'", cli.ExitYes, []string{"1 in all"}, ""},
	{"list --store trust --expires-before 2026-08-01 --expires-from 2026-06-15", cli.ExitYes, []string{"1 in all", "Regional"}, ""},
	{"list --store trust --added-before 2020-01-01", cli.ExitYes, []string{"none\n"}, ""},
	{"list --store trust --added-from 2020-01-01 --sort issuedTo --desc --size 5 --page 1", cli.ExitYes, []string{"6 to 10 of 12"}, ""},
	{"list --store trust --size 5 --page 9", cli.ExitYes, []string{"none on this page; 12 in all"}, ""},
	{"list --store trust --id ID", cli.ExitYes, []string{"1 in all"}, ""},
	{"list --sqlite trust.db --partners --org Initech", cli.ExitYes, []string{"1 in all", "Initech"}, ""},
	{"list --store trust --partners", cli.ExitYes, []string{"none"}, ""},
	{"list --store trust --sort colour", cli.ExitUnusable, nil, "colour"},
	{"list --store trust --exclude 12", cli.ExitUnusable, nil, "12"},
	{"list --store trust --role LEAF", cli.ExitUnusable, nil, "--role"},
	{"list --store trust --size 0", cli.ExitUnusable, nil, "--size"},
	{"list --store trust --expires-from soon", cli.ExitUnusable, nil, "soon"},

	{"export --store trust ID", cli.ExitYes, []string{"-----BEGIN PKCS7-----"}, ""},
	{"export --store trust --at 2040-01-01 ID", cli.ExitNo, nil, "Refused in AUTH"},
	{"export --store trust nobody", cli.ExitUnusable, nil, "no such CA"},

	{"expiry --store trust --within 5d", cli.ExitYes, []string{"nothing expires within 5d"}, ""},
	{"expiry --store trust --within 90d", cli.ExitNo, []string{"2026-07-25", "Example Regional CA"}, ""},
	{"expiry --sqlite trust.db --within 3m", cli.ExitNo, []string{"Globex Bank, Initech", "Umbrella Bank"}, ""},
	{"expiry --store trust --within 0d --expired", cli.ExitNo, []string{"Example Former CA"}, ""},
	{"expiry --store trust --within 10y --domain FTM", cli.ExitNo, []string{"Example FTM Root"}, ""},
	{"expiry --sqlite trust.db --notices", cli.ExitNo, []string{"Umbrella Bank"}, ""},
	{"expiry --sqlite trust.db --notices --since 2026-06-15T12:00:00Z", cli.ExitYes, []string{"nobody"}, ""},
	{"expiry --store trust --within soon", cli.ExitUnusable, nil, "90d"},
	{"expiry --store trust --since 2026-01-01", cli.ExitUnusable, nil, "--notices"},
	{"expiry --store trust --within 90d --svg nowhere/expiry.svg", cli.ExitUnusable, nil, "nowhere"},

	{"graph --store trust", cli.ExitYes, []string{"<svg", "Example Regional CA", "expired 2026-04-15"}, ""},
	{"graph --store trust --crl device-0.crl --domain DEVICE", cli.ExitYes, []string{"1 revoked"}, ""},
	{"graph --store trust --format dot", cli.ExitYes, []string{"digraph", "->"}, ""},
	{"graph --sqlite trust.db --partners", cli.ExitYes, []string{"4 partners", "Umbrella Bank"}, ""},
	{"graph --store trust --format png", cli.ExitUnusable, nil, "svg or dot"},
	{"graph --ca chain.pem", cli.ExitUnusable, nil, "in which domain?"},

	{"compare pms pms", cli.ExitYes, []string{"the same in both: 3"}, ""},
	{"compare pms ida", cli.ExitNo, []string{"umbrella", "none"}, ""},
	{"compare pms nowhere", cli.ExitUnusable, nil, "nowhere"},

	{"clientid --rule rfc7638 client.jwk", cli.ExitYes, nil, ""},
	{"clientid public.pem", cli.ExitYes, nil, ""},
	{"clientid partner.pem", cli.ExitYes, nil, ""},
	{"clientid --check nobody client.jwk", cli.ExitNo, []string{"no: "}, ""},
	{"clientid --rule nobody client.jwk", cli.ExitUnusable, nil, "--rule"},
	{"clientid key.pem", cli.ExitUnusable, nil, "private key"},

	{"policy lint policy.json", cli.ExitYes, []string{"nothing found"}, ""},
	{"policy lint policy-odd.json", cli.ExitNo, []string{`authType "opt" is unknown`}, ""},
	{"policy lint policy-bad.json", cli.ExitNo, []string{`did you mean "allowedAuthTypes"?`}, ""},
	{"policy lint --attributes fullName policy.json", cli.ExitNo, []string{"phone"}, ""},
	{"policy lint --kind MISP misp.json", cli.ExitYes, nil, ""},
	{"policy lint nowhere.json", cli.ExitUnusable, nil, "nowhere.json"},
	{"policy diff policy.json policy.json", cli.ExitYes, []string{"no difference"}, ""},
	{"policy diff policy.json policy-new.json", cli.ExitNo, []string{"widens: releases photo"}, ""},
	{"policy diff policy.json share.json", cli.ExitUnusable, nil, "kind"},
	{"policy decide --operation auth --factor otp policy.json", cli.ExitYes, []string{"allowed"}, ""},
	{"policy decide --operation auth --factor demo policy.json", cli.ExitNo, []string{"refused", "IDA-MPA-006"}, ""},
	{"policy decide --operation vci-exchange misp.json", cli.ExitNo, []string{"IDA-MPA-037"}, ""},
	{"policy decide --attribute gender share.json", cli.ExitNo, []string{"refused"}, ""},
	{"policy decide policy.json", cli.ExitUnusable, nil, "--operation"},
	{"policy decide --operation auth policy-bad.json", cli.ExitUnusable, nil, "allowedAuthTypes"},

	{"device verify --store trust capture.json", cli.ExitYes, []string{"accepted", "Acme A1 SN-0001", "chip"}, ""},
	{"device verify --store trust unlinked.json", cli.ExitYes, []string{"accepted", "not judged"}, ""},
	{"device verify --store trust --at 2026-06-15T13:00:00Z capture.json", cli.ExitNo, []string{"SegmentStale", "--at"}, ""},
	{"device verify --store trust --environments Production capture.json", cli.ExitNo, []string{"EnvironmentMismatch"}, ""},
	{"device verify --store trust --transaction other capture.json", cli.ExitNo, []string{"TransactionMismatch"}, ""},
	{"device verify --store trust rogue.json", cli.ExitNo, []string{"DataNotTrusted", "IDA-MPA-001", "UnknownIssuer"}, ""},
	{"device verify --store trust policy.json", cli.ExitNo, []string{"SegmentCount"}, ""},
	{"device verify --store trust partner.pem", cli.ExitUnusable, nil, "partner.pem"},

	{"man pages", cli.ExitYes, nil, ""},
	{"frobnicate", cli.ExitUnusable, nil, "unknown command"},
	{"list --store trust --colour", cli.ExitUnusable, nil, "unknown flag"},
	{"list --store trust --color sometimes", cli.ExitUnusable, nil, "--color"},
}

func TestAnswers(t *testing.T) {
	for _, a := range answers {
		t.Run(a.line, func(t *testing.T) {
			w := newWorld(t)
			w.more()
			r := w.shell("partnertrust " + a.line)
			require.Equal(t, a.code, r.code, "%s%s", r.out, r.err)
			for _, line := range a.says {
				require.Contains(t, r.out, line)
			}
			require.Contains(t, r.err, a.errs)
			if a.code == cli.ExitUnusable {
				require.Empty(t, r.out, "results only on the standard output")
				require.True(t, strings.HasPrefix(r.err, "partnertrust: "), r.err)
			}
			require.NotContains(t, r.out+r.err, "\x1b", "nobody looks at a terminal")
		})
	}
}

// more is what the answers need beyond the examples.
func (w *world) more() {
	w.t.Helper()
	segments, request := w.pki.SignCapture()
	for i := range segments {
		segments[i].BiometricHash = nil
	}
	w.writeCapture("unlinked.json", segments, request)
	w.capture("rogue.json", trusttest.Capture{Device: w.pki.Device("Acme Biometrics", trusttest.UnknownIssuer())})
}

// Every yes and no is JSON, too, and says the same.
func TestJSON(t *testing.T) {
	for _, a := range answers {
		if a.code == cli.ExitUnusable || strings.HasPrefix(a.line, "man ") {
			continue
		}
		t.Run(a.line, func(t *testing.T) {
			w := newWorld(t)
			w.more()
			r := w.shell("partnertrust -json " + a.line) // one dash will do
			require.Equal(t, a.code, r.code, "%s%s", r.out, r.err)
			require.True(t, json.Valid([]byte(r.out)), r.out)
			var answer struct {
				Accepted, OK, Allowed *bool
			}
			if strings.HasPrefix(r.out, "{") {
				require.NoError(t, json.Unmarshal([]byte(r.out), &answer))
				for _, yes := range []*bool{answer.Accepted, answer.OK, answer.Allowed} {
					require.True(t, yes == nil || *yes == (a.code == cli.ExitYes), r.out)
				}
			}
		})
	}
}

// What is admitted is in the store afterwards, and what was rehearsed is not.
func TestAdmitKeeps(t *testing.T) {
	w := newWorld(t)
	require.Contains(t, w.shell("partnertrust admit --store trust --domain DEVICE --dry-run chain.p7b").err, "dry run")
	require.Contains(t, w.shell("partnertrust list --store trust --issued-to Two").out, "none")
	require.Equal(t, cli.ExitNo, w.shell("partnertrust verify --store trust --domain DEVICE device.pem").code)
	w.shell("partnertrust admit --store trust --domain DEVICE chain.p7b")
	require.Contains(t, w.shell("partnertrust list --store trust --issued-to Two").out, "1 in all")
	require.Equal(t, cli.ExitYes, w.shell("partnertrust verify --store trust --domain DEVICE device.pem").code)
}

func TestAdmitRenewal(t *testing.T) {
	w := newWorld(t)
	first := w.shell("partnertrust admit --json --sqlite trust.db --domain AUTH --partner --org 'Acme Bank' partner.pem")
	require.Equal(t, cli.ExitYes, first.code, first.out)
	listed := w.shell("partnertrust list --json --sqlite trust.db --partners --org 'Acme Bank'")
	var page struct{ Rows []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(listed.out), &page))
	require.Len(t, page.Rows, 1)
	w.write("renewed.pem", w.pki.Partner("Acme Bank", trusttest.P256()).PEM())
	rehearsed := w.run("admit", "--sqlite", "trust.db", "--domain", "AUTH", "--partner", "--org", "Acme Bank", "--dry-run", "--replaces", page.Rows[0].ID, "renewed.pem")
	require.Equal(t, cli.ExitYes, rehearsed.code, rehearsed.out+rehearsed.err)
	renewed := w.run("admit", "--sqlite", "trust.db", "--domain", "AUTH", "--partner", "--org", "Acme Bank", "--replaces", page.Rows[0].ID, "renewed.pem")
	require.Equal(t, cli.ExitYes, renewed.code, renewed.out+renewed.err)
	require.Contains(t, renewed.out, "in the place of "+page.Rows[0].ID)
	require.Contains(t, w.shell("partnertrust list --sqlite trust.db --partners --org 'Acme Bank'").out, "1 in all")
}

// A broken row hides no more than its own domain's partners, and is not passed
// over in silence.
func TestExpiryOfBrokenStore(t *testing.T) {
	w := newWorld(t)
	db, err := sql.Open("sqlite", "trust.db")
	require.NoError(t, err)
	_, err = db.Exec(`UPDATE partner_cert_store SET cert_data = 'x' WHERE organization_name = 'Initech'`)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	for _, line := range []string{"partnertrust expiry --sqlite trust.db --within 10y", "partnertrust expiry --json --sqlite trust.db --within 10y"} {
		r := w.shell(line)
		require.Equal(t, cli.ExitUnusable, r.code, r.out)
		require.Contains(t, r.out, "Example FTM Root", "the rest is reported")
		require.Contains(t, r.err, "incomplete")
	}
	r := w.shell("partnertrust expiry --sqlite trust.db --notices")
	require.Equal(t, cli.ExitUnusable, r.code)
}

func TestManualPages(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, cli.ExitYes, w.shell("partnertrust man pages").code)
	for _, name := range []string{"partnertrust", "partnertrust-verify", "partnertrust-policy-decide", "partnertrust-device-verify"} {
		text, err := os.ReadFile("pages/" + name + ".1")
		require.NoError(t, err)
		require.Contains(t, string(text), "EXAMPLE")
		require.Contains(t, string(text), "Exit status")
	}
}
