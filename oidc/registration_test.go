package oidc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// The payloads of partner management's documentation (mosip-onboarding,
// ClientDetailCreateRequest, ClientDetailUpdateRequest), as texts with places
// to change.
const createText = `{
	"id": "string",
	"version": "string",
	"requesttime": "2023-01-04T12:15:14.854Z",
	"metadata": {},
	"request": {
		"name": "resident-oidc-client",
		"policyId": "resident-oidc-client-policy",
		"publicKey": ` + rfc7638Key + `,
		"authPartnerId": "resident-oidc-client-partner",
		"logoUri": "https://resident.dev2.mosip.net/assets/logo.png",
		"redirectUris": ["https://api-internal.dev2.mosip.net/resident/v1/login-redirect/**"],
		"grantTypes": ["authorization_code"],
		"clientAuthMethods": ["private_key_jwt"]
	}
}`

const updateText = `{
	"requesttime": "2023-01-04T12:15:14.854Z",
	"request": {
		"logoUri": "https://resident.dev2.mosip.net/assets/logo.png",
		"redirectUris": ["https://api-internal.dev2.mosip.net/resident/v1/login-redirect/**"],
		"status": "inactive",
		"grantTypes": ["authorization_code"],
		"clientName": "resident-oidc-client",
		"clientAuthMethods": ["private_key_jwt"]
	}
}`

// edit sets members of a payload by path; nil removes one.
func edit(t testing.TB, text string, changes ...any) []byte {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &m))
	for i := 0; i < len(changes); i += 2 {
		in, path := m, strings.Split(changes[i].(string), "/")
		for _, name := range path[:len(path)-1] {
			in = in[name].(map[string]any)
		}
		if last := path[len(path)-1]; changes[i+1] == nil {
			delete(in, last)
		} else {
			in[last] = changes[i+1]
		}
	}
	return write(t, m)
}

// found is what a Problem says, without its text for people.
type found struct {
	reason        oidc.Reason
	pointer, code string
}

func problemsOf(t testing.TB, err error) []found {
	t.Helper()
	if err == nil {
		return nil
	}
	var refusal *oidc.Refusal
	require.ErrorAs(t, err, &refusal)
	require.NotEmpty(t, refusal.Problems)
	require.NotEmpty(t, refusal.Error())
	var out []found
	for _, p := range refusal.Problems {
		require.ErrorIs(t, err, p.Reason)
		out = append(out, found{p.Reason, p.Pointer, p.Code})
	}
	return out
}

func TestParseClientRequest(t *testing.T) {
	t.Parallel()
	r, err := oidc.ParseClientRequest([]byte(createText), oidc.V1)
	require.NoError(t, err)
	id, err := r.Key.ClientID(oidc.RFC7638Rule)
	require.NoError(t, err)
	require.Equal(t, rfc7638Thumbprint, id)
	require.Equal(t, "resident-oidc-client", r.Name)
	require.Equal(t, "resident-oidc-client-policy", r.PolicyID)
	require.Equal(t, "resident-oidc-client-partner", r.PartnerID)
	require.Equal(t, "https://resident.dev2.mosip.net/assets/logo.png", r.LogoURI)
	require.Equal(t, []string{"https://api-internal.dev2.mosip.net/resident/v1/login-redirect/**"}, r.RedirectURIs)
	require.Equal(t, []string{"authorization_code"}, r.GrantTypes)
	require.Equal(t, []string{"private_key_jwt"}, r.AuthMethods)
	require.Equal(t, time.Date(2023, 1, 4, 12, 15, 14, 854e6, time.UTC), r.Envelope.Time)
	require.Equal(t, "string", r.Envelope.ID)

	u, err := oidc.ParseClientUpdate([]byte(updateText), oidc.V1)
	require.NoError(t, err)
	require.Equal(t, oidc.Inactive, u.Status)
	require.Equal(t, "resident-oidc-client", u.Name)
}

