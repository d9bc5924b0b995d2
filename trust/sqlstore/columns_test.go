package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/trust"
)

// vectors are what the platform's own formatting code wrote; testdata/README.md
// says how. Where it threw, the text is nil.
type vectors struct {
	Names []struct {
		Label        string
		Name         string // hexadecimal DER
		Subject      *string
		Organization *string
	}
	Serials []struct {
		Integer string // hexadecimal contents of the INTEGER
		Serial  string
	}
	Certificates []struct {
		File, Subject, Issuer, Organization, Serial, NotBefore, NotAfter, Thumbprint, PEMSHA256 string
	}
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "columns.json"))
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(data, &v))
	require.NotEmpty(t, v.Names)
	require.NotEmpty(t, v.Serials)
	require.NotEmpty(t, v.Certificates)
	return v
}

// requireText asserts that a column has the platform's text, or the error of a
// text that no database of the platform holds.
func requireText(t *testing.T, platform *string, width int, got string, err error) {
	t.Helper()
	switch {
	case platform == nil:
		require.ErrorIs(t, err, errNoText)
	case strings.ContainsRune(*platform, 0):
		require.ErrorIs(t, err, errNUL)
	case utf8.RuneCountInString(*platform) > width:
		require.ErrorIs(t, err, errTooLong)
	default:
		require.NoError(t, err)
		require.Equal(t, *platform, got)
		return
	}
	require.Empty(t, got)
}

func TestNamesAsThePlatformWritesThem(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t).Names {
		t.Run(v.Label, func(t *testing.T) {
			t.Parallel()
			raw, err := hex.DecodeString(v.Name)
			require.NoError(t, err)
			got, err := subjectColumn(raw)
			requireText(t, v.Subject, maxSubject, got, err)
			got, err = organizationColumn(raw)
			requireText(t, v.Organization, maxOrganization, got, err)
		})
	}
}

func TestSerialsAsThePlatformWritesThem(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t).Serials {
		serial, ok := new(big.Int).SetString(v.Integer, 16)
		require.True(t, ok)
		if v.Integer[0] >= '8' {
			serial.Sub(serial, new(big.Int).Lsh(big.NewInt(1), uint(4*len(v.Integer))))
		}
		got, err := serialColumn(serial)
		requireText(t, &v.Serial, maxSerial, got, err)
	}
}

func TestCertificatesAsThePlatformStoresThem(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(corpora.Dir(t), "mosip", "certs")
	for _, v := range readVectors(t).Certificates {
		t.Run(v.File, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, v.File))
			require.NoError(t, err)
			parsed, err := trust.ParseCertificates(data)
			require.NoError(t, err)
			require.Len(t, parsed, 1)
			c := parsed[0]

			got, err := subjectColumn(c.RawSubject)
			requireText(t, &v.Subject, maxSubject, got, err)
			got, err = subjectColumn(c.RawIssuer)
			requireText(t, &v.Issuer, maxIssuer, got, err)
			got, err = organizationColumn(c.RawSubject)
			requireText(t, &v.Organization, maxOrganization, got, err)
			got, err = serialColumn(c.SerialNumber)
			requireText(t, &v.Serial, maxSerial, got, err)

			require.Equal(t, v.NotBefore, timeColumn(c.NotBefore).Format("2006-01-02T15:04:05.999999999"))
			require.Equal(t, v.NotAfter, timeColumn(c.NotAfter).Format("2006-01-02T15:04:05.999999999"))
			require.Equal(t, v.Thumbprint, trust.SHA1(c))
			sum := sha256.Sum256([]byte(pemColumn(c.Raw)))
			require.Equal(t, v.PEMSHA256, hex.EncodeToString(sum[:]))
		})
	}
}

func TestPEMIsReadBack(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 47, 48, 49, 96, 1000} {
		text := pemColumn(make([]byte, n))
		require.True(t, strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----\n"))
		require.True(t, strings.HasSuffix(text, "\n-----END CERTIFICATE-----\n"))
		for line := range strings.Lines(text) {
			require.LessOrEqual(t, len(line), 64+1)
		}
	}
}

func TestTimeIsUTCInMicroseconds(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", int((5*time.Hour + 30*time.Minute).Seconds()))
	for given, want := range map[time.Time]string{
		time.Date(2024, 1, 1, 5, 0, 0, 0, east):                "2023-12-31T23:30:00",
		time.Date(2024, 1, 1, 0, 0, 0, 123456499, time.UTC):    "2024-01-01T00:00:00.123456",
		time.Date(2024, 1, 1, 0, 0, 0, 123456500, time.UTC):    "2024-01-01T00:00:00.123457",
		time.Date(2024, 1, 1, 23, 59, 59, 999999500, time.UTC): "2024-01-02T00:00:00",
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC):       "9999-12-31T23:59:59",
		time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC):            "1950-01-01T00:00:00",
	} {
		got := timeColumn(given)
		require.Equal(t, time.UTC, got.Location())
		require.Equal(t, want, got.Format("2006-01-02T15:04:05.999999999"))
	}
}

// TestNamesBeyondTheVectors are refused before they cost anything: the platform
// has no bound of its own.
func TestNamesBeyondTheVectors(t *testing.T) {
	t.Parallel()
	huge := append([]byte{0x30, 0x82, 0x10, 0x00}, make([]byte, 4096)...)
	for _, raw := range [][]byte{nil, {}, huge} {
		_, err := subjectColumn(raw)
		require.ErrorIs(t, err, errNoText)
		_, err = organizationColumn(raw)
		require.ErrorIs(t, err, errNoText)
	}
}

func TestSerialOfAnyLengthIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := serialColumn(new(big.Int).Lsh(big.NewInt(1), 1<<24))
	require.ErrorIs(t, err, errTooLong)
}
