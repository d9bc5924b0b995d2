package pkcs7_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// Whatever is read is written and read again the same; whatever is not has an
// error that says where.
func FuzzParse(f *testing.F) {
	bundle := fixture(f, "bouncycastle.p7b")
	for _, data := range forms(bundle) {
		f.Add(data)
	}
	der, err := pkcs7.Marshal(certificates(f, 2))
	require.NoError(f, err)
	f.Add(der)
	f.Add(fixture(f, "chain.pem"))
	f.Add(signedData(version, emptySet, indefinite(0x30, nested(4)), indefinite(0xa0, tlv(0x30), tlv(0xa1)), emptySet))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := pkcs7.ReadEntries(data)
		if err != nil {
			require.Empty(t, entries)
			_, err := pkcs7.Raw(data)
			require.Error(t, err)
			return
		}
		require.NotEmpty(t, entries)
		broken := 0
		for i, e := range entries {
			require.Equal(t, i, e.Index)
			if e.Err != nil {
				broken++
				var at *trust.ParseError
				require.ErrorAs(t, e.Err, &at)
				require.Equal(t, i, at.Entry)
				require.LessOrEqual(t, at.Offset, len(data))
				require.Nil(t, e.Certificate)
			}
		}
		certs, err := pkcs7.Parse(data)
		if broken > 0 {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		ders, err := pkcs7.Raw(data)
		require.NoError(t, err)
		require.Equal(t, raw(certs), ders)

		written, err := pkcs7.MarshalPEM(certs)
		require.NoError(t, err)
		require.True(t, pkcs7.Is(written))
		again, err := pkcs7.Parse(written)
		require.NoError(t, err)
		require.Equal(t, raw(certs), raw(again))
	})
}
