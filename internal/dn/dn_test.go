package dn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

type atv struct {
	oid   string
	tag   cbasn1.Tag
	value string
}

const (
	printable = cbasn1.PrintableString
	utf8s     = cbasn1.UTF8String
	teletex   = cbasn1.Tag(20)
	universal = cbasn1.Tag(28)
	bmp       = cbasn1.Tag(30)
	numeric   = cbasn1.Tag(18)
)

func encode(rdns ...[]atv) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, rdn := range rdns {
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
				for _, a := range rdn {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.oid)) })
						b.AddASN1(a.tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.value)) })
					})
				}
			})
		}
	})
	return b.BytesOrPanic()
}

func org(tag cbasn1.Tag, value string) []byte { return encode([]atv{{dn.Organization, tag, value}}) }

// Pairs from RFC 5280 §7.1, RFC 4518 §2 and the attributes' ASN.1 types.
func TestCanonicalComparison(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		a, b  []byte
		equal bool
	}{
		{"same bytes", org(utf8s, "Acme"), org(utf8s, "Acme"), true},
		{"case", org(utf8s, "Acme"), org(utf8s, "aCMe"), true},
		{"PrintableString and UTF8String", org(printable, "Acme"), org(utf8s, "Acme"), true},
		{"BMPString", org(bmp, "\x00A\x00c\x00m\x00e"), org(utf8s, "Acme"), true},
		{"BMPString beyond the BMP, as Java writes it", org(bmp, "\xd8\x3d\xde\x00"), org(utf8s, "😀"), true},
		{"UniversalString", org(universal, "\x00\x00\x00A\x00\x00\x00c"), org(utf8s, "ac"), true},
		{"TeletexString", org(teletex, "M\xfcller"), org(utf8s, "Müller"), true},
		{"NumericString", org(numeric, "12"), org(printable, "12"), true},
		{"spaces inside", org(utf8s, "Acme   Bank"), org(utf8s, "Acme Bank"), true},
		{"spaces around", org(utf8s, "  Acme "), org(utf8s, "Acme"), true},
		{"tab is a space", org(utf8s, "Acme\tBank"), org(utf8s, "Acme Bank"), true},
		{"no-break space is a space", org(utf8s, "Acme\u00a0Bank"), org(utf8s, "Acme Bank"), true},
		{"a missing space is a difference", org(utf8s, "AcmeBank"), org(utf8s, "Acme Bank"), false},
		{"soft hyphen maps to nothing", org(utf8s, "Ac\u00adme"), org(utf8s, "Acme"), true},
		{"zero width space maps to nothing", org(utf8s, "Ac\u200bme"), org(utf8s, "Acme"), true},
		{"NFC and NFD", org(utf8s, "Caf\u00e9"), org(utf8s, "Cafe\u0301"), true},
		{"compatibility forms", org(utf8s, "\uff21cme"), org(utf8s, "acme"), true},
		{"full case folding", org(utf8s, "Straße"), org(utf8s, "STRASSE"), true},
		{"accent is a difference", org(utf8s, "Café"), org(utf8s, "Cafe"), false},
		{"Cyrillic look-alike is a difference", org(utf8s, "Аcme"), org(utf8s, "Acme"), false},
		{"too long to be prepared compares by bytes", org(utf8s, strings.Repeat("a", 600)), org(utf8s, strings.Repeat("A", 600)), false},
		{"private use compares by bytes", org(utf8s, "\ue000A"), org(utf8s, "\ue000a"), false},
		{"private use equal bytes", org(utf8s, "\ue000A"), org(utf8s, "\ue000A"), true},
		{"invalid UTF-8 compares by bytes", org(utf8s, "\xffA"), org(utf8s, "\xffa"), false},
		{"odd BMPString compares by bytes", org(bmp, "\x00A\x00"), org(bmp, "\x00a\x00"), false},
		{"eight-bit PrintableString compares by bytes", org(printable, "\xe9A"), org(printable, "\xe9a"), false},
		{"not a string", org(cbasn1.INTEGER, "\x01"), org(printable, "\x01"), false},
		{"another attribute", encode([]atv{{dn.CommonName, utf8s, "Acme"}}), org(utf8s, "Acme"), false},
		{"order of RDNs matters",
			encode([]atv{{dn.CommonName, utf8s, "a"}}, []atv{{dn.Organization, utf8s, "b"}}),
			encode([]atv{{dn.Organization, utf8s, "b"}}, []atv{{dn.CommonName, utf8s, "a"}}), false},
		{"order inside an RDN does not",
			encode([]atv{{dn.CommonName, utf8s, "a"}, {dn.Organization, utf8s, "b"}}),
			encode([]atv{{dn.Organization, utf8s, "B"}, {dn.CommonName, utf8s, "A"}}), true},
		{"one RDN of two is not two RDNs",
			encode([]atv{{dn.CommonName, utf8s, "a"}, {dn.Organization, utf8s, "b"}}),
			encode([]atv{{dn.CommonName, utf8s, "a"}}, []atv{{dn.Organization, utf8s, "b"}}), false},
		{"no boundary confusion", org(utf8s, "ab"), encode([]atv{{dn.Organization, utf8s, "a"}}, []atv{{dn.Organization, utf8s, "b"}}), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, err := dn.Canonical(tc.a)
			require.NoError(t, err)
			b, err := dn.Canonical(tc.b)
			require.NoError(t, err)
			require.Equal(t, tc.equal, a == b)
		})
	}
}

