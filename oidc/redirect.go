package oidc

import (
	"net/netip"
	"strconv"
	"strings"
)

// CheckRedirect judges a redirect URI that a client wants to register; a nil
// error means that it may. Errors are a [*Problem].
//
// A redirect URI is absolute: http, https, or an app's own scheme, which is a
// reversed domain name (RFC 8252 section 7.1). It has neither user information
// nor a fragment (RFC 6749 section 3.1.2), its scheme and host are in lower
// case, and its path has one reading only: no dot segments, no empty segments,
// no encoded slashes. The wildcards of eSignet are * for one path segment and
// ** for any number of them; they stand for whole segments, and nowhere else.
func CheckRedirect(uri string, opts ...Option) error {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	r, problem := splitRedirect(uri)
	if problem == nil && o.requireHTTPS && r.scheme == "http" && !isLoopback(r.host) {
		problem = &Problem{Reason: PlainHTTP, Detail: "host " + quote(r.host)}
	}
	if problem != nil {
		problem.Code = codeRedirect
		return problem
	}
	return nil
}

// RequireHTTPS accepts http in redirect URIs for the loopback interface alone.
// The platform accepts it everywhere.
func RequireHTTPS() Option { return func(o *options) { o.requireHTTPS = true } }

// A redirect is a redirect URI taken apart.
type redirect struct {
	scheme   string
	slashes  bool   // two of them, before the host; with an app's scheme there may be neither
	host     string // with the brackets of IPv6
	port     string
	segments []string // nil for an empty path
	query    string   // with its question mark
}

func splitRedirect(uri string) (redirect, *Problem) {
	var r redirect
	if len(uri) > MaxURILength {
		return r, &Problem{Reason: TooLong, Detail: strconv.Itoa(len(uri)) + " characters"}
	}
	if at := unusable(uri); at >= 0 {
		return r, &Problem{Reason: RedirectCharacter, Detail: "at byte " + strconv.Itoa(at)}
	}
	if strings.Contains(uri, "#") {
		return r, &Problem{Reason: RedirectFragment}
	}
	scheme, rest, found := strings.Cut(uri, ":")
	web := scheme == "http" || scheme == "https"
	if !found || !web && !isAppScheme(scheme) {
		return r, &Problem{Reason: RedirectScheme, Detail: quote(scheme)}
	}
	r.scheme = scheme
	rest, query, asks := strings.Cut(rest, "?")
	if asks {
		r.query = "?" + query
		switch {
		case query == "": // one wildcard character to eSignet's Java service
			return r, &Problem{Reason: RedirectQuery}
		case strings.Contains(query, "*"):
			return r, &Problem{Reason: RedirectWildcard, Detail: "in the query"}
		}
	}
	path, slashes := strings.CutPrefix(rest, "//")
	if r.slashes = slashes; slashes {
		var authority string
		authority, path = cutPath(path)
		if p := r.fillAuthority(authority, web); p != nil {
			return r, p
		}
	} else if web {
		return r, &Problem{Reason: RedirectHost, Detail: "none"}
	}
	if path == "" && r.host == "" || path != "" && path[0] != '/' {
		return r, &Problem{Reason: RedirectPath, Detail: "neither host nor path"}
	}
	if path != "" {
		r.segments = strings.Split(path[1:], "/")
	}
	for i, segment := range r.segments {
		if p := checkSegment(segment, i == len(r.segments)-1); p != nil {
			return r, p
		}
	}
	return r, nil
}

