package oidc

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// A Version is one of the platform's ways to register a client. The zero value
// is none.
type Version int

const (
	// V1 is POST and PUT /oidc/client: one name, in no language.
	V1 Version = iota + 1
	// V2 is POST and PUT /oauth/client: names in several languages, in
	// clientNameLangMap.
	V2
	// V3 is V2 with additionalConfig, which may be absent.
	V3
)

// An Envelope is what the platform wraps around every request.
type Envelope struct {
	ID       string          // "" where absent, as the platform allows
	Version  string          // the same
	Time     time.Time       // requesttime
	Metadata json.RawMessage // an object, kept as it was sent
}

// A ClientRequest asks for a new client: the create payload of partner
// management.
type ClientRequest struct {
	Envelope Envelope

	Name             string
	Names            LanguageMap // of V2 and V3
	PolicyID         string
	PartnerID        string // authPartnerId
	Key              *Key   // publicKey
	LogoURI          string
	RedirectURIs     []string
	GrantTypes       []string
	AuthMethods      []string        // clientAuthMethods
	AdditionalConfig json.RawMessage // of V3; nil where absent
}

// A ClientUpdate changes a client: the update payload of partner management.
// Key, policy and partner of a client never change.
type ClientUpdate struct {
	Envelope Envelope

	Name             string      // clientName
	Names            LanguageMap // of V2 and V3
	Status           Status
	LogoURI          string
	RedirectURIs     []string
	GrantTypes       []string
	AuthMethods      []string
	AdditionalConfig json.RawMessage
}

// Status says whether a client may be used. The zero value is neither.
type Status string

// The statuses of the platform.
const (
	Active   Status = "ACTIVE"
	Inactive Status = "INACTIVE"
)

