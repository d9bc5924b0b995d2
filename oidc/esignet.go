package oidc

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// A Platform is one of the eSignet services, whose limits differ. The zero
// value is none.
type Platform int

const (
	// ESignetJava is eSignet's Java service, since 1.8.
	ESignetJava Platform = iota + 1
	// ESignetGo is its Go port, which counts bytes, knows fewer claims and wants
	// a kid in every key.
	ESignetGo
)

var (
	claimsGo = []string{
		"name", "given_name", "middle_name", "preferred_username", "nickname", "gender", "birthdate", "email",
		"phone_number", "picture", "address",
	}
	acrsJava = []string{
		"mosip:idp:acr:knowledge", "mosip:idp:acr:password", "mosip:idp:acr:static-code", "mosip:idp:acr:generated-code",
		"mosip:idp:acr:linked-wallet", "mosip:idp:acr:biometrics",
	}
	acrsGo    = append([]string{"mosip:idp:acr:id-token"}, acrsJava...)
	acrsGoPut = acrsJava[2:] // of the update of a client without names in languages
)

// CheckESignet holds a client to the limits of the eSignet service that it is
// to be sent to; partner management asks for less in places. The pointers are
// into eSignet's own create payload. Its error is a [*Refusal].
func (c *Client) CheckESignet(p Platform) error { return c.checkESignet(p, false) }

// CheckESignetUpdate is [Client.CheckESignet] for eSignet's update.
func (c *Client) CheckESignetUpdate(p Platform) error { return c.checkESignet(p, true) }

func (c *Client) checkESignet(p Platform, update bool) error {
	e := &eSignetCheck{port: p == ESignetGo}
	if p != ESignetJava && p != ESignetGo {
		e.add(&Problem{Reason: UnknownVersion})
		return e.err()
	}
	e.id("clientId", c.ID, "invalid_client_id")
	e.text("clientName", c.Name, "invalid_client_name", MaxNameLength, MaxNameBytesGo)
	for _, code := range sortedKeys(c.Names) {
		checkLanguageEntry(&e.problems, "/request/clientNameLangMap", code, c.Names[code])
	}
	e.id("relyingPartyId", c.PartnerID, "invalid_rp_id")
	if e.text("logoUri", c.LogoURI, "invalid_uri", MaxURILength, MaxLogoBytesGo); !checkLogo(c.LogoURI) {
		e.fail(BadURI, "logoUri", "invalid_uri", "")
	}
	claims, acrs, grant := defaultClaims, acrsJava, "unsupported_grant_type"
	if e.port {
		claims, acrs, grant = claimsGo, acrsGo, "invalid_grant_type"
		if update && c.Names == nil {
			acrs = acrsGoPut
		}
	}
	names := make([]string, len(c.Claims))
	for i, claim := range c.Claims {
		names[i] = claim.Name
	}
	if e.port || len(names) > 0 { // the Java service takes a client without claims
		e.list("userClaims", names, "invalid_claim", MaxClaims, oneOf(UnknownClaim, claims...))
	}
	e.list("authContextRefs", c.ACRs, "invalid_acr", MaxACRs, oneOf(UnknownACR, acrs...))
	e.list("redirectUris", c.RedirectURIs, codeRedirect, MaxRedirectURIs, func(uri string) *Problem {
		_, problem := splitRedirect(uri)
		return problem
	})
	e.list("grantTypes", c.GrantTypes, grant, MaxGrantTypes, oneOf(UnsupportedGrant, "authorization_code"))
	e.list("clientAuthMethods", c.AuthMethods, "invalid_client_auth", MaxAuthMethods, oneOf(UnsupportedAuthMethod, "private_key_jwt"))
	if c.Status != Active && c.Status != Inactive {
		e.fail(UnknownStatus, "status", "invalid_status", "")
	}
	e.key(c.Key)
	return e.err()
}

type eSignetCheck struct {
	problems
	port bool
}

func (e *eSignetCheck) fail(r Reason, name, code, detail string) {
	e.add(&Problem{Reason: r, Pointer: "/request/" + name, Code: code, Detail: detail})
}

func (e *eSignetCheck) id(name, value, code string) {
	e.text(name, value, code, MaxClientIDLength, MaxIDBytesGo)
	if strings.ContainsFunc(value, isSpace) {
		e.fail(BadIdentifier, name, code, "white space")
	}
}

func (e *eSignetCheck) text(name, value, code string, most, mostBytes int) {
	switch {
	case strings.TrimSpace(value) == "":
		e.fail(MissingMember, name, code, "blank")
	case !e.port && units(value) > most:
		e.fail(TooLong, name, code, "more than "+strconv.Itoa(most)+" characters")
	case e.port && len(value) > mostBytes:
		e.fail(TooLong, name, code, "more than "+strconv.Itoa(mostBytes)+" bytes")
	}
}

func (e *eSignetCheck) list(name string, values []string, code string, most int, check func(string) *Problem) {
	switch {
	case len(values) == 0:
		e.fail(MissingMember, name, code, "empty")
	case len(values) > most:
		e.fail(TooMany, name, code, "more than "+strconv.Itoa(most))
	}
	for i, value := range values {
		p := check(value)
		if p == nil && slices.Contains(values[:i], value) {
			p = &Problem{Reason: NotUnique, Detail: quote(value)}
		}
		if p != nil {
			p.Pointer, p.Code = "/request/"+name+"/"+strconv.Itoa(i), code
			e.add(p)
		}
	}
}

// key: both services register RSA and EC alone; the port wants strict
// base64url and a kid (esignet-service/internal/clientmgmt/jwk_validate.go).
func (e *eSignetCheck) key(k *Key) {
	const code = "invalid_public_key"
	switch {
	case k == nil:
		e.fail(MissingMember, "publicKey", code, "")
	case k.kty == "OKP":
		e.fail(UnsupportedKeyType, "publicKey/kty", code, "RSA and EC only")
	case e.port && k.crv == "secp256k1":
		e.fail(UnsupportedCurve, "publicKey/crv", code, "")
	case e.port:
		if kid, err := text(k.sent, "kid"); err != nil || kid == "" {
			e.fail(MissingMember, "publicKey/kid", code, "")
		}
		for _, m := range k.sent {
			value, ok := m.Text()
			if !ok {
				e.fail(WrongType, "publicKey/"+escape(m.Name), code, "not a string")
			}
			if len(m.Name) == 1 { // n, e, x, y
				if _, err := base64.RawURLEncoding.DecodeString(value); err != nil {
					e.fail(Malformed, "publicKey/"+escape(m.Name), code, "not base64url without padding")
				}
			}
		}
	}
}

func sortedKeys(m LanguageMap) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
