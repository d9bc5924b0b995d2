package trust_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/csv"
	"encoding/hex"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// RFC 5280 §4.1.2.2 asks for positive serial numbers; what a negative one must
// read as is two's complement, X.690 §8.3.
func TestParseCertificateSerials(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		content []byte
		want    int64
	}{
		{[]byte{0x01}, 1},
		{[]byte{0x7f}, 127},
		{[]byte{0x00, 0x80}, 128},
		{[]byte{0x00}, 0},
		{[]byte{0xff}, -1},
		{[]byte{0x80}, -128},
		{[]byte{0xff, 0x7f}, -129},
		{[]byte{0x80, 0x00}, -32768},
		{[]byte{0x80, 0, 0, 0, 0, 0, 0, 0}, -1 << 63},
	} {
		root := pkitest.NewRoot(t, "serial", pkitest.RawSerial(tc.content))
		before := slices.Clone(root.Certificate.Raw)
		c, err := trust.ParseCertificate(root.Certificate.Raw)
		require.NoError(t, err, "%x", tc.content)
		require.Zero(t, big.NewInt(tc.want).Cmp(c.SerialNumber), "%x reads as %s", tc.content, c.SerialNumber)
		require.Equal(t, before, root.Certificate.Raw, "the input must not change")
		require.Equal(t, before, c.Raw)
		require.NoError(t, c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature),
			"the signature is over the original bytes")
		c.Raw[0] = 0
		require.Equal(t, before, root.Certificate.Raw, "the result shares no memory with the input")
	}
}

func TestParseCertificateRefuses(t *testing.T) {
	t.Parallel()
	der := pkitest.NewRoot(t, "r").Certificate.Raw
	nonMinimal := pkitest.RawCertificate(t, pkitest.RawSerial([]byte{0xff, 0x80}))
	for name, tc := range map[string]struct {
		der  []byte
		want error
	}{
		"nothing":                  {nil, trust.ErrMalformed},
		"not DER":                  {[]byte("hello"), trust.ErrMalformed},
		"truncated":                {der[:len(der)-1], trust.ErrMalformed},
		"trailing byte":            {append(slices.Clone(der), 0), trust.ErrTrailingData},
		"no tbsCertificate":        {[]byte{0x30, 0x02, 0x02, 0x00}, trust.ErrMalformed},
		"no serial":                {[]byte{0x30, 0x02, 0x30, 0x00}, trust.ErrMalformed},
		"empty serial":             {[]byte{0x30, 0x04, 0x30, 0x02, 0x02, 0x00}, trust.ErrMalformed},
		"non-minimal serial":       {nonMinimal, trust.ErrMalformed},
		"nothing after the serial": {[]byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0xff}, trust.ErrMalformed},
		"one byte past the limit":  {make([]byte, trust.MaxCertificateBytes+1), trust.ErrTooLarge},
		"at the limit":             {make([]byte, trust.MaxCertificateBytes), trust.ErrMalformed},
	} {
		_, err := trust.ParseCertificate(tc.der)
		require.ErrorIs(t, err, tc.want, name)
	}
}

// Every certificate of the corpus parses, with the serial number's sign that
// its index gives and the thumbprint of its own bytes.
func TestCorpusCertificates(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(corpora.Dir(t), "mosip", "certs")
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	negative := 0
	for _, row := range rows[1:] {
		file := row[column["file"]]
		data, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		certs, err := trust.ParseCertificates(data)
		require.NoError(t, err, file)
		require.Len(t, certs, 1, file)
		require.Equal(t, row[column["sha256"]], trust.SHA256(certs[0]), file)
		isNegative := certs[0].SerialNumber.Sign() < 0
		require.Equal(t, row[column["serial_sign"]] == "negative", isNegative, file)
		if isNegative {
			negative++
			_, err := x509.ParseCertificate(certs[0].Raw)
			require.Error(t, err, "the standard parser reads it now; is our own reading still needed?")
		}
	}
	require.NotZero(t, negative, "the corpus has certificates with negative serial numbers")
}

// FIPS 180-4 gives no certificate; the SHA-1 and SHA-256 of "abc" do.
func TestThumbprints(t *testing.T) {
	t.Parallel()
	c := &x509.Certificate{Raw: []byte("abc")}
	require.Equal(t, "a9993e364706816aba3e25717850c26c9cd0d89d", trust.SHA1(c))
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", trust.SHA256(c))
}