func cutPath(s string) (authority, path string) {
	if i := strings.IndexByte(s, '/'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// unusable finds a byte that RFC 3986 section 2 does not allow, a percent sign
// without two digits, or a comma.
func unusable(uri string) int {
	for i := 0; i < len(uri); i++ {
		switch c := uri[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '%':
			if i+2 >= len(uri) || !isHex(uri[i+1]) || !isHex(uri[i+2]) {
				return i
			}
		case c == ',' || strings.IndexByte("-._~:/?#[]@!$&'()*+;=", c) < 0:
			return i
		}
	}
	return -1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isAppScheme demands the dot that no scheme with a meaning of its own has:
// javascript, data, file, intent and their like stay out.
func isAppScheme(scheme string) bool {
	dots := 0
	for i, label := range strings.Split(scheme, ".") {
		dots = i
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789+-") != "" {
			return false
		}
	}
	return dots > 0 && 'a' <= scheme[0] && scheme[0] <= 'z'
}

func (r *redirect) fillAuthority(authority string, web bool) *Problem {
	if strings.Contains(authority, "@") {
		return &Problem{Reason: RedirectUserinfo}
	}
	if strings.Contains(authority, "*") {
		return &Problem{Reason: RedirectWildcard, Detail: "in the host"}
	}
	host, port := authority, ""
	if end := strings.LastIndexByte(authority, ']'); end >= 0 {
		host, port = authority[:end+1], authority[end+1:]
	} else if colon := strings.IndexByte(authority, ':'); colon >= 0 {
		host, port = authority[:colon], authority[colon:]
	}
	if port != "" {
		n, err := strconv.ParseUint(port[1:], 10, 16)
		if port[0] != ':' || err != nil || n == 0 || port[1] == '0' || port[1] == '+' {
			return &Problem{Reason: RedirectHost, Detail: "port " + quote(port)}
		}
		port = port[1:]
	}
	if !isHost(host) && (web || host != "") {
		return &Problem{Reason: RedirectHost, Detail: quote(host)}
	}
	r.host, r.port = host, port
	return nil
}

// isHost: a name in lower case, as browsers send it, or an address in its
// usual notation.
func isHost(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		address, err := netip.ParseAddr(inner)
		return ok && err == nil && address.Is6() && address.Zone() == "" && address.String() == inner
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	// What ends in a number is an IPv4 address to some programs: 127.1, 0x7f.1.
	if last := labels[len(labels)-1]; '0' <= last[0] && last[0] <= '9' {
		address, err := netip.ParseAddr(host)
		return err == nil && address.Is4()
	}
	return len(host) <= 253
}

func isLoopback(host string) bool {
	return host == "localhost" || isLoopbackAddress(host)
}

func isLoopbackAddress(host string) bool { return host == "127.0.0.1" || host == "[::1]" }

// checkSegment refuses what one program takes for a step in the path, and
// another for text.
func checkSegment(segment string, last bool) *Problem {
	if segment == "*" || segment == "**" {
		return nil
	}
	if strings.Contains(segment, "*") {
		return &Problem{Reason: RedirectWildcard, Detail: quote(segment)}
	}
	if segment == "" && !last {
		return &Problem{Reason: RedirectPath, Detail: "empty segment"}
	}
	plain := strings.ToLower(segment)
	for _, encoded := range [...]string{"%2f", "%5c", "%25", "%0", "%1", "%7f", "%2a"} {
		if strings.Contains(plain, encoded) {
			return &Problem{Reason: RedirectPath, Detail: quote(segment)}
		}
	}
	// Path parameters do not hide a dot segment: "..;v=1".
	plain, _, _ = strings.Cut(strings.ReplaceAll(strings.ReplaceAll(plain, "%2e", "."), "%3b", ";"), ";")
	if plain == "." || plain == ".." {
		return &Problem{Reason: RedirectPath, Detail: "dot segment"}
	}
	return nil
}

// MatchRedirect reports whether a client that registered one redirect URI may
// be answered at the other. All is compared character by character (OpenID
// Connect Core section 3.1.2.1), but for three things that only a registration
// can grant: in its path, * matches exactly one segment with something in it,
// and ** any number of segments, none included; and http to 127.0.0.1 or [::1]
// registered without a port matches any port (RFC 8252 section 7.3).
//
// What [CheckRedirect] refuses matches nothing, on either side.
func MatchRedirect(registered, requested string) bool {
	want, problem := splitRedirect(registered)
	if problem != nil {
		return false
	}
	got, problem := splitRedirect(requested)
	if problem != nil {
		return false
	}
	for _, segment := range got.segments {
		if segment == "*" || segment == "**" { // a pattern is no place to go to
			return false
		}
	}
	anyPort := want.scheme == "http" && want.port == "" && isLoopbackAddress(want.host)
	return want.scheme == got.scheme && want.slashes == got.slashes && want.host == got.host && (want.port == got.port || anyPort) &&
		want.query == got.query && matchSegments(want.segments, got.segments)
}

// matchSegments walks both lists once; on a mismatch it lets the last ** take
// one segment more. Nothing is ever tried twice for the same place.
func matchSegments(pattern, path []string) bool {
	p, s := 0, 0
	star, resume := -1, 0
	for s < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, resume = p, s
			p++
		case p < len(pattern) && (pattern[p] == path[s] || pattern[p] == "*" && path[s] != ""):
			p, s = p+1, s+1
		case star >= 0:
			resume++
			p, s = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}