// What is written is what was read.
func TestRequestRoundTrip(t *testing.T) {
	t.Parallel()
	names := map[string]any{"eng": "Résidents <1>", "fra": "2"}
	config := map[string]any{"userinfo_response_type": "JWS"}
	for v, text := range map[oidc.Version][]byte{
		oidc.V1: []byte(createText),
		oidc.V2: edit(t, createText, "request/clientNameLangMap", names, "request/publicKey/kid", "</&>\u2028é",
			"request/publicKey/<ext>", map[string]any{"a/b": []any{"\"", 1, nil}}),
		oidc.V3: edit(t, createText, "request/clientNameLangMap", names, "request/additionalConfig", config, "metadata", nil),
	} {
		r, err := oidc.ParseClientRequest(text, v)
		require.NoError(t, err)
		written, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := oidc.ParseClientRequest(written, v)
		require.NoError(t, err, "%s", written)
		require.Equal(t, r.Key.Handles(), again.Key.Handles(), "the text of the key counts")
		again.Key, again.Envelope.Metadata, r.Envelope.Metadata = r.Key, nil, nil
		require.Equal(t, r, again)
	}
	for v, text := range map[oidc.Version][]byte{
		oidc.V1: []byte(updateText),
		oidc.V3: edit(t, updateText, "request/clientNameLangMap", names, "request/additionalConfig", config),
	} {
		u, err := oidc.ParseClientUpdate(text, v)
		require.NoError(t, err)
		written, err := json.Marshal(u)
		require.NoError(t, err)
		again, err := oidc.ParseClientUpdate(written, v)
		require.NoError(t, err, "%s", written)
		again.Envelope, u.Envelope = oidc.Envelope{}, oidc.Envelope{}
		require.Equal(t, u, again)
	}
	_, err := json.Marshal(&oidc.ClientRequest{})
	require.ErrorIs(t, err, oidc.NotAClient)
}

func list(n int, format string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(format, i)
	}
	return out
}

