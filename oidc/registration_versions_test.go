package oidc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

func TestClientNameLangMap(t *testing.T) {
	t.Parallel()
	const pointer = "/request/clientNameLangMap"
	code := func(i int) string { // ISO 639-3 has a code for nearly all of these
		return string([]byte{'a', 'a' + byte(i/26), 'a' + byte(i%26)})
	}
	many := func(n int) map[string]any {
		m := map[string]any{}
		for i := 0; len(m) < n; i++ {
			if oidc.KnownLanguage(code(i)) {
				m[code(i)] = "x"
			}
		}
		return m
	}
	for what, tc := range map[string]struct {
		names any
		want  []found
	}{
		"two":            {map[string]any{"eng": "a", "fra": "b"}, nil},
		"absent":         {nil, []found{{oidc.MissingMember, pointer, "invalid_client_name"}}},
		"empty":          {map[string]any{}, []found{{oidc.MissingMember, pointer, "invalid_client_name"}}},
		"a list":         {[]string{"eng"}, []found{{oidc.WrongType, pointer, "invalid_client_name"}}},
		"two letters":    {map[string]any{"en": "a"}, []found{{oidc.UnknownLanguage, pointer + "/en", "invalid_language_code"}}},
		"no language":    {map[string]any{"xyz": "a"}, []found{{oidc.UnknownLanguage, pointer + "/xyz", "invalid_language_code"}}},
		"@none":          {map[string]any{"@none": "a"}, []found{{oidc.UnknownLanguage, pointer + "/@none", "invalid_language_code"}}},
		"blank":          {map[string]any{"eng": " "}, []found{{oidc.MissingMember, pointer + "/eng", "invalid_client_name_value"}}},
		"a number":       {map[string]any{"eng": 1}, []found{{oidc.WrongType, pointer + "/eng", "invalid_client_name_value"}}},
		"at the limit":   {map[string]any{"eng": strings.Repeat("é", oidc.MaxLangNameLength)}, nil},
		"past the limit": {map[string]any{"eng": strings.Repeat("é", oidc.MaxLangNameLength+1)}, []found{{oidc.TooLong, pointer + "/eng", "invalid_client_name_length"}}},
		"most languages": {many(oidc.MaxLanguages), nil},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", tc.names), oidc.V2)
			require.Equal(t, tc.want, problemsOf(t, err))
			_, err = oidc.ParseClientUpdate(edit(t, updateText, "request/clientNameLangMap", tc.names), oidc.V2)
			require.Equal(t, tc.want, problemsOf(t, err))
		})
	}
	_, err := oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", many(oidc.MaxLanguages+1)), oidc.V2)
	require.Equal(t, []found{{oidc.TooMany, pointer, "invalid_client_name"}}, problemsOf(t, err))
}

func TestAdditionalConfig(t *testing.T) {
	t.Parallel()
	title := map[string]any{"@none": "title", "eng": "title"}
	for _, tc := range []struct {
		member string
		good   []any
		bad    []any
	}{
		{"userinfo_response_type", []any{"JWS", "JWE"}, []any{"XML", 1, true}},
		{"id_token_response_type", []any{"JWS"}, []any{"jws"}},
		{"consent_expire_in_mins", []any{oidc.MinConsentMinutes, 20.5}, []any{oidc.MinConsentMinutes - 1, "20", -1}},
		{"signup_banner_required", []any{true, false}, []any{"not-a-bool", 1}},
		{"forgot_pwd_link_required", []any{true}, []any{"true"}},
		{"require_pushed_authorization_requests", []any{true}, []any{0}},
		{"dpop_bound_access_tokens", []any{true}, []any{"yes"}},
		{"require_pkce", []any{true}, []any{"not-a-bool"}},
		{"purpose", []any{
			map[string]any{"type": "none"}, map[string]any{"type": "verify", "title": title, "subTitle": title},
			map[string]any{"type": "link", "title": json.RawMessage("null")}, json.RawMessage("null"),
		}, []any{
			map[string]any{}, map[string]any{"type": ""}, map[string]any{"type": "x"}, "verify",
			map[string]any{"type": "login", "title": map[string]any{"eng": "Title"}},
			map[string]any{"type": "login", "title": map[string]any{"@none": "Title", "en": "Title"}},
			map[string]any{"type": "login", "title": map[string]any{"@none": 1}},
			map[string]any{"type": "login", "subTitle": "not-a-map"},
			map[string]any{"type": "login", "other": 1},
		}},
		{"unknown_field", nil, []any{true}},
	} {
		t.Run(tc.member, func(t *testing.T) {
			t.Parallel()
			parse := func(value any) error {
				_, err := oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", map[string]any{"eng": "x"},
					"request/additionalConfig", map[string]any{tc.member: value}), oidc.V3)
				return err
			}
			for _, value := range tc.good {
				require.NoError(t, parse(value), "%v", value)
			}
			for _, value := range tc.bad {
				require.Equal(t, []found{{oidc.BadConfig, "/request/additionalConfig/" + tc.member, "invalid_additional_config"}},
					problemsOf(t, parse(value)), "%v", value)
			}
		})
	}
	_, err := oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", map[string]any{"eng": "x"}, "request/additionalConfig", "x"), oidc.V3)
	require.Equal(t, []found{{oidc.WrongType, "/request/additionalConfig", "invalid_additional_config"}}, problemsOf(t, err))
	_, err = oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", map[string]any{"eng": "x"}, "request/additionalConfig", map[string]any{}), oidc.V2)
	require.Equal(t, []found{{oidc.UnknownMember, "/request/additionalConfig", "PMS_REQUEST_ERROR_001"}}, problemsOf(t, err))
}
