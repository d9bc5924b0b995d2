package oidc

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

var requestLimits = jose.Limits{Bytes: MaxRequestBytes, Members: 2 * MaxLanguages, Depth: jose.MaxDepth + 4}

// PMS ErrorCode: what a request is answered that no other code describes.
const (
	codeRequest     = "PMS_REQUEST_ERROR_001"
	codeRequestBody = "PMS_REQUEST_ERROR_005"
	codeRequestTime = "PMS_REQUEST_ERROR_004"
	codeRequestDay  = "PMS_REQUEST_ERROR_006"
)

// A form reads the members of one JSON object and collects what is wrong with
// them. Whoever reads a member says what the platform answers if it is wrong.
type form struct {
	*problems
	object  jose.Object
	pointer string
	read    []string
}

func (f *form) fail(r Reason, name, code, detail string) {
	f.add(&Problem{Reason: r, Pointer: f.pointer + "/" + escape(name), Code: code, Detail: detail})
}

// member finds a member; null is no value.
func (f *form) member(name string) (jose.Member, bool) {
	f.read = append(f.read, name)
	m, ok := f.object.Lookup(name)
	return m, ok && m.Raw != "null"
}

// must finds a member that the payload requires.
func (f *form) must(name, code string) (jose.Member, bool) {
	m, ok := f.member(name)
	if !ok {
		f.fail(MissingMember, name, code, "")
	}
	return m, ok
}

// end refuses members that nobody has read: a typo, or something that the
// partner believes to have said.
func (f *form) end() {
	for _, m := range f.object {
		if !slices.Contains(f.read, m.Name) {
			f.fail(UnknownMember, m.Name, codeRequest, "")
		}
	}
}

// text is a required string that is not blank (@NotBlank) and no longer than
// the platform allows (@Size).
func (f *form) text(name, code string, most int) string {
	m, ok := f.must(name, code)
	if !ok {
		return ""
	}
	text, ok := m.Text()
	switch {
	case !ok:
		f.fail(WrongType, name, code, "not a string")
	case strings.TrimSpace(text) == "":
		f.fail(MissingMember, name, code, "blank")
	case units(text) > most:
		f.fail(TooLong, name, code, "more than "+strconv.Itoa(most)+" characters")
	default:
		return text
	}
	return ""
}

// id is a text without white space (eSignet's supported-id-regex).
func (f *form) id(name, code string, most int) string {
	id := f.text(name, code, most)
	if strings.ContainsFunc(id, isSpace) {
		f.fail(BadIdentifier, name, code, "white space")
		return ""
	}
	return id
}

// isSpace: what a Java regular expression means by \s.
func isSpace(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) }

// list is a required list of one to most different strings, each judged by
// check, which returns nil or a problem without a pointer.
func (f *form) list(name, code string, most int, check func(string) *Problem) []string {
	m, ok := f.must(name, code)
	if !ok {
		return nil
	}
	elements, ok := m.Array()
	if !ok {
		f.fail(WrongType, name, code, "not a list")
		return nil
	}
	if len(elements) == 0 {
		f.fail(MissingMember, name, code, "empty")
	}
	if len(elements) > most {
		f.fail(TooMany, name, code, "more than "+strconv.Itoa(most))
		return nil
	}
	var values []string
	for i, element := range elements {
		value, ok := element.Text()
		p := &Problem{Reason: WrongType, Detail: "not a string"}
		switch {
		case !ok:
		case strings.TrimSpace(value) == "":
			p = &Problem{Reason: MissingMember, Detail: "blank"}
		case slices.Contains(values, value):
			p = &Problem{Reason: NotUnique, Detail: quote(value)}
		default:
			p = check(value)
			values = append(values, value)
		}
		if p != nil {
			p.Pointer, p.Code = f.pointer+"/"+escape(name)+"/"+strconv.Itoa(i), code
			f.add(p)
		}
	}
	return values
}

