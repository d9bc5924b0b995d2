package trust_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

func TestParseCertificatesForms(t *testing.T) {
	t.Parallel()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b", pkitest.RawSerial([]byte{0x80, 1}))
	der, pemA := a.Certificate.Raw, string(a.PEM())
	wrap := func(s string, every int) string {
		var lines []string
		for len(s) > every {
			lines, s = append(lines, s[:every]), s[every:]
		}
		return strings.Join(append(lines, s), "\r\n")
	}
	for name, data := range map[string]string{
		"DER":                        string(der),
		"PEM":                        pemA,
		"PEM with text around":       "subject=CN = a\n" + pemA + "\nthe end",
		"PEM with CRLF":              strings.ReplaceAll(pemA, "\n", "\r\n"),
		"PEM with BOM":               "\xef\xbb\xbf" + pemA,
		"PEM, old label":             strings.ReplaceAll(pemA, "CERTIFICATE", "X509 CERTIFICATE"),
		"base64":                     base64.StdEncoding.EncodeToString(der),
		"base64 without padding":     base64.RawStdEncoding.EncodeToString(der),
		"base64 in lines":            wrap(base64.StdEncoding.EncodeToString(der), 64) + "\n",
		"base64url":                  base64.URLEncoding.EncodeToString(der),
		"base64url without padding":  base64.RawURLEncoding.EncodeToString(der),
		"base64 of PEM":              base64.StdEncoding.EncodeToString([]byte(pemA)),
		"base64url of PEM, unpadded": base64.RawURLEncoding.EncodeToString([]byte(pemA)),
	} {
		certs, err := trust.ParseCertificates([]byte(data))
		require.NoError(t, err, name)
		require.Len(t, certs, 1, name)
		require.Equal(t, der, certs[0].Raw, name)
	}
	// A certificate in DER that holds the text of another is that one, and not
	// the other.
	outer := pkitest.NewRoot(t, "outer", pkitest.Extension([]int{1, 2, 3}, false, []byte(pemA))).Certificate.Raw
	only, err := trust.ParseCertificates(outer)
	require.NoError(t, err)
	require.Equal(t, outer, only[0].Raw)

	certs, err := trust.ParseCertificates(append(b.PEM(), pemA...))
	require.NoError(t, err)
	require.Equal(t, [][]byte{b.Certificate.Raw, der}, [][]byte{certs[0].Raw, certs[1].Raw}, "the order is kept")
}

func TestParseCertificatesRefuses(t *testing.T) {
	t.Parallel()
	a := pkitest.NewRoot(t, "a")
	good, der := string(a.PEM()), a.Certificate.Raw
	block := func(label string, body []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: body}))
	}
	for name, tc := range map[string]struct {
		data   string
		want   error
		offset int // of the entry at fault; -1 where the input as a whole is
	}{
		"nothing":               {"", trust.ErrNoCertificate, -1},
		"spaces":                {" \n", trust.ErrNoCertificate, -1},
		"words":                 {"no certificate here!", trust.ErrNoCertificate, -1},
		"base64 of words":       {base64.StdEncoding.EncodeToString([]byte("no certificate here")), trust.ErrNoCertificate, -1},
		"base64, wrong padding": {base64.StdEncoding.EncodeToString(der) + "=", trust.ErrNoCertificate, -1},
		"too large":             {strings.Repeat("x", trust.MaxBundleBytes+1), trust.ErrTooLarge, -1},
		"DER cut off":           {string(der[:100]), trust.ErrMalformed, 0},
		"two DER in a row":      {string(der) + string(der), trust.ErrTrailingData, 0},
		"base64 of cut DER":     {base64.StdEncoding.EncodeToString(der[:99]), trust.ErrMalformed, 0},
		"private key":           {good + block("PRIVATE KEY", []byte("secret")), trust.ErrPrivateKey, len(good)},
		"RSA private key":       {good + block("RSA PRIVATE KEY", []byte("secret")), trust.ErrPrivateKey, len(good)},
		"broken private key":    {good + "-----BEGIN EC PRIVATE KEY-----\n!!\n-----END EC PRIVATE KEY-----\n", trust.ErrPrivateKey, len(good)},
		"PKCS#7":                {good + block("PKCS7", []byte("x")), trust.ErrPKCS7, len(good)},
		"another PEM type":      {good + block("PUBLIC KEY", []byte("x")), trust.ErrPEMType, len(good)},
		"broken base64 in PEM":  {good + strings.Replace(good, "MII", "M*I", 1), trust.ErrMalformed, len(good)},
		"PEM without its end":   {good + "-----BEGIN CERTIFICATE-----\nMIIB", trust.ErrMalformed, len(good)},
		"END of another label":  {good + strings.Replace(good, "END CERTIFICATE", "END CERT", 1), trust.ErrMalformed, len(good)},
		"broken, then good":     {"-----BEGIN CERTIFICATE-----\nMIIB\n" + good, trust.ErrMalformed, 0},
		"certificate too large": {block("CERTIFICATE", make([]byte, trust.MaxCertificateBytes+1)), trust.ErrTooLarge, 0},
	} {
		certs, err := trust.ParseCertificates([]byte(tc.data))
		require.ErrorIs(t, err, tc.want, name)
		require.Nil(t, certs, name)
		var where *trust.ParseError
		if tc.offset < 0 {
			require.NotErrorAs(t, err, &where, name)
			continue
		}
		require.ErrorAs(t, err, &where, name)
		require.Equal(t, tc.offset, where.Offset, name)
		require.NotContains(t, err.Error(), "secret")
	}
}

