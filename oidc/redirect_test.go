package oidc_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

const esignetTest = "eSignet clientmgmt TestIsValidRedirectURI"

func TestCheckRedirect(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return "https://rp.example/" + strings.Repeat("a", n-len("https://rp.example/")) }
	for _, tc := range []struct {
		uri    string
		want   oidc.Reason // "": accepted
		source string
	}{
		{"http://localhost:5000/*", "", esignetTest},
		{"http://127.0.0.1:5000/*", "", esignetTest},
		{"http://192.168.1.10:5000/*", "", esignetTest},
		{"http://localhost:5000/**", "", esignetTest},
		{"http://localhost:3000/registration/*", "", esignetTest},
		{"http://localhost:5000/test", "", esignetTest},
		{"https://example.com/callback", "", esignetTest},
		{"io.mosip.residentapp://oauth", "", esignetTest},
		{"my.phone.app://oauth/*", "", esignetTest},
		{"", oidc.RedirectScheme, esignetTest},
		{`\*`, oidc.RedirectCharacter, esignetTest},
		{"http*", oidc.RedirectScheme, esignetTest},
		{"http*://example.com", oidc.RedirectScheme, esignetTest},
		{"https://*", oidc.RedirectWildcard, esignetTest},
		{"https://domain*", oidc.RedirectWildcard, esignetTest},
		{"residentapp://*", oidc.RedirectScheme, esignetTest},
		{"not a uri", oidc.RedirectCharacter, esignetTest},
		{"http://", oidc.RedirectHost, esignetTest},
		{"http://localhost:5000/foo*bar", oidc.RedirectWildcard, esignetTest},

		{"https://api.dev.mosip.net/**", "", "eSignet IdentityProviderUtilTest"},
		{"https://api-internal.dev2.mosip.net/resident/v1/login-redirect/**", "", "mosip-onboarding"},
		{"HTTPS://DEV.MOSIP.NET/home", oidc.RedirectScheme, "eSignet IdentityProviderUtilTest: case counts"},
		{"https://DEV.mosip.net/home", oidc.RedirectHost, "the same"},
		{"https://api.dev.mosip.net/home/t*", oidc.RedirectWildcard, "issue: whole segments only"},
		{"https://api.dev.mosip.net/home**", oidc.RedirectWildcard, "the same"},
		{"https://api.dev.mosip.net/home/test?", oidc.RedirectQuery, "a wildcard there, nothing in RFC 3986"},
		{"https://rp.example/cb?next=*", oidc.RedirectWildcard, "issue: path segments only"},
		{"https://rp.example/cb?tenant=1", "", "RFC 6749 §3.1.2"},

		{"https://user@rp.example/", oidc.RedirectUserinfo, "issue"},
		{"https://user:secret@rp.example/", oidc.RedirectUserinfo, "issue"},
		{"https://rp.example/cb#f", oidc.RedirectFragment, "RFC 6749 §3.1.2"},
		{"https://rp.example/cb#", oidc.RedirectFragment, "RFC 6749 §3.1.2"},
		{"https://rp.example/,https://evil.example/", oidc.RedirectCharacter, "stored as a list with commas"},
		{"https://rp.example/a b", oidc.RedirectCharacter, "RFC 3986 §2"},
		{"https://rp.example/\n", oidc.RedirectCharacter, "RFC 3986 §2"},
		{"https://rp.example/é", oidc.RedirectCharacter, "RFC 3986 §2"},
		{"https://rp.example/%zz", oidc.RedirectCharacter, "RFC 3986 §2.1"},
		{"https://rp.example/%4", oidc.RedirectCharacter, "RFC 3986 §2.1"},
		{`https://rp.example\@evil.example/`, oidc.RedirectCharacter, "browsers read a slash"},

		{"/callback", oidc.RedirectScheme, "RFC 6749 §3.1.2: absolute"},
		{"//rp.example/callback", oidc.RedirectScheme, "the same"},
		{"https:/rp.example", oidc.RedirectHost, "RFC 9110 §4.2"},
		{"https:rp.example", oidc.RedirectHost, "the same"},
		{"https:///cb", oidc.RedirectHost, "the same"},
		{"javascript:alert(1)", oidc.RedirectScheme, "no app's scheme"},
		{"data:text/html;base64", oidc.RedirectScheme, "no app's scheme"},
		{"file:///etc/passwd", oidc.RedirectScheme, "no app's scheme"},
		{"residentapp://oauth", oidc.RedirectScheme, "RFC 8252 §7.1: with a dot"},
		{"com.example.app:/oauth2redirect/example-provider", "", "RFC 8252 §7.1"},
		{"com.example.app:oauth", oidc.RedirectPath, "RFC 8252 §7.1"},
		{"com.example.app:", oidc.RedirectPath, "nowhere"},
		{"com.example.app://", oidc.RedirectPath, "nowhere"},
		{"com.example.app:///callback", "", "no host, and a path"},
		{"com.Example.app:/cb", oidc.RedirectScheme, "lower case"},
		{"com..app:/cb", oidc.RedirectScheme, "no domain name"},
		{"1com.app:/cb", oidc.RedirectScheme, "RFC 3986 §3.1"},

		{"https://rp.example:8443/cb", "", "RFC 3986 §3.2.3"},
		{"https://rp.example:/cb", oidc.RedirectHost, "port"},
		{"https://rp.example:0/cb", oidc.RedirectHost, "port"},
		{"https://rp.example:080/cb", oidc.RedirectHost, "port"},
		{"https://rp.example:65535/cb", "", "port"},
		{"https://rp.example:65536/cb", oidc.RedirectHost, "port"},
		{"https://rp.example:80:80/cb", oidc.RedirectHost, "port"},
		{"https://[::1]/cb", "", "RFC 3986 §3.2.2"},
		{"http://[2001:db8::1]:8080/cb", "", "RFC 3986 §3.2.2"},
		{"https://[2001:DB8::1]/cb", oidc.RedirectHost, "one notation"},
		{"https://[::1%25eth0]/cb", oidc.RedirectHost, "zone"},
		{"https://[127.0.0.1]/cb", oidc.RedirectHost, "not IPv6"},
		{"https://[::1/cb", oidc.RedirectHost, "bracket"},
		{"https://[::1]x/cb", oidc.RedirectHost, "behind the bracket"},
		{"https://127.1/cb", oidc.RedirectHost, "WHATWG URL: an IPv4 address"},
		{"https://2130706433/cb", oidc.RedirectHost, "the same"},
		{"https://0x7f.0.0.1/cb", oidc.RedirectHost, "the same"},
		{"https://rp.example./cb", oidc.RedirectHost, "two writings of a name"},
		{"https://-rp.example/cb", oidc.RedirectHost, "RFC 1123"},
		{"https://rp%2eexample/cb", oidc.RedirectHost, "encoded"},
		{"https://" + strings.Repeat("a", 63) + ".example/cb", "", "RFC 1035 §2.3.4"},
		{"https://" + strings.Repeat("a", 64) + ".example/cb", oidc.RedirectHost, "RFC 1035 §2.3.4"},
		{"https://" + strings.Repeat("a.", 130) + "example/cb", oidc.RedirectHost, "RFC 1035 §2.3.4"},

		{"https://rp.example/a/../b", oidc.RedirectPath, "RFC 3986 §5.2.4"},
		{"https://rp.example/./b", oidc.RedirectPath, "the same"},
		{"https://rp.example/a/%2e%2E/b", oidc.RedirectPath, "the same, encoded"},
		{"https://rp.example/a/..;x=1/b", oidc.RedirectPath, "the same, with parameters"},
		{"https://rp.example/a/..%3b/b", oidc.RedirectPath, "the same, encoded"},
		{"https://rp.example//b", oidc.RedirectPath, "empty segment"},
		{"https://rp.example/a%2fb", oidc.RedirectPath, "encoded slash"},
		{"https://rp.example/a%5Cb", oidc.RedirectPath, "encoded backslash"},
		{"https://rp.example/a%00", oidc.RedirectPath, "control character"},
		{"https://rp.example/a%0d%0aLocation", oidc.RedirectPath, "line break"},
		{"https://rp.example/%252e", oidc.RedirectPath, "encoded twice"},
		{"https://rp.example/%2a", oidc.RedirectPath, "encoded wildcard"},
		{"https://rp.example/a/", "", "a trailing slash"},
		{"https://rp.example", "", "no path"},
		{"https://rp.example/%c3%a9;v=1/~a!$&'()+=:@", "", "RFC 3986 §3.3"},

		{long(oidc.MaxURILength), "", "limit"},
		{long(oidc.MaxURILength + 1), oidc.TooLong, "limit"},
	} {
		t.Run(tc.uri[:min(len(tc.uri), 60)], func(t *testing.T) {
			t.Parallel()
			err := oidc.CheckRedirect(tc.uri)
			if tc.want == "" {
				require.NoError(t, err, tc.source)
				return
			}
			require.ErrorIs(t, err, tc.want, tc.source)
			var p *oidc.Problem
			require.ErrorAs(t, err, &p)
			require.Equal(t, "invalid_redirect_uri", p.Code)
			require.False(t, oidc.MatchRedirect(tc.uri, tc.uri), "what may not be registered matches nothing")
		})
	}
}