// names is a clientNameLangMap.
func (f *form) names(name string) LanguageMap {
	const code = "invalid_client_name"
	m, ok := f.must(name, code)
	if !ok {
		return nil
	}
	object, ok := m.Object()
	switch {
	case !ok:
		f.fail(WrongType, name, code, "not an object")
		return nil
	case len(object) == 0:
		f.fail(MissingMember, name, code, "empty")
	case len(object) > MaxLanguages:
		f.fail(TooMany, name, code, "more than "+strconv.Itoa(MaxLanguages))
		return nil
	}
	names := make(LanguageMap, len(object))
	for _, entry := range object {
		text, ok := entry.Text()
		if !ok {
			pointer := f.pointer + "/" + escape(name) + "/" + escape(entry.Name)
			f.add(&Problem{Reason: WrongType, Pointer: pointer, Code: "invalid_client_name_value", Detail: "not a string"})
			continue
		}
		checkLanguageEntry(f.problems, f.pointer+"/"+escape(name), entry.Name, text)
		names[entry.Name] = text
	}
	return names
}

// key is a public key as an object.
func (f *form) key(name string, opts []Option) *Key {
	m, ok := f.must(name, codeKey)
	if !ok {
		return nil
	}
	object, ok := m.Object()
	if !ok {
		f.fail(WrongType, name, codeKey, "not an object")
		return nil
	}
	inSet := ""
	if _, set := object.Lookup("keys"); set {
		inSet = "/keys/0"
	}
	return f.parseKey(name, inSet, m.Raw, opts)
}

// parseKey reads a JWK; inSet is where the key is when the text is a JWK Set.
func (f *form) parseKey(name, inSet, text string, opts []Option) *Key {
	key, err := ParseKey([]byte(text), opts...)
	if err == nil {
		return key
	}
	e := err.(*Error) // all that ParseKey returns
	pointer := f.pointer + "/" + escape(name)
	if e.Member != "" && e.Member != "keys" {
		pointer += inSet
	}
	if e.Member != "" {
		pointer += "/" + escape(e.Member)
	}
	f.add(&Problem{Reason: e.Reason, Pointer: pointer, Code: codeKey, Detail: e.Detail, Err: e.Err})
	return nil
}

// checkLogo: Hibernate's @URL, narrowed to what a browser shows as a picture.
func checkLogo(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.Fragment == ""
}

func (f *form) logo(name string) string {
	uri := f.text(name, "invalid_uri", MaxURILength)
	if uri != "" && !checkLogo(uri) {
		f.fail(BadURI, name, "invalid_uri", "")
		return ""
	}
	return uri
}

func oneOf(r Reason, allowed ...string) func(string) *Problem {
	return func(value string) *Problem {
		if slices.Contains(allowed, value) {
			return nil
		}
		return &Problem{Reason: r, Detail: quote(value)}
	}
}

// timeLayout is the platform's yyyy-MM-dd'T'HH:mm:ss.SSS'Z'.
const timeLayout = "2006-01-02T15:04:05.000Z"

// time is the request's time, under either of the names that the platform
// uses.
func (f *form) time(o options) time.Time {
	name := "requesttime"
	if _, ok := f.object.Lookup(name); !ok {
		if _, ok := f.object.Lookup("requestTime"); ok {
			name = "requestTime"
		}
	}
	m, ok := f.member(name)
	if !ok {
		if o.timely != nil {
			f.fail(MissingMember, name, codeRequestTime, "")
		}
		return time.Time{}
	}
	text, _ := m.Text()
	at, err := time.Parse(timeLayout, text)
	switch {
	case err != nil:
		f.fail(BadTime, name, codeRequestTime, quote(text))
	case o.timely != nil && !o.timely(at):
		f.fail(StaleRequest, name, codeRequestDay, text)
	}
	return at
}

// OnDayOf accepts requests of the same UTC day alone: the rule of partner
// management. Without it, and without [Within], their time may be any.
func OnDayOf(now time.Time) Option {
	return func(o *options) {
		o.timely = func(t time.Time) bool {
			return t.UTC().Truncate(24 * time.Hour).Equal(now.UTC().Truncate(24 * time.Hour))
		}
	}
}

// Within accepts requests whose time is at most window away from now:
// eSignet's rule, with [ESignetWindow].
func Within(now time.Time, window time.Duration) Option {
	return func(o *options) {
		o.timely = func(t time.Time) bool { return !t.Before(now.Add(-window)) && !t.After(now.Add(window)) }
	}
}
