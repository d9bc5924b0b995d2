package pkcs7_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"testing"

	smallstep "github.com/smallstep/pkcs7"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// TestBouncyCastle reads what the platform's own library writes: BER, and a
// negative serial number inside.
func TestBouncyCastle(t *testing.T) {
	t.Parallel()
	bundle := fixture(t, "bouncycastle.p7b")
	require.Equal(t, []byte{0x30, 0x80}, bundle[:2], "the fixture is BER")
	want, err := trust.ParseCertificates(fixture(t, "chain.pem"))
	require.NoError(t, err)
	require.Len(t, want, 3)
	require.Negative(t, want[0].SerialNumber.Sign())

	for name, data := range forms(bundle) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, pkcs7.Is(data))
			ders, err := pkcs7.Raw(data)
			require.NoError(t, err)
			require.Equal(t, raw(want), ders)
			certs, err := pkcs7.Parse(data)
			require.NoError(t, err)
			require.Equal(t, want, certs)
		})
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	want := certificates(t, 3)
	der, err := pkcs7.Marshal(want)
	require.NoError(t, err)
	for name, data := range forms(der) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, pkcs7.Is(data))
			before := bytes.Clone(data)
			certs, err := pkcs7.Parse(data)
			require.NoError(t, err)
			require.Equal(t, raw(want), raw(certs))
			require.Equal(t, before, data)
		})
	}
}

// TestPlainCertificates: whoever reads an upload with this package need not
// ask what it is.
func TestPlainCertificates(t *testing.T) {
	t.Parallel()
	certs := certificates(t, 4)
	bundle, err := pkcs7.Marshal(certs[1:3])
	require.NoError(t, err)
	for name, data := range map[string][]byte{
		"DER":    certs[0].Raw,
		"PEM":    block("CERTIFICATE", certs[0].Raw),
		"base64": bytes.ReplaceAll(bytes.TrimSpace(pemBody(block("CERTIFICATE", certs[0].Raw))), []byte("\n"), nil),
	} {
		got, err := pkcs7.Parse(data)
		require.NoError(t, err, name)
		require.Equal(t, raw(certs[:1]), raw(got), name)
		require.False(t, pkcs7.Is(data), name)
	}
	mixed := bytes.Join([][]byte{block("CERTIFICATE", certs[0].Raw), block("PKCS7", bundle), block("CERTIFICATE", certs[3].Raw)}, nil)
	require.True(t, pkcs7.Is(mixed))
	got, err := pkcs7.Raw(mixed)
	require.NoError(t, err)
	require.Equal(t, raw(certs), got)
	entries, err := pkcs7.ReadEntries(mixed)
	require.NoError(t, err)
	for i, e := range entries {
		require.Equal(t, i, e.Index)
		require.Equal(t, certs[i].Raw, e.Certificate.Raw)
		require.NoError(t, e.Err)
	}
	require.Equal(t, "PKCS7", entries[1].Label)
}

func pemBody(text []byte) []byte {
	_, text, _ = bytes.Cut(text, []byte("\n"))
	return text[:bytes.LastIndex(text, []byte("-----END"))]
}

// tlv is a value in DER.
func tlv(tag byte, contents ...[]byte) []byte {
	der, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0, Bytes: bytes.Join(contents, nil)})
	if err != nil {
		panic(err)
	}
	return der
}

// indefinite is a constructed value whose end is marked.
func indefinite(tag byte, contents ...[]byte) []byte {
	return append(append([]byte{tag, 0x80}, bytes.Join(contents, nil)...), 0, 0)
}

var (
	oidSigned  = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
	oidData    = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
	version    = tlv(0x02, []byte{1})
	emptySet   = tlv(0x31)
	encapsuled = tlv(0x30, oidData)
)

func signedData(parts ...[]byte) []byte {
	return tlv(0x30, oidSigned, tlv(0xa0, tlv(0x30, parts...)))
}

func nested(depth int) []byte {
	value := []byte{0x04, 0}
	for range depth {
		value = indefinite(0x24, value)
	}
	return value
}

