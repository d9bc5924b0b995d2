package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

func TestKnownLanguage(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		// The platform's own sample languages, and a few that have no code of two letters.
		"eng": true, "fra": true, "ara": true, "hin": true, "kan": true, "tam": true, "khm": true, "spa": true,
		"cmn": true, "fil": true, "ilo": true, "nob": true, "zho": true,
		"en": false, "ENG": false, "Eng": false, "english": false, "": false, "e-g": false, "éng": false,
		"fre": false, "ger": false, "chi": false, // ISO 639-2/B
		"qaa": false, "und": false, "xyz": false, "xxx": false,
		oidc.NoLanguage: false,
	} {
		require.Equal(t, want, oidc.KnownLanguage(code), code)
	}
}

func TestLanguageMap(t *testing.T) {
	t.Parallel()
	m := oidc.LanguageMap{"eng": "name", oidc.NoLanguage: "fallback"}
	text, ok := m.In("eng")
	require.True(t, ok)
	require.Equal(t, "name", text)
	text, ok = m.In("fra")
	require.True(t, ok)
	require.Equal(t, "fallback", text)
	_, ok = oidc.LanguageMap(nil).In("eng")
	require.False(t, ok)

	c := &oidc.Client{Name: "one", Names: oidc.LanguageMap{"eng": "two"}}
	require.Equal(t, "two", c.NameIn("eng"))
	require.Equal(t, "one", c.NameIn("fra"))
}