func TestRequireHTTPS(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"https://rp.example/cb": true, "com.example.app:/cb": true, "http://localhost/cb": true,
		"http://127.0.0.1:80/cb": true, "http://[::1]/cb": true,
		"http://rp.example/cb": false, "http://localhost.rp.example/cb": false, "http://127.0.0.2/cb": false,
	} {
		require.NoError(t, oidc.CheckRedirect(uri))
		err := oidc.CheckRedirect(uri, oidc.RequireHTTPS())
		if want {
			require.NoError(t, err, uri)
		} else {
			require.ErrorIs(t, err, oidc.PlainHTTP, uri)
		}
	}
}

func TestMatchRedirect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		registered, requested string
		want                  bool
	}{
		// eSignet IdentityProviderUtilTest, as far as its wildcards are whole segments.
		{"https://api.dev.mosip.net/**", "https://api.dev.mosip.net/home/test", true},
		{"https://api.dev.mosip.net/home/test", "https://api.dev.mosip.net/home/test", true},
		{"https://api.dev.mosip.net/home/*", "https://api.dev.mosip.net/home/werrrwqfdsfg5fgs34sdffggdfgsdfg", true},
		{"io.mosip.residentapp://oauth", "io.mosip.residentapp://oauth", true},
		{"https://portal.company.internal/**", "https://portal.company.internal/auth/callback", true},
		{"https://api.dev.mosip.net/home/test1", "https://api.dev.mosip.net/home/test", false},
		{"https://api.dev.mosip.net/home/test1", "https://api.dev.mosip.net/home/TEST1", false},
		{"https://api.dev.mosip.net/home**", "https://api.dev.mosip.net/home/TEST1", false},
		{"https://api.dev.mosip.net/*", "https://api.dev.mosip.net/home/TEST1", false},
		{"https://api.dev.mosip.net/home/t*", "https://api.dev.mosip.net/home/TEST1", false},
		{"test-url", "https://api.dev.mosip.net/home/TEST1", false},
		{"HTTPS://DEV.MOSIP.NET/home", "https://dev.mosip.net/home", false},

		{"https://rp.example/*", "https://rp.example/", false},
		{"https://rp.example/*", "https://rp.example", false},
		{"https://rp.example/*", "https://rp.example/a/", false},
		{"https://rp.example/*/cb", "https://rp.example/a/cb", true},
		{"https://rp.example/*/cb", "https://rp.example/cb", false},
		{"https://rp.example/*/*", "https://rp.example/a/b", true},
		{"https://rp.example/**", "https://rp.example", true},
		{"https://rp.example/**", "https://rp.example/", true},
		{"https://rp.example/app/**", "https://rp.example/app", true},
		{"https://rp.example/app/**", "https://rp.example/app2", false},
		{"https://rp.example/**/cb", "https://rp.example/cb", true},
		{"https://rp.example/**/cb", "https://rp.example/a/b/cb", true},
		{"https://rp.example/**/cb", "https://rp.example/a/b/cb/d", false},
		{"https://rp.example/**/a/**/b", "https://rp.example/x/a/y/a/b", true},
		{"https://rp.example/**/a/**/b", "https://rp.example/x/b/a", false},
		{"https://rp.example/**/*", "https://rp.example/", false},
		{"https://rp.example/**/*", "https://rp.example/a", true},
		{"com.example.app:/*", "com.example.app:/cb", true},

		{"com.example.app:/cb", "com.example.app:///cb", false},

		// What a wildcard must never reach.
		{"https://rp.example/**", "https://rp.example.evil.example/", false},
		{"https://rp.example/**", "https://rp.example@evil.example/", false},
		{"https://rp.example/**", "http://rp.example/a", false},
		{"https://rp.example/**", "https://rp.example:8443/a", false},
		{"https://rp.example/app/**", "https://rp.example/app/../admin", false},
		{"https://rp.example/app/**", "https://rp.example/app/%2e%2e/admin", false},
		{"https://rp.example/app/**", "https://rp.example/app//evil.example", false},
		{"https://rp.example/app/*", "https://rp.example/app/a%2fb", false},
		{"https://rp.example/**", "https://rp.example/a#f", false},
		{"https://rp.example/**", "https://rp.example/**", false},
		{"https://rp.example/*", "https://rp.example/*", false},

		// A query is compared as it is.
		{"https://rp.example/cb?a=1", "https://rp.example/cb?a=1", true},
		{"https://rp.example/cb?a=1", "https://rp.example/cb?a=2", false},
		{"https://rp.example/cb", "https://rp.example/cb?a=1", false},
		{"https://rp.example/**", "https://rp.example/cb?a=1", false},
		{"https://rp.example", "https://rp.example/", false},
		{"https://rp.example/cb", "https://rp.example/cb/", false},

		// RFC 8252 section 7.3.
		{"http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true},
		{"http://[::1]/cb", "http://[::1]:61023/cb", true},
		{"http://127.0.0.1/cb", "http://127.0.0.1/cb", true},
		{"http://127.0.0.1:5000/cb", "http://127.0.0.1:5001/cb", false},
		{"http://127.0.0.1/cb", "http://[::1]:61023/cb", false},
		{"http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false},
		{"http://localhost/cb", "http://localhost:5000/cb", false},
		{"https://127.0.0.1/cb", "https://127.0.0.1:5000/cb", false},
		{"http://rp.example/cb", "http://rp.example:5000/cb", false},
	} {
		t.Run(tc.registered+" "+tc.requested, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, oidc.MatchRedirect(tc.registered, tc.requested))
			client := &oidc.Client{RedirectURIs: []string{"https://other.example/", tc.registered}}
			require.Equal(t, tc.want, client.AllowsRedirect(tc.requested))
		})
	}
	require.False(t, (*oidc.Client)(nil).AllowsRedirect("https://rp.example/"))
	require.False(t, new(oidc.Client).AllowsRedirect("https://rp.example/"))
}