func TestStructure(t *testing.T) {
	t.Parallel()
	certs := certificates(t, 2)
	a, b := certs[0].Raw, certs[1].Raw
	set := tlv(0xa0, a, b)
	good := signedData(version, emptySet, encapsuled, set, emptySet)
	for _, tc := range []struct {
		name string
		data []byte
		want error // nil: both certificates are read
	}{
		{"definite", good, nil},
		{"with revocation lists", signedData(version, emptySet, encapsuled, set, tlv(0xa1, tlv(0x30)), emptySet), nil},
		{"with a signature", signedData(version, emptySet, encapsuled, set, tlv(0x31, tlv(0x30, version))), nil},
		{"with content", signedData(version, emptySet, tlv(0x30, oidData, tlv(0xa0, indefinite(0x24, tlv(0x04, []byte("x"))))), set, emptySet), nil},
		{"lengths longer than needed", tlv(0x30, oidSigned, append([]byte{0xa0, 0x84, 0, 0, byte(len(good[19:]) >> 8), byte(len(good[19:]))}, good[19:]...)), nil},
		{"indefinite all over", indefinite(0x30, oidSigned, indefinite(0xa0, indefinite(0x30, version, indefinite(0x31),
			indefinite(0x30, oidData), indefinite(0xa0, a, b), indefinite(0x31)))), nil},
		{"indefinite inside definite", signedData(version, emptySet, encapsuled, indefinite(0xa0, a, b), emptySet), nil},
		{"definite inside indefinite", indefinite(0x30, oidSigned, indefinite(0xa0, tlv(0x30, version, emptySet, encapsuled, set, emptySet))), nil},
		{"at the depth limit", signedData(version, emptySet, tlv(0x30, oidData), set, nested(pkcs7.MaxDepth), emptySet), nil},

		{"past the depth limit", signedData(version, emptySet, indefinite(0x30, nested(pkcs7.MaxDepth)), set, emptySet), trust.ErrTooLarge},
		{"empty certificate set", signedData(version, emptySet, encapsuled, tlv(0xa0), emptySet), trust.ErrNoCertificate},
		{"no certificate set", signedData(version, emptySet, encapsuled, emptySet), trust.ErrNoCertificate},
		{"data after the end", append(bytes.Clone(good), 0), trust.ErrTrailingData},
		{"truncated", good[:len(good)-1], trust.ErrMalformed},
		{"no content", tlv(0x30, oidSigned), trust.ErrMalformed},
		{"content is no SignedData", tlv(0x30, oidSigned, tlv(0xa0, tlv(0x04))), trust.ErrMalformed},
		{"content is empty", tlv(0x30, oidSigned, tlv(0xa0)), trust.ErrMalformed},
		{"content of another tag", tlv(0x30, oidSigned, tlv(0xa1)), trust.ErrMalformed},
		{"no version", signedData(emptySet, encapsuled, set, emptySet), trust.ErrMalformed},
		{"no encapContentInfo", signedData(version, emptySet, set, emptySet), trust.ErrMalformed},
		{"nothing after encapContentInfo", signedData(version, emptySet, encapsuled), trust.ErrMalformed},
		{"primitive of indefinite length", signedData([]byte{0x02, 0x80, 0, 0}, emptySet, encapsuled, set, emptySet), trust.ErrMalformed},
		{"length of five octets", signedData([]byte{0x02, 0x85, 0, 0, 0, 0, 1, 1}, emptySet, encapsuled, set, emptySet), trust.ErrMalformed},
		{"length beyond the end", signedData(version, emptySet, encapsuled, []byte{0xa0, 0x7f}), trust.ErrMalformed},
		{"length cut off", tlv(0x30, oidSigned, []byte{0xa0, 0x82}), trust.ErrMalformed},
		{"tag of several octets", signedData([]byte{0x1f, 0x81, 1, 0}), trust.ErrMalformed},
		{"set without an end", indefinite(0x30, oidSigned, []byte{0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0, 0xa0, 0x80}), trust.ErrMalformed},
		{"skipped value without an end", signedData(version, []byte{0x31, 0x80, 0x30}), trust.ErrMalformed},
		{"skipped value with a broken value", signedData(version, indefinite(0x31, []byte{0x04, 0x7f})), trust.ErrMalformed},
		{"certificate header cut off", signedData(version, emptySet, encapsuled, []byte{0xa0, 1, 0x30}), trust.ErrMalformed},
		{"certificate without an end", signedData(version, emptySet, encapsuled, []byte{0xa0, 2, 0x30, 0x80}), trust.ErrMalformed},
		{"set header broken", signedData(version, emptySet, encapsuled, []byte{0xa0}), trust.ErrMalformed},
		{"attribute certificate", signedData(version, emptySet, encapsuled, tlv(0xa0, a, tlv(0xa1)), emptySet), pkcs7.ErrNotCertificate},
		{"certificate in BER", signedData(version, emptySet, encapsuled, tlv(0xa0, a, indefinite(0x30, version)), emptySet), pkcs7.ErrNotDER},
		{"encrypted", tlv(0x30, []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"), tlv(0xa0)), trust.ErrMalformed},
		{"encrypted, in PEM", block("PKCS7", tlv(0x30, []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"), tlv(0xa0))), pkcs7.ErrNotSignedData},
		{"nothing", nil, trust.ErrNoCertificate},
		{"text", []byte("no bundle"), trust.ErrNoCertificate},
		{"private key", block("PRIVATE KEY", []byte{0x30, 0}), trust.ErrPrivateKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ders, err := pkcs7.Raw(tc.data)
			if tc.want == nil {
				require.NoError(t, err)
				require.Equal(t, raw(certs), ders)
				return
			}
			require.ErrorIs(t, err, tc.want)
			require.Nil(t, ders)
			_, err = pkcs7.Parse(tc.data)
			require.ErrorIs(t, err, tc.want)
		})
	}
}

// TestOneBrokenEntry leaves the others unharmed, and is named.
func TestOneBrokenEntry(t *testing.T) {
	t.Parallel()
	certs := certificates(t, 2)
	broken := tlv(0x30, version)
	bundle := signedData(version, emptySet, encapsuled, tlv(0xa0, certs[0].Raw, broken, certs[1].Raw), emptySet)
	entries, err := pkcs7.ReadEntries(bundle)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, certs[0].Raw, entries[0].Certificate.Raw)
	require.Equal(t, certs[1].Raw, entries[2].Certificate.Raw)

	_, err = pkcs7.Parse(bundle)
	for _, err := range []error{err, entries[1].Err} {
		var at *trust.ParseError
		require.ErrorAs(t, err, &at)
		require.ErrorIs(t, err, trust.ErrMalformed)
		require.Equal(t, 1, at.Entry)
		require.Equal(t, bytes.Index(bundle, broken), at.Offset)
	}
	ders, err := pkcs7.Raw(bundle)
	require.NoError(t, err, "Raw does not parse")
	require.Equal(t, broken, ders[1])

	// What comes before the point where the bundle itself breaks off.
	entries, err = pkcs7.ReadEntries(bundle[:len(bundle)-3])
	require.NoError(t, err)
	require.ErrorIs(t, entries[0].Err, trust.ErrMalformed)
	cut := indefinite(0x30, oidSigned, indefinite(0xa0, indefinite(0x30, version, emptySet, encapsuled, indefinite(0xa0, certs[0].Raw, certs[1].Raw))))
	entries, err = pkcs7.ReadEntries(cut[:len(cut)-10-len(certs[1].Raw)/2])
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.NoError(t, entries[0].Err)
	require.ErrorIs(t, entries[1].Err, trust.ErrMalformed)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	tiny := tlv(0x30)
	bundle := func(n int) []byte {
		return signedData(version, emptySet, encapsuled, tlv(0xa0, bytes.Repeat(tiny, n)), emptySet)
	}
	ders, err := pkcs7.Raw(bundle(pkcs7.MaxCertificates))
	require.NoError(t, err)
	require.Len(t, ders, pkcs7.MaxCertificates)
	_, err = pkcs7.Raw(bundle(pkcs7.MaxCertificates + 1))
	require.ErrorIs(t, err, trust.ErrTooLarge)

	two := append(block("PKCS7", bundle(pkcs7.MaxCertificates-1)), block("PKCS7", bundle(1))...)
	_, err = pkcs7.Raw(two)
	require.NoError(t, err)
	_, err = pkcs7.Raw(append(two, block("PKCS7", bundle(1))...))
	require.ErrorIs(t, err, trust.ErrTooLarge)
	_, err = pkcs7.Parse(make([]byte, pkcs7.MaxBytes+1))
	require.ErrorIs(t, err, trust.ErrTooLarge)
}

func TestIsNot(t *testing.T) {
	t.Parallel()
	c := certificates(t, 1)[0]
	for name, data := range map[string][]byte{
		"nothing":         nil,
		"one byte":        {0x30},
		"a certificate":   c.Raw,
		"a PEM":           block("CERTIFICATE", c.Raw),
		"a label alone":   []byte("-----BEGIN PKCS7"),
		"enveloped data":  tlv(0x30, []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")),
		"another content": tlv(0x31, oidSigned),
	} {
		require.False(t, pkcs7.Is(data), name)
	}
}

// Another implementation's bundles are read, and the other way round.
func TestSmallstep(t *testing.T) {
	t.Parallel()
	certs := certificates(t, 3)
	theirs, err := smallstep.DegenerateCertificate(bytes.Join(raw(certs), nil))
	require.NoError(t, err)
	ders, err := pkcs7.Raw(theirs)
	require.NoError(t, err)
	require.Equal(t, raw(certs), ders)

	ours, err := pkcs7.MarshalPEM(certs)
	require.NoError(t, err)
	decoded, rest := pem.Decode(ours)
	require.Empty(t, rest)
	require.Equal(t, "PKCS7", decoded.Type)
	message, err := smallstep.Parse(decoded.Bytes)
	require.NoError(t, err)
	require.Equal(t, raw(certs), raw(message.Certificates))
}