// Every rule of the create payload, accepting and refusing.
func TestClientRequestRules(t *testing.T) {
	t.Parallel()
	const name, policyID, partner, logo, redirect = "request/name", "request/policyId", "request/authPartnerId", "request/logoUri", "request/redirectUris"
	x := func(n int) string { return strings.Repeat("x", n) }
	uri := func(n int) string { return "https://rp.example/" + x(n-len("https://rp.example/")) }
	refused := func(r oidc.Reason, pointer, code string) []found { return []found{{r, pointer, code}} }
	for _, tc := range []struct {
		what    string
		changes []any
		want    []found
	}{
		{"name at the limit", []any{name, x(oidc.MaxNameLength)}, nil},
		{"name past it", []any{name, x(oidc.MaxNameLength + 1)}, refused(oidc.TooLong, "/"+name, "invalid_client_name")},
		{"name of letters that Java counts twice", []any{name, strings.Repeat("😀", oidc.MaxNameLength/2)}, nil},
		{"one more of them", []any{name, strings.Repeat("😀", oidc.MaxNameLength/2+1)}, refused(oidc.TooLong, "/"+name, "invalid_client_name")},
		{"blank name", []any{name, " \t"}, refused(oidc.MissingMember, "/"+name, "invalid_client_name")},
		{"no name", []any{name, nil}, refused(oidc.MissingMember, "/"+name, "invalid_client_name")},
		{"name a number", []any{name, 1}, refused(oidc.WrongType, "/"+name, "invalid_client_name")},
		{"policyId at the limit", []any{policyID, x(oidc.MaxPolicyIDLength)}, nil},
		{"policyId past it", []any{policyID, x(oidc.MaxPolicyIDLength + 1)}, refused(oidc.TooLong, "/"+policyID, "PMS_PRT_073")},
		{"no policyId", []any{policyID, nil}, refused(oidc.MissingMember, "/"+policyID, "PMS_PRT_073")},
		{"policyId of two words", []any{policyID, "a b"}, refused(oidc.BadIdentifier, "/"+policyID, "PMS_PRT_073")},
		{"authPartnerId at the limit", []any{partner, x(oidc.MaxPartnerIDLength)}, nil},
		{"authPartnerId past it", []any{partner, x(oidc.MaxPartnerIDLength + 1)}, refused(oidc.TooLong, "/"+partner, "invalid_rp_id")},
		{"no authPartnerId", []any{partner, nil}, refused(oidc.MissingMember, "/"+partner, "invalid_rp_id")},
		{"authPartnerId with a line break", []any{partner, "a\nb"}, refused(oidc.BadIdentifier, "/"+partner, "invalid_rp_id")},

		{"no key", []any{"request/publicKey", nil}, refused(oidc.MissingMember, "/request/publicKey", "PMS_ESI_007")},
		{"a key as a string", []any{"request/publicKey", "{}"}, refused(oidc.WrongType, "/request/publicKey", "PMS_ESI_007")},
		{"an empty key", []any{"request/publicKey", map[string]any{}}, refused(oidc.MissingMember, "/request/publicKey/kty", "PMS_ESI_007")},
		{"a private key", []any{"request/publicKey/d", "AQ"}, refused(oidc.PrivateKey, "/request/publicKey/d", "PMS_ESI_007")},
		{"a weak key", []any{"request/publicKey/n", "AQAB"}, refused(oidc.WeakKey, "/request/publicKey/n", "PMS_ESI_007")},

		{"logo at the limit", []any{logo, uri(oidc.MaxURILength)}, nil},
		{"logo past it", []any{logo, uri(oidc.MaxURILength + 1)}, refused(oidc.TooLong, "/"+logo, "invalid_uri")},
		{"logo over http", []any{logo, "http://rp.example/logo"}, nil},
		{"logo no URI", []any{logo, "logo.png"}, refused(oidc.BadURI, "/"+logo, "invalid_uri")},
		{"logo that runs", []any{logo, "javascript:alert(1)"}, refused(oidc.BadURI, "/"+logo, "invalid_uri")},
		{"logo without a host", []any{logo, "https:///logo"}, refused(oidc.BadURI, "/"+logo, "invalid_uri")},
		{"no logo", []any{logo, nil}, refused(oidc.MissingMember, "/"+logo, "invalid_uri")},

		{"redirectUris at the limit", []any{redirect, list(oidc.MaxRedirectURIs, "https://rp.example/%d")}, nil},
		{"redirectUris past it", []any{redirect, list(oidc.MaxRedirectURIs+1, "https://rp.example/%d")}, refused(oidc.TooMany, "/"+redirect, "invalid_redirect_uri")},
		{"no redirectUris", []any{redirect, nil}, refused(oidc.MissingMember, "/"+redirect, "invalid_redirect_uri")},
		{"empty redirectUris", []any{redirect, []string{}}, refused(oidc.MissingMember, "/"+redirect, "invalid_redirect_uri")},
		{"redirectUris a string", []any{redirect, "https://rp.example/"}, refused(oidc.WrongType, "/"+redirect, "invalid_redirect_uri")},
		{"a blank redirect URI", []any{redirect, []string{" "}}, refused(oidc.MissingMember, "/"+redirect+"/0", "invalid_redirect_uri")},
		{"a number", []any{redirect, []any{"https://rp.example/", 1}}, refused(oidc.WrongType, "/"+redirect+"/1", "invalid_redirect_uri")},
		{"twice the same", []any{redirect, []string{"https://rp.example/", "https://rp.example/"}}, refused(oidc.NotUnique, "/"+redirect+"/1", "invalid_redirect_uri")},
		{"a fragment", []any{redirect, []string{"https://rp.example/#"}}, refused(oidc.RedirectFragment, "/"+redirect+"/0", "invalid_redirect_uri")},

		{"another grant", []any{"request/grantTypes", []string{"implicit"}}, refused(oidc.UnsupportedGrant, "/request/grantTypes/0", "unsupported_grant_type")},
		{"no grant", []any{"request/grantTypes", []string{}}, refused(oidc.MissingMember, "/request/grantTypes", "unsupported_grant_type")},
		{"grants past the limit", []any{"request/grantTypes", list(oidc.MaxGrantTypes+1, "%d")}, refused(oidc.TooMany, "/request/grantTypes", "unsupported_grant_type")},
		{"grants at the limit", []any{"request/grantTypes", list(oidc.MaxGrantTypes, "%d")}, []found{
			{oidc.UnsupportedGrant, "/request/grantTypes/0", "unsupported_grant_type"},
			{oidc.UnsupportedGrant, "/request/grantTypes/1", "unsupported_grant_type"},
			{oidc.UnsupportedGrant, "/request/grantTypes/2", "unsupported_grant_type"},
		}},
		{"another method", []any{"request/clientAuthMethods", []string{"client_secret_basic"}}, refused(oidc.UnsupportedAuthMethod, "/request/clientAuthMethods/0", "invalid_client_auth")},
		{"no method", []any{"request/clientAuthMethods", nil}, refused(oidc.MissingMember, "/request/clientAuthMethods", "invalid_client_auth")},
		{"methods past the limit", []any{"request/clientAuthMethods", list(oidc.MaxAuthMethods+1, "%d")}, refused(oidc.TooMany, "/request/clientAuthMethods", "invalid_client_auth")},

		{"names in V1", []any{"request/clientNameLangMap", map[string]any{"eng": "x"}}, refused(oidc.UnknownMember, "/request/clientNameLangMap", "PMS_REQUEST_ERROR_001")},
		{"a member with a slash", []any{"x~y", 1}, refused(oidc.UnknownMember, "/x~0y", "PMS_REQUEST_ERROR_001")},
		{"no request", []any{"request", nil}, refused(oidc.MissingMember, "/request", "PMS_REQUEST_ERROR_005")},
		{"request a list", []any{"request", []int{}}, refused(oidc.WrongType, "/request", "PMS_REQUEST_ERROR_005")},
		{"bare", []any{"id", nil, "version", nil, "requesttime", nil, "metadata", nil}, nil},
		{"metadata a string", []any{"metadata", "x"}, refused(oidc.WrongType, "/metadata", "PMS_REQUEST_ERROR_001")},
		{"id a number", []any{"id", 1}, refused(oidc.WrongType, "/id", "PMS_REQUEST_ERROR_001")},
		{"time of another form", []any{"requesttime", "2023-01-04"}, refused(oidc.BadTime, "/requesttime", "PMS_REQUEST_ERROR_004")},
		{"time under its other name", []any{"requesttime", nil, "requestTime", "2023-01-04T12:15:14.854Z"}, nil},
		{"two times", []any{"requestTime", "2023-01-04T12:15:14.854Z"}, refused(oidc.UnknownMember, "/requestTime", "PMS_REQUEST_ERROR_001")},

		{"everything at once", []any{name, "", policyID, 1, "request/publicKey/d", "AQ", logo, "x", redirect, []string{"x"}, "more", 1}, []found{
			{oidc.MissingMember, "/" + name, "invalid_client_name"},
			{oidc.WrongType, "/" + policyID, "PMS_PRT_073"},
			{oidc.PrivateKey, "/request/publicKey/d", "PMS_ESI_007"},
			{oidc.BadURI, "/" + logo, "invalid_uri"},
			{oidc.RedirectScheme, "/" + redirect + "/0", "invalid_redirect_uri"},
			{oidc.UnknownMember, "/more", "PMS_REQUEST_ERROR_001"},
		}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			r, err := oidc.ParseClientRequest(edit(t, createText, tc.changes...), oidc.V1)
			require.Equal(t, tc.want, problemsOf(t, err))
			require.Equal(t, err == nil, r != nil)
		})
	}
}