// Many wildcards are walked as quickly as few.
func TestMatchRedirectIsLinear(t *testing.T) {
	t.Parallel()
	require.False(t, oidc.MatchRedirect("https://a"+strings.Repeat("/**/a", 300)+"/b", "https://a"+strings.Repeat("/a", 900)))
}

// match is MatchRedirect's path rule written down a second time: plainly, and
// slowly.
func match(pattern, path []string) bool {
	if len(pattern) == 0 {
		return len(path) == 0
	}
	if pattern[0] == "**" {
		return match(pattern[1:], path) || len(path) > 0 && match(pattern, path[1:])
	}
	return len(path) > 0 && (pattern[0] == path[0] || pattern[0] == "*" && path[0] != "") && match(pattern[1:], path[1:])
}

// A requested URI is matched only on the registration's own origin, and where
// the rule, written down twice, says so in both writings.
func FuzzMatchRedirect(f *testing.F) {
	f.Add("https://rp.example/**/a/*", "https://rp.example/b/a/c")
	f.Add("http://127.0.0.1/cb", "http://127.0.0.1:80/cb")
	f.Add("io.mosip.residentapp://oauth", "io.mosip.residentapp://oauth")
	f.Add("https://rp.example/app/**", "https://rp.example/app/%2e%2e/x?q=1")
	f.Fuzz(func(t *testing.T, registered, requested string) {
		if len(registered)+len(requested) > 200 || strings.Count(registered, "**") > 6 {
			return // the second writing is slow
		}
		segments := func(u *url.URL) []string {
			if u.EscapedPath() == "" {
				return nil
			}
			return strings.Split(u.EscapedPath()[1:], "/")
		}
		want := false
		if oidc.CheckRedirect(registered) == nil && oidc.CheckRedirect(requested) == nil && !strings.Contains(requested, "*") {
			a, err := url.Parse(registered)
			require.NoError(t, err, "net/url reads what we accept")
			b, err := url.Parse(requested)
			require.NoError(t, err)
			loopback := a.Scheme == "http" && a.Port() == "" && (a.Hostname() == "127.0.0.1" || a.Hostname() == "::1")
			slashes := func(s string) bool { return strings.Contains(strings.SplitN(s, "?", 2)[0], "://") }
			want = a.Scheme == b.Scheme && slashes(registered) == slashes(requested) && a.Hostname() == b.Hostname() && (a.Port() == b.Port() || loopback) &&
				a.RawQuery == b.RawQuery && match(segments(a), segments(b))
		}
		require.Equal(t, want, oidc.MatchRedirect(registered, requested))
		if want && !strings.Contains(registered, "*") && requested != registered {
			require.True(t, strings.HasPrefix(registered, "http://"), "without a wildcard, only a loopback port may differ")
		}
	})
}

func TestProblemTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	p := &oidc.Problem{Reason: oidc.TooLong, Pointer: "/a", Code: "C", Detail: "d", Err: cause}
	require.ErrorIs(t, p, cause)
	require.ErrorIs(t, p, oidc.TooLong)
	for _, part := range []string{"/a", "C", "d", "cause"} {
		require.Contains(t, p.Error(), part)
	}
	require.NotEmpty(t, (&oidc.Refusal{}).Error())
	two := &oidc.Refusal{Problems: []*oidc.Problem{p, {Reason: oidc.BadURI}}}
	require.ErrorIs(t, two, oidc.BadURI)
	require.Contains(t, two.Error(), fmt.Sprint(len(two.Problems)))
}
