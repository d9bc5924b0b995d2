package main

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/oidc"
)

// openssl runs the command line tool in a folder.
func openssl(t *testing.T, folder string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "openssl", args...)
	command.Dir = folder
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// opensslPKI makes a root (with a negative serial number, as the platform's
// are), an intermediate and a partner's certificate with the openssl command
// line, and the files that people then have.
func opensslPKI(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	folder := t.TempDir()
	run := func(args ...string) { openssl(t, folder, args...) }
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("ca.ext", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n")
	write("leaf.ext", "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n")
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "3650",
		"-subj", "/O=Example/CN=Root", "-set_serial", "-81985529216486896", "-addext", "keyUsage=critical,keyCertSign")
	issue := func(name, issuer, subject, extensions string) {
		run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-utf8",
			"-keyout", name+".key", "-out", name+".csr", "-subj", subject)
		run("x509", "-req", "-in", name+".csr", "-CA", issuer+".pem", "-CAkey", issuer+".key", "-CAcreateserial",
			"-sha384", "-days", "800", "-extfile", extensions, "-out", name+".pem")
	}
	issue("intermediate", "root", "/O=Example/CN=Intermediate", "ca.ext")
	issue("partner", "intermediate", "/C=SL/O=Acme Biométrie, SARL/CN=partner", "leaf.ext")
	run("x509", "-in", "partner.pem", "-outform", "DER", "-out", "partner.der")
	run("x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der")
	for form, name := range map[string]string{"PEM": "chain.p7b", "DER": "chain.p7c"} {
		run("crl2pkcs7", "-nocrl", "-certfile", "intermediate.pem", "-certfile", "root.pem", "-outform", form, "-out", name)
	}
	run("crl2pkcs7", "-nocrl", "-certfile", "partner.pem", "-certfile", "intermediate.pem", "-out", "partner.p7b")
	return folder
}

const opensslOrg = "Acme Biométrie, SARL"

func TestFilesOfOpenSSL(t *testing.T) {
	t.Parallel()
	folder := opensslPKI(t)
	file := func(name string) string { return filepath.Join(folder, name) }
	write := func(name string, data []byte) string {
		require.NoError(t, os.WriteFile(file(name), data, 0o600))
		return file(name)
	}
	certificate, err := os.ReadFile(file("partner.pem"))
	require.NoError(t, err)
	key, err := oidc.KeyFromPEM(certificate)
	require.NoError(t, err)
	jwk := write("key.json", key.JWK())
	id, err := key.ClientID(oidc.CurrentRule)
	require.NoError(t, err)
	weak := write("weak.json", []byte(`{"kty":"RSA","n":"AQAB","e":"AQAB"}`))
	typo := write("typo.json", []byte(`{"allowedAuthTypes":[],"allowedKycAttributes":[],"authTokenTyp":"policy"}`))
	authPolicy, err := embedded("auth.json")
	require.NoError(t, err)
	sharePolicy, err := embedded("credential.json")
	require.NoError(t, err)
	mispPolicy, err := embedded("misp.json")
	require.NoError(t, err)

	with := func(cas []string, cert, org string, more ...string) []string {
		args := []string{"-domain", "device", "-cert", file(cert), "-org", org}
		for _, ca := range cas {
			args = append(args, "-ca", file(ca))
		}
		return append(args, more...)
	}
	for name, args := range map[string][]string{
		"PEM files":             with([]string{"root.pem", "intermediate.pem"}, "partner.pem", opensslOrg),
		"the root last":         with([]string{"intermediate.pem", "root.pem"}, "partner.pem", opensslOrg),
		"PKCS#7":                with([]string{"chain.p7b"}, "partner.pem", opensslOrg),
		"DER":                   with([]string{"root.der", "intermediate.pem"}, "partner.der", opensslOrg),
		"PKCS#7 in DER":         with([]string{"chain.p7c"}, "partner.der", opensslOrg),
		"a chain as the file":   with([]string{"root.pem"}, "partner.p7b", opensslOrg),
		"given twice":           with([]string{"chain.p7b", "root.der"}, "partner.pem", opensslOrg),
		"a JWK":                 with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-jwk", jwk),
		"an auth policy":        with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", write("auth.json", authPolicy)),
		"a datashare policy":    with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", write("share.json", sharePolicy)),
		"a MISP policy":         with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", write("misp.json", mispPolicy)),
		"at a time in a year":   with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-at", aYearFromNow()),
		"at a time of that day": with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-at", aYearFromNow()+"T12:00:00+02:00"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := onlyPartner(t, exitAccepted, args...)
			require.Len(t, o.Chain.Certificates, 3)
			require.Equal(t, "P-384", o.Key)
			if name == "a JWK" {
				require.Equal(t, id, o.ClientID)
			}
			status, stdout, _ := onboard(t, args...)
			require.Equal(t, exitAccepted, status)
			require.Contains(t, stdout, opensslOrg)
		})
	}
	for name, tc := range map[string]struct {
		args []string
		want certchain.Reason // of the certificate, if it was refused
	}{
		"another organisation": {with([]string{"chain.p7b"}, "partner.pem", "Acme"), certchain.OrganizationMismatch},
		"root missing":         {with([]string{"intermediate.pem"}, "partner.pem", opensslOrg), certchain.UnknownIssuer},
		"intermediate missing": {with([]string{"root.pem"}, "partner.pem", opensslOrg), certchain.UnknownIssuer},
		"a partner as CA":      {with([]string{"chain.p7b", "partner.pem"}, "partner.pem", "Acme"), certchain.OrganizationMismatch},
		"in ten years":         {with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-at", "2050-01-01"), certchain.Expired},
		"a weak JWK":           {with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-jwk", weak), ""},
		"a typo in the policy": {with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", typo), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := onlyPartner(t, exitRefused, tc.args...)
			require.Equal(t, tc.want, o.reason())
			if tc.want == "" {
				require.NotEmpty(t, o.KeyProblem+o.policyProblem())
			}
			status, stdout, _ := onboard(t, tc.args...)
			require.Equal(t, exitRefused, status)
			require.Contains(t, stdout, "✗")
		})
	}
	for name, args := range map[string][]string{
		"a key as certificate": with([]string{"chain.p7b"}, "partner.key", opensslOrg),
		"a key as CA":          with([]string{"root.key"}, "partner.pem", opensslOrg),
		"no JSON as JWK":       with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-jwk", file("root.pem")),
		"no JSON as policy":    with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", file("root.pem")),
		"no such JWK":          with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-jwk", file("none")),
		"no such policy":       with([]string{"chain.p7b"}, "partner.pem", opensslOrg, "-policy", file("none")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := onboard(t, args...)
			require.Equal(t, exitUnusable, status, stdout)
			require.NotEmpty(t, stderr)
		})
	}
}