func TestRequestTexts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what, text string
		want       oidc.Reason
	}{
		{"empty", ``, oidc.NotJSON},
		{"a list", `[]`, oidc.NotJSON},
		{"a member twice", `{"request":{"name":"a","name":"b"}}`, oidc.DuplicateMember},
		{"at the limit", `{"request":{"x":"` + strings.Repeat("x", oidc.MaxRequestBytes-len(`{"request":{"x":""}}`)) + `"}}`, oidc.UnknownMember},
		{"past the limit", `{"request":{"x":"` + strings.Repeat("x", oidc.MaxRequestBytes-len(`{"request":{"x":""}}`)+1) + `"}}`, oidc.TooLarge},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.ParseClientRequest([]byte(tc.text), oidc.V1)
			require.ErrorIs(t, err, tc.want)
			_, err = oidc.ParseClientUpdate([]byte(tc.text), oidc.V1)
			require.ErrorIs(t, err, tc.want)
		})
	}
	for _, v := range []oidc.Version{0, -1, oidc.V3 + 1} {
		_, err := oidc.ParseClientRequest([]byte(createText), v)
		require.ErrorIs(t, err, oidc.UnknownVersion)
	}
}

// The list of problems is bounded, and says how many it leaves out.
func TestMaxProblems(t *testing.T) {
	t.Parallel()
	for more, listed := range map[int]int{0: oidc.MaxProblems, 1: oidc.MaxProblems} {
		names := map[string]any{}
		for i := range 50 + more { // two problems each: no language, no text
			names[fmt.Sprintf("%02d", i)] = ""
		}
		_, err := oidc.ParseClientRequest(edit(t, createText, "request/clientNameLangMap", names), oidc.V2)
		var refusal *oidc.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Len(t, refusal.Problems, listed)
		require.Equal(t, more > 0, strings.Contains(refusal.Problems[listed-1].Detail, "more problems"))
	}
}

