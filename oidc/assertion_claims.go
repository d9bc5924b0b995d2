package oidc

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// checkClaims collects everything that stands against the payload (RFC 7523
// section 3, OpenID Connect Core section 9).
func (a *Authenticator) checkClaims(clientID string, payload jose.Object) (*Assertion, error) {
	f := &form{problems: new(problems), object: payload}
	got := &Assertion{ClientID: clientID}
	f.exactly("iss", clientID, WrongIssuer)
	f.exactly("sub", clientID, WrongSubject)
	got.Audience = f.audience(a.audiences)
	if jti, ok := f.claim("jti"); ok {
		text, ok := jti.Text()
		switch {
		case !ok:
			f.fail(WrongType, "jti", codeClient, "not a string")
		case strings.TrimSpace(text) == "":
			f.fail(MissingMember, "jti", codeClient, "blank")
		case len(text) > MaxJTILength:
			f.fail(TooLong, "jti", codeClient, fmt.Sprintf("more than %d bytes", MaxJTILength))
		}
		got.ID = text
	}
	a.checkTimes(f, got)
	if err := f.err(); err != nil {
		return nil, err
	}
	return got, nil
}

func (a *Authenticator) checkTimes(f *form, got *Assertion) {
	now := a.now()
	exp, hasExp := f.date("exp", true)
	iat, hasIAT := f.date("iat", true)
	if hasExp && !now.Before(exp.Add(a.leeway)) {
		f.fail(Expired, "exp", codeClient, now.Sub(exp).String()+" ago")
	}
	if hasIAT && iat.After(now.Add(a.leeway)) {
		f.fail(NotYetValid, "iat", codeClient, "in "+iat.Sub(now).String())
	}
	if hasExp && hasIAT {
		switch {
		case !exp.After(iat):
			f.fail(Expired, "exp", codeClient, "not after iat")
		case exp.Sub(iat) > a.lifetime:
			f.fail(LifetimeTooLong, "exp", codeClient, "longer than "+a.lifetime.String())
		}
	}
	if nbf, ok := f.date("nbf", false); ok && nbf.After(now.Add(a.leeway)) {
		f.fail(NotYetValid, "nbf", codeClient, "in "+nbf.Sub(now).String())
	}
	got.IssuedAt, got.Expires = iat, exp
}

// claim finds a claim that must be there.
func (f *form) claim(name string) (jose.Member, bool) { return f.must(name, codeClient) }

func (f *form) exactly(name, want string, r Reason) {
	m, ok := f.claim(name)
	if !ok {
		return
	}
	if got, ok := m.Text(); !ok || got != want {
		f.fail(r, name, codeClient, quote(got))
	}
}

// audience: a string or a list of strings, of which one is this server (RFC
// 7519 section 4.1.3).
func (f *form) audience(ours []string) []string {
	m, ok := f.claim("aud")
	if !ok {
		return nil
	}
	elements := []jose.Member{m}
	if list, ok := m.Array(); ok {
		elements = list
	}
	if len(elements) > MaxAudiences {
		f.fail(TooMany, "aud", codeClient, fmt.Sprintf("more than %d", MaxAudiences))
		return nil
	}
	var audience []string
	found := false
	for _, element := range elements {
		text, ok := element.Text()
		if !ok {
			f.fail(WrongType, "aud", codeClient, "not a string or a list of strings")
			return nil
		}
		audience = append(audience, text)
		found = found || oneOf(WrongAudience, ours...)(text) == nil
	}
	if !found {
		f.fail(WrongAudience, "aud", codeClient, "")
	}
	return audience
}

// date is a NumericDate (RFC 7519 section 2): seconds since 1970, which may
// have a fraction.
func (f *form) date(name string, required bool) (time.Time, bool) {
	m, ok := f.member(name)
	if !ok {
		if required {
			f.fail(MissingMember, name, codeClient, "")
		}
		return time.Time{}, false
	}
	at, err := numericDate(m.Raw)
	if err != nil {
		f.fail(WrongType, name, codeClient, err.Error())
		return time.Time{}, false
	}
	return at, true
}

// maxDate is the last second of the year 9999.
const maxDate = 253402300799

var errDate = errors.New("not a number of seconds between the years 1970 and 9999")

func numericDate(raw string) (time.Time, error) {
	seconds, err := strconv.ParseFloat(raw, 64)
	// ParseFloat takes more than JSON has; what is here begins like a number.
	if err != nil || raw[0] < '0' || raw[0] > '9' || seconds > maxDate {
		return time.Time{}, errDate
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(fraction*1e9)).UTC(), nil
}