func (o printedOutcome) policyProblem() string {
	if o.Policy == nil {
		return ""
	}
	return o.Policy.Problem
}

// corpus is the folder of certificates found in the platform's repositories.
func corpus(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("PARTNERTRUST_CORPORA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "corpora")
	}
	folder = filepath.Join(folder, "mosip", "certs")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the corpora are not here; PARTNERTRUST_CORPORA names their folder")
	}
	return folder
}

func TestFilesOfThePlatform(t *testing.T) {
	t.Parallel()
	folder := corpus(t)
	for _, tc := range []struct {
		name, at, org string
		files         []string // the partner's, then the CAs
		want          certchain.Reason
	}{
		{"three levels", "2025-06-01", "AABBCC", []string{"AABBCC-86ca3c2e.pem", "CA-4cbc9787.pem", "SUBCA-2537dfe7.pem"}, ""},
		{"the intermediate first", "2025-06-01", "AABBCC", []string{"AABBCC-86ca3c2e.pem", "SUBCA-2537dfe7.pem", "CA-4cbc9787.pem"}, ""},
		{"another three", "2025-01-01", "PMS_API_ABC_ORG", []string{"PMS_API_ABC_ORG-8f2f2150.pem", "PMS_API_CA-4d0eeef5.pem", "PMS_API_SUB_CA-74f2729f.pem"}, ""},
		{"a device provider", "2025-01-01", "deviceprovider", []string{"deviceprovider-c10e35ba.pem", "apitest-0eb2c470.pem", "apitest2-82126605.pem"}, ""},
		{"the issuer's name is its own", "2025-01-01", "IIITB", []string{"Partner-8488e21a.pem", "Partner-2691e977.pem"}, ""},
		{"its CAs have expired", "2030-01-01", "AABBCC", []string{"AABBCC-86ca3c2e.pem", "CA-4cbc9787.pem", "SUBCA-2537dfe7.pem"}, certchain.Expired},
		{"before its time", "2024-11-01", "AABBCC", []string{"AABBCC-86ca3c2e.pem", "CA-4cbc9787.pem", "SUBCA-2537dfe7.pem"}, certchain.NotYetValid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"-domain", "AUTH", "-at", tc.at, "-org", tc.org, "-cert", filepath.Join(folder, tc.files[0])}
			for _, ca := range tc.files[1:] {
				args = append(args, "-ca", filepath.Join(folder, ca))
			}
			if tc.want == "" {
				o := onlyPartner(t, exitAccepted, args...)
				require.Len(t, o.Chain.Certificates, len(tc.files))
			} else {
				require.Equal(t, tc.want, onlyPartner(t, exitRefused, args...).reason())
			}
		})
	}
}

// TestNegativeSerials: the platform's own certificates are judged, not
// unreadable.
func TestNegativeSerials(t *testing.T) {
	t.Parallel()
	folder := corpus(t)
	index, err := os.Open(filepath.Join(folder, "index.csv"))
	require.NoError(t, err)
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	require.NoError(t, err)
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[name] = i
	}
	found := 0
	for _, row := range rows[1:] {
		if row[column["serial_sign"]] != "negative" {
			continue
		}
		found++
		name := filepath.Join(folder, row[column["file"]])
		day := row[column["notBefore"]][:10] + "T23:59:59Z"
		// Their roots were not published.
		o := onlyPartner(t, exitRefused, "-domain", "AUTH", "-at", day, "-org", "IITB", "-cert", name,
			"-ca", filepath.Join(folder, "www.mosip.io-dabe85a1.pem"))
		require.Equal(t, certchain.UnknownIssuer, o.reason())
	}
	require.Positive(t, found)
}

func aYearFromNow() string { return time.Now().AddDate(1, 0, 0).Format(time.DateOnly) }