// Oracle: what parses has the input's bytes, a serial number that encodes back
// to them, and the standard parser's opinion wherever the serial is positive.
func FuzzParseCertificate(f *testing.F) {
	f.Add(pkitest.NewRoot(f, "seed").Certificate.Raw)
	f.Add(pkitest.NewRoot(f, "seed", pkitest.RawSerial([]byte{0x80, 1, 2})).Certificate.Raw)
	f.Add(mustHex("3005300302017f"))
	// An extension of the OID that stands in for others while parsing.
	f.Add(pkitest.NewRoot(f, "seed", pkitest.RawSerial([]byte{0x80}), pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 127}, true, []byte{5, 0})).Certificate.Raw)
	f.Add(pkitest.NewRoot(f, "seed", pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 31}, true, mustHex("3011300fa00da10b300906035504030c024361"))).Certificate.Raw)
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := trust.ParseCertificate(der)
		std, stdErr := x509.ParseCertificate(der)
		if err != nil {
			require.Error(t, stdErr, "the standard parser reads it, ours says %v", err)
			return
		}
		require.Equal(t, der, c.Raw)
		require.Contains(t, string(der), string(c.RawTBSCertificate))
		if stdErr == nil {
			require.Equal(t, std, c)
			return
		}
		// What only this package reads: the two kinds that it says.
		points := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.String() == "2.5.29.31" })
		require.True(t, c.SerialNumber.Sign() < 0 || points)
		own := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.String() == "2.5.29.127" })
		require.Equal(t, own && slices.Contains(unhandled(c), "2.5.29.127"), slices.Contains(unhandled(c), "2.5.29.127"), "the disguise does not show")
	})
}

func unhandled(c *x509.Certificate) (ids []string) {
	for _, id := range c.UnhandledCriticalExtensions {
		ids = append(ids, id.String())
	}
	return ids
}

// Distribution points with names relative to the issuer (RFC 5280 §4.2.1.13),
// alone, critical, beside an extension that has the disguise's OID, and with a
// negative serial number.
func TestParseCertificateRelativePoints(t *testing.T) {
	t.Parallel()
	points := asn1.ObjectIdentifier{2, 5, 29, 31}
	relative := mustHex("3011300fa00da10b300906035504030c024361")
	full := mustHex("300c300aa008a0068604683a2f2f")
	negative := pkitest.RawSerial([]byte{0x80, 1})
	for name, mods := range map[string][]pkitest.Mod{
		"relative":              {pkitest.Extension(points, false, relative)},
		"critical":              {pkitest.Extension(points, true, relative)},
		"beside the disguise":   {pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 126}, true, []byte{5, 0}), pkitest.Extension(points, false, relative)},
		"with negative serial":  {negative, pkitest.Extension(points, false, relative)},
		"full, negative serial": {negative, pkitest.Extension(points, false, full)},
	} {
		root := pkitest.NewRoot(t, "r", mods...)
		c, err := trust.ParseCertificate(root.Certificate.Raw)
		require.NoError(t, err, name)
		last := c.Extensions[len(c.Extensions)-1]
		require.True(t, last.Id.Equal(points), name)
		if name == "full, negative serial" {
			require.Equal(t, []string{"h://"}, c.CRLDistributionPoints)
		} else {
			require.Equal(t, relative, last.Value, name)
			_, err = x509.ParseCertificate(root.Certificate.Raw)
			require.Error(t, err, name)
		}
		if name == "critical" {
			require.Equal(t, []string{"2.5.29.31"}, unhandled(c))
		}
		require.NoError(t, c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature), name)
	}
	for name, value := range map[string][]byte{
		"nonsense":                          {1, 2, 3},
		"not a sequence":                    {4, 0},
		"point is no sequence":              mustHex("30020500"),
		"relative and more in the name":     mustHex("30133011a00fa10b300906035504030c024361a000"),
		"relative, then an unknown kind":    mustHex("3017300fa00da10b300906035504030c0243613004a002a200"),
		"relative, then an empty name":      mustHex("3015300fa00da10b300906035504030c0243613002a000"),
		"relative, then an unknown element": mustHex("3015300fa00da10b300906035504030c02436130028300"),
		"trailing data":                     append(relative[:len(relative):len(relative)], 5, 0),
		"one relative, one broken":          mustHex("30153011" + "300fa00da10b300906035504030c024361"[2:] + "05000000"),
	} {
		_, err := trust.ParseCertificate(pkitest.RawCertificate(t, pkitest.Extension(points, false, value)))
		require.ErrorIs(t, err, trust.ErrMalformed, name)
	}
	_, err := trust.ParseCertificate(pkitest.RawCertificate(t, negative, pkitest.Extension(points, false, relative),
		pkitest.Extension(points, false, relative)))
	require.ErrorIs(t, err, trust.ErrMalformed, "two of them are one too many")
	_, err = trust.ParseCertificate(pkitest.RawCertificate(t, pkitest.Extension(points, false, relative), pkitest.Extension(points, false, full)))
	require.ErrorIs(t, err, trust.ErrMalformed, "of whatever kind")
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