func TestClientUpdateRules(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]oidc.Status{"ACTIVE": oidc.Active, "active": oidc.Active, "Inactive": oidc.Inactive} {
		u, err := oidc.ParseClientUpdate(edit(t, updateText, "request/status", status), oidc.V1)
		require.NoError(t, err)
		require.Equal(t, want, u.Status)
	}
	for what, tc := range map[string]struct {
		member string
		value  any
		want   found
	}{
		"no status":      {"status", nil, found{oidc.MissingMember, "/request/status", "invalid_status"}},
		"bogus status":   {"status", "bogus", found{oidc.UnknownStatus, "/request/status", "invalid_status"}},
		"status ACTIVE?": {"status", "ACTIVE?", found{oidc.UnknownStatus, "/request/status", "invalid_status"}},
		"status a list":  {"status", []string{"ACTIVE"}, found{oidc.UnknownStatus, "/request/status", "invalid_status"}},
		"no name":        {"clientName", nil, found{oidc.MissingMember, "/request/clientName", "invalid_client_name"}},
		"long name":      {"clientName", strings.Repeat("x", oidc.MaxNameLength+1), found{oidc.TooLong, "/request/clientName", "invalid_client_name"}},
		"a key":          {"publicKey", map[string]any{}, found{oidc.UnknownMember, "/request/publicKey", "PMS_REQUEST_ERROR_001"}},
		"a policy":       {"policyId", "other", found{oidc.UnknownMember, "/request/policyId", "PMS_REQUEST_ERROR_001"}},
		"no logo":        {"logoUri", nil, found{oidc.MissingMember, "/request/logoUri", "invalid_uri"}},
		"no redirect":    {"redirectUris", []string{}, found{oidc.MissingMember, "/request/redirectUris", "invalid_redirect_uri"}},
		"no grant":       {"grantTypes", nil, found{oidc.MissingMember, "/request/grantTypes", "unsupported_grant_type"}},
		"no method":      {"clientAuthMethods", []string{""}, found{oidc.MissingMember, "/request/clientAuthMethods/0", "invalid_client_auth"}},
	} {
		_, err := oidc.ParseClientUpdate(edit(t, updateText, "request/"+tc.member, tc.value), oidc.V1)
		require.Equal(t, []found{tc.want}, problemsOf(t, err), what)
	}
}

func TestRequestTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2023, 1, 4, 12, 15, 14, 854e6, time.UTC)
	ms := time.Millisecond
	for what, tc := range map[string]struct {
		option oidc.Option
		want   oidc.Reason
	}{
		"first of the day":  {oidc.OnDayOf(time.Date(2023, 1, 4, 0, 0, 0, 0, time.UTC)), ""},
		"end of the day":    {oidc.OnDayOf(time.Date(2023, 1, 4, 23, 59, 59, 0, time.UTC)), ""},
		"another time zone": {oidc.OnDayOf(time.Date(2023, 1, 5, 1, 0, 0, 0, time.FixedZone("", 2*3600))), ""},
		"the day after":     {oidc.OnDayOf(time.Date(2023, 1, 5, 0, 0, 0, 0, time.UTC)), oidc.StaleRequest},
		"the day before":    {oidc.OnDayOf(time.Date(2023, 1, 3, 23, 59, 59, 0, time.UTC)), oidc.StaleRequest},
		"late":              {oidc.Within(at.Add(oidc.ESignetWindow), oidc.ESignetWindow), ""},
		"too late":          {oidc.Within(at.Add(oidc.ESignetWindow+ms), oidc.ESignetWindow), oidc.StaleRequest},
		"early":             {oidc.Within(at.Add(-oidc.ESignetWindow), oidc.ESignetWindow), ""},
		"too early":         {oidc.Within(at.Add(-oidc.ESignetWindow-ms), oidc.ESignetWindow), oidc.StaleRequest},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.ParseClientRequest([]byte(createText), oidc.V1, tc.option)
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				require.Equal(t, []found{{tc.want, "/requesttime", "PMS_REQUEST_ERROR_006"}}, problemsOf(t, err))
			}
			_, err = oidc.ParseClientRequest(edit(t, createText, "requesttime", nil), oidc.V1, tc.option)
			require.Equal(t, []found{{oidc.MissingMember, "/requesttime", "PMS_REQUEST_ERROR_004"}}, problemsOf(t, err))
		})
	}
}

func TestOptionsReachTheRequest(t *testing.T) {
	t.Parallel()
	set := map[string]any{"keys": []any{json.RawMessage(rfc7638Key)}}
	text := edit(t, createText, "request/publicKey", set, "request/redirectUris", []string{"http://rp.example/"})
	_, err := oidc.ParseClientRequest(text, oidc.V1, oidc.AllowSet())
	require.NoError(t, err)
	set["keys"].([]any)[0] = map[string]any{"kty": "oct", "k": "AQ"}
	_, err = oidc.ParseClientRequest(edit(t, createText, "request/publicKey", set), oidc.V1, oidc.AllowSet())
	require.Equal(t, []found{{oidc.SymmetricKey, "/request/publicKey/keys/0/k", "PMS_ESI_007"}}, problemsOf(t, err))
	_, err = oidc.ParseClientRequest(text, oidc.V1, oidc.RequireHTTPS())
	require.Equal(t, []found{
		{oidc.KeySet, "/request/publicKey/keys", "PMS_ESI_007"},
		{oidc.PlainHTTP, "/request/redirectUris/0", "invalid_redirect_uri"},
	}, problemsOf(t, err))
}