// A subtree (RFC 5280 §4.2.1.10) is a prefix of whole RDNs.
func TestKeyPrefixIsSubtree(t *testing.T) {
	t.Parallel()
	country := []atv{{"\x55\x04\x06", printable, "IN"}}
	acme := []atv{{dn.Organization, utf8s, "Acme"}}
	acmeBank := []atv{{dn.Organization, utf8s, "Acme Bank"}}
	key := func(rdns ...[]atv) string {
		k, err := dn.Canonical(encode(rdns...))
		require.NoError(t, err)
		return string(k)
	}
	require.True(t, strings.HasPrefix(key(country, acme), key(country)))
	require.True(t, strings.HasPrefix(key(country), key()))
	require.False(t, strings.HasPrefix(key(country, acmeBank), key(country, acme)))
	require.False(t, strings.HasPrefix(key(acme, country), key(country)))
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, der := range map[string][]byte{
		"nothing":       nil,
		"not a name":    {0x02, 0x01, 0x00},
		"trailing data": append(org(utf8s, "Acme"), 0),
		"empty RDN":     {0x30, 0x02, 0x31, 0x00},
		"too long":      org(utf8s, strings.Repeat("a", dn.MaxBytes)),
		"no value":      {0x30, 0x09, 0x31, 0x07, 0x30, 0x05, 0x06, 0x03, 0x55, 0x04, 0x0a},
		"too many":      encode(make([]atv, 0), nil),
		"beyond the limit": encode(func() (rdn []atv) {
			for range dn.MaxAttributes + 1 {
				rdn = append(rdn, atv{"\x01", utf8s, ""})
			}
			return
		}()),
	} {
		_, err := dn.Parse(der)
		require.ErrorIs(t, err, dn.ErrMalformed, name)
		_, err = dn.Canonical(der)
		require.ErrorIs(t, err, dn.ErrMalformed, name)
	}
	n, err := dn.Parse(encode(func() (rdn []atv) {
		for range dn.MaxAttributes {
			rdn = append(rdn, atv{"\x01", utf8s, ""})
		}
		return
	}()))
	require.NoError(t, err)
	require.Len(t, n.Values("\x01"), dn.MaxAttributes)
}

func TestString(t *testing.T) {
	t.Parallel()
	n, err := dn.Parse(encode(
		[]atv{{"\x55\x04\x06", printable, "IN"}},
		[]atv{{dn.Organization, utf8s, "Acme, Inc."}, {dn.OrganizationalUnit, utf8s, "#1 \x01"}},
		[]atv{{"\x2b\x06\x01", utf8s, " x "}},
		[]atv{{dn.CommonName, cbasn1.INTEGER, "\x05"}},
	))
	require.NoError(t, err)
	require.Equal(t, `CN=#05,1.3.6.1=\ x\ ,O=Acme\, Inc.+OU=\#1 \01,C=IN`, n.String())
}

// Oracle: the canonical form is a fixed point: writing a prepared value back
// as UTF8String and preparing again changes nothing.
func FuzzCanonical(f *testing.F) {
	f.Add([]byte("Acme  Bank"), uint8(utf8s))
	f.Add([]byte("Stra\xc3\x9fe \xe1\xbe\xb3"), uint8(utf8s))
	f.Add([]byte("\xd8\x3d\xde\x00"), uint8(bmp))
	f.Add([]byte("M\xfcller"), uint8(teletex))
	f.Fuzz(func(t *testing.T, value []byte, tag uint8) {
		if tag&0x1f == 0x1f || len(value) > dn.MaxBytes-64 {
			t.Skip()
		}
		der := org(cbasn1.Tag(tag), string(value))
		n, err := dn.Parse(der)
		require.NoError(t, err)
		_ = n.String()
		require.Equal(t, n.Key(), mustKey(t, der), "one pass and two give the same")
		text, ok := n[0][0].Text()
		if !ok {
			return
		}
		prepared, ok := dn.Prepare(text)
		if !ok {
			return
		}
		again, ok := dn.Prepare(string(prepared))
		require.True(t, ok)
		require.Equal(t, string(prepared), string(again))
		const prepares = 512 // longer values compare by their bytes
		if len(value) <= prepares && len(prepared) <= prepares {
			require.Equal(t, n.Key(), mustKey(t, org(utf8s, string(prepared))))
		}
	})
}

func mustKey(t *testing.T, der []byte) dn.Key {
	t.Helper()
	k, err := dn.Canonical(der)
	require.NoError(t, err)
	return k
}