// A broken entry keeps its place and its error; the others are unharmed.
func TestReadEntries(t *testing.T) {
	t.Parallel()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	bad := "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	entries, err := trust.ReadEntries([]byte(string(a.PEM()) + bad + string(b.PEM())))
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.NoError(t, entries[0].Err)
	require.ErrorIs(t, entries[1].Err, trust.ErrMalformed)
	require.Equal(t, "entry 2 at byte "+itoa(len(a.PEM()))+": trust: malformed certificate: not a DER sequence", entries[1].Err.Error())
	require.Equal(t, b.Certificate.Raw, entries[2].Certificate.Raw)
	require.Equal(t, 2, entries[2].Index)
	require.Equal(t, "CERTIFICATE", entries[2].Label)

	at := bytes.Repeat(a.PEM(), trust.MaxBundleCertificates)
	entries, err = trust.ReadEntries(at)
	require.NoError(t, err)
	require.Len(t, entries, trust.MaxBundleCertificates)
	_, err = trust.ReadEntries(append(at, a.PEM()...))
	require.ErrorIs(t, err, trust.ErrTooLarge)
}

func itoa(n int) string {
	var digits []byte
	for ; n > 0; n /= 10 {
		digits = append([]byte{byte('0' + n%10)}, digits...)
	}
	return string(digits)
}

// Oracle: what is read writes back as PEM and reads the same; every entry has
// either a certificate or an error; BEGIN lines and entries are as many.
func FuzzParseCertificates(f *testing.F) {
	a := pkitest.NewRoot(f, "a")
	f.Add(a.PEM())
	f.Add(a.Certificate.Raw)
	f.Add([]byte(base64.StdEncoding.EncodeToString(a.PEM())))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMIIB\n-----BEGIN X-----\n-----END X-----"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := trust.ReadEntries(data)
		if err != nil {
			require.Nil(t, entries)
			return
		}
		require.NotEmpty(t, entries)
		if n := bytes.Count(data, []byte("-----BEGIN ")); n > 0 && entries[0].Label != "" {
			require.Len(t, entries, n)
		}
		var out bytes.Buffer
		for i, e := range entries {
			require.Equal(t, i, e.Index)
			require.Equal(t, e.Err == nil, e.Certificate != nil)
			if e.Err == nil {
				require.NoError(t, pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: e.Certificate.Raw}))
			}
		}
		certs, err := trust.ParseCertificates(data)
		require.Equal(t, err == nil, len(certs) == len(entries))
		if err == nil {
			again, err := trust.ParseCertificates(out.Bytes())
			require.NoError(t, err)
			require.Equal(t, certs, again)
		}
	})
}