// ParseClientRequest reads and judges a create payload. Its error is a
// [*Refusal] that lists every problem, each with pointer and platform code.
func ParseClientRequest(data []byte, v Version, opts ...Option) (*ClientRequest, error) {
	r := new(ClientRequest)
	err := parseRequest(data, v, opts, &r.Envelope, func(f *form) {
		r.Name = f.text("name", "invalid_client_name", MaxNameLength)
		r.PolicyID = f.id("policyId", PolicyMissing.PlatformCode(), MaxPolicyIDLength)
		r.Key = f.key("publicKey", opts)
		r.PartnerID = f.id("authPartnerId", "invalid_rp_id", MaxPartnerIDLength)
		r.Names, r.AdditionalConfig = f.versioned(v)
		r.LogoURI, r.RedirectURIs, r.GrantTypes, r.AuthMethods = f.common(opts)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// ParseClientUpdate reads and judges an update payload, like
// [ParseClientRequest].
func ParseClientUpdate(data []byte, v Version, opts ...Option) (*ClientUpdate, error) {
	u := new(ClientUpdate)
	err := parseRequest(data, v, opts, &u.Envelope, func(f *form) {
		u.Name = f.text("clientName", "invalid_client_name", MaxNameLength)
		u.Status = f.status("status")
		u.Names, u.AdditionalConfig = f.versioned(v)
		u.LogoURI, u.RedirectURIs, u.GrantTypes, u.AuthMethods = f.common(opts)
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

// parseRequest reads the envelope, and what is in it with the given function.
func parseRequest(data []byte, v Version, opts []Option, e *Envelope, read func(*form)) error {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	f := &form{problems: new(problems)}
	if v < V1 || v > V3 {
		f.add(&Problem{Reason: UnknownVersion})
		return f.err()
	}
	object, err := requestLimits.ParseObject(data)
	if err != nil {
		f.add(fromText(err))
		return f.err()
	}
	f.object = object
	e.ID, e.Version = f.optional("id"), f.optional("version")
	e.Time = f.time(o)
	if m, ok := f.member("metadata"); ok {
		if _, ok := m.Object(); !ok {
			f.fail(WrongType, "metadata", codeRequest, "not an object")
		}
		e.Metadata = json.RawMessage(m.Raw)
	}
	if inner, ok := f.inner("request"); ok {
		read(inner)
		inner.end()
	}
	f.end()
	return f.err()
}

// inner is the form inside an envelope.
func (f *form) inner(name string) (*form, bool) {
	m, ok := f.must(name, codeRequestBody)
	if !ok {
		return nil, false
	}
	object, ok := m.Object()
	if !ok {
		f.fail(WrongType, name, codeRequestBody, "not an object")
	}
	return &form{problems: f.problems, object: object, pointer: f.pointer + "/" + name}, ok
}

// optional is a string that may be absent.
func (f *form) optional(name string) string {
	m, ok := f.member(name)
	if !ok {
		return ""
	}
	text, ok := m.Text()
	if !ok {
		f.fail(WrongType, name, codeRequest, "not a string")
	}
	return text
}

func fromText(err error) *Problem {
	e := fromJSON(err)
	if e.Reason == Malformed {
		e.Reason = NotJSON
	}
	return &Problem{Reason: e.Reason, Code: codeRequestBody, Err: err}
}

// common is what the create and the update payload share.
func (f *form) common(opts []Option) (logo string, redirects, grants, methods []string) {
	logo = f.logo("logoUri")
	redirects = f.list("redirectUris", codeRedirect, MaxRedirectURIs, func(uri string) *Problem {
		if err := CheckRedirect(uri, opts...); err != nil {
			return err.(*Problem) // all that CheckRedirect returns
		}
		return nil
	})
	grants = f.list("grantTypes", "unsupported_grant_type", MaxGrantTypes, oneOf(UnsupportedGrant, "authorization_code"))
	methods = f.list("clientAuthMethods", "invalid_client_auth", MaxAuthMethods, oneOf(UnsupportedAuthMethod, "private_key_jwt"))
	return logo, redirects, grants, methods
}

// versioned is what the later versions add.
func (f *form) versioned(v Version) (names LanguageMap, config json.RawMessage) {
	if v >= V2 {
		names = f.names("clientNameLangMap")
	}
	if v >= V3 {
		if m, ok := f.member("additionalConfig"); ok {
			checkConfig(f.problems, f.pointer+"/additionalConfig", m)
			config = json.RawMessage(m.Raw)
		}
	}
	return names, config
}

// status is case-insensitive, as in PMS ClientDetailUpdateRequest.
func (f *form) status(name string) Status {
	m, ok := f.must(name, "invalid_status")
	if !ok {
		return ""
	}
	text, _ := m.Text()
	switch s := Status(strings.ToUpper(text)); s {
	case Active, Inactive:
		return s
	}
	f.fail(UnknownStatus, name, "invalid_status", quote(text))
	return ""
}

// checkConfig judges additionalConfig by eSignet's schema of it
// (additional_config_request_schema.json); all its members may be absent.
func checkConfig(ps *problems, pointer string, m jose.Member) {
	const code = "invalid_additional_config"
	object, ok := m.Object()
	if !ok {
		ps.add(&Problem{Reason: WrongType, Pointer: pointer, Code: code, Detail: "not an object"})
		return
	}
	for _, member := range object {
		text, _ := member.Text()
		ok, want := false, ""
		switch member.Name {
		case "userinfo_response_type", "id_token_response_type":
			ok, want = text == "JWS" || text == "JWE", "JWS or JWE"
		case "consent_expire_in_mins":
			ok, want = atLeast(member.Raw, MinConsentMinutes), "a number of minutes, at least 10"
		case "signup_banner_required", "forgot_pwd_link_required", "require_pushed_authorization_requests",
			"dpop_bound_access_tokens", "require_pkce":
			ok, want = member.Raw == "true" || member.Raw == "false", "true or false"
		case "purpose":
			ok, want = member.Raw == "null" || isPurpose(member), `type none, verify, link or login; title and subTitle with "@none"`
		default:
			want = "no such member"
		}
		if !ok {
			ps.add(&Problem{Reason: BadConfig, Pointer: pointer + "/" + escape(member.Name), Code: code, Detail: want})
		}
	}
}

func atLeast(raw string, least float64) bool {
	var n float64
	return json.Unmarshal([]byte(raw), &n) == nil && raw != "null" && n >= least
}

func isPurpose(m jose.Member) bool {
	object, ok := m.Object()
	if !ok {
		return false
	}
	kind, _ := object.Lookup("type")
	text, _ := kind.Text()
	if oneOf(BadConfig, "none", "verify", "link", "login")(text) != nil {
		return false
	}
	for _, member := range object {
		switch member.Name {
		case "type":
		case "title", "subTitle":
			if member.Raw != "null" && !isPurposeText(member) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isPurposeText: a language map, whose text in no language is required.
func isPurposeText(m jose.Member) bool {
	texts, ok := m.Object()
	if _, has := texts.Lookup(NoLanguage); !ok || !has {
		return false
	}
	for _, t := range texts {
		if _, ok := t.Text(); !ok || t.Name != NoLanguage && !KnownLanguage(t.Name) {
			return false
		}
	}
	return true
}
