package oidc

import (
	"encoding/json"
	"strings"
	"time"
)

// SentJWK is the JWK as it came, member by member, without the white space
// between them: what a host stores and sends on, because [JWKTextRule] and
// eSignet's hashes depend on the text. A key that came in another form is in
// canonical form.
func (k *Key) SentJWK() []byte {
	b := []byte{'{'}
	for i, m := range k.sent {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil { // cannot be: a string always has a JSON form
			return nil
		}
		b = append(append(append(b, name...), ':'), m.Raw...)
	}
	return append(b, '}')
}

// wrapped is the envelope as the platform reads it; id and version are sent
// even when they are empty.
type wrapped struct {
	ID       string          `json:"id"`
	Version  string          `json:"version"`
	Time     string          `json:"requesttime"`
	Metadata json.RawMessage `json:"metadata"`
	Request  any             `json:"request"`
}

func (e Envelope) wrap(request any) ([]byte, error) {
	w := wrapped{ID: e.ID, Version: e.Version, Metadata: e.Metadata, Request: request}
	if !e.Time.IsZero() {
		w.Time = e.Time.UTC().Format(timeLayout)
	}
	if len(w.Metadata) == 0 {
		w.Metadata = json.RawMessage("{}")
	}
	return json.Marshal(w)
}

// MarshalJSON writes the create payload: [V1] when there are no names in
// languages, otherwise V2, or V3 with additional configuration.
func (r *ClientRequest) MarshalJSON() ([]byte, error) {
	if r.Key == nil {
		return nil, NotAClient
	}
	return r.Envelope.wrap(struct {
		Name     string          `json:"name"`
		PolicyID string          `json:"policyId"`
		Key      json.RawMessage `json:"publicKey"`
		Partner  string          `json:"authPartnerId"`
		Logo     string          `json:"logoUri"`
		Redirect []string        `json:"redirectUris"`
		Grants   []string        `json:"grantTypes"`
		Methods  []string        `json:"clientAuthMethods"`
		Names    LanguageMap     `json:"clientNameLangMap,omitempty"`
		Config   json.RawMessage `json:"additionalConfig,omitempty"`
	}{r.Name, r.PolicyID, r.Key.SentJWK(), r.PartnerID, r.LogoURI, r.RedirectURIs, r.GrantTypes, r.AuthMethods, r.Names, r.AdditionalConfig})
}

// MarshalJSON writes the update payload, like that of [ClientRequest].
func (u *ClientUpdate) MarshalJSON() ([]byte, error) {
	return u.Envelope.wrap(struct {
		Logo     string          `json:"logoUri"`
		Redirect []string        `json:"redirectUris"`
		Status   Status          `json:"status"`
		Grants   []string        `json:"grantTypes"`
		Name     string          `json:"clientName"`
		Methods  []string        `json:"clientAuthMethods"`
		Names    LanguageMap     `json:"clientNameLangMap,omitempty"`
		Config   json.RawMessage `json:"additionalConfig,omitempty"`
	}{u.LogoURI, u.RedirectURIs, u.Status, u.GrantTypes, u.Name, u.AuthMethods, u.Names, u.AdditionalConfig})
}

// MarshalJSON writes the client as partner management's get answers it (its
// ClientDetail): publicKey is a string that holds the JWK, claims are names.
func (c *Client) MarshalJSON() ([]byte, error) {
	if c.Key == nil {
		return nil, NotAClient
	}
	claims := make([]string, len(c.Claims))
	for i, claim := range c.Claims {
		claims[i] = claim.Name
	}
	return json.Marshal(struct {
		ID       string      `json:"id"`
		Name     string      `json:"name"`
		PolicyID string      `json:"policyId"`
		Partner  string      `json:"relyingPartyId"`
		Logo     string      `json:"logoUri"`
		Redirect []string    `json:"redirectUris"`
		Key      string      `json:"publicKey"`
		Claims   []string    `json:"claims"`
		ACRs     []string    `json:"acrValues"`
		Status   Status      `json:"status"`
		Grants   []string    `json:"grantTypes"`
		Methods  []string    `json:"clientAuthMethods"`
		Names    LanguageMap `json:"clientNameLangMap,omitempty"`
	}{c.ID, c.Name, c.PolicyID, c.PartnerID, c.LogoURI, c.RedirectURIs, string(c.Key.SentJWK()), claims, c.ACRs,
		c.Status, c.GrantTypes, c.AuthMethods, c.Names})
}

// Answer is partner management's answer to a get: the client in its envelope.
// [ParseClient] reads it.
func (c *Client) Answer(at time.Time) ([]byte, error) {
	return json.Marshal(struct {
		ID       string   `json:"id"`
		Version  string   `json:"version"`
		Time     string   `json:"responsetime"`
		Metadata struct{} `json:"metadata"`
		Response *Client  `json:"response"`
		Errors   []string `json:"errors"`
	}{Time: at.UTC().Format(timeLayout), Response: c, Errors: []string{}})
}

// ParseClient reads and judges the answer to a get: the envelope with the
// client in response, or with the platform's errors. Its error is a
// [*Refusal]; each of the platform's errors is a Problem with its code.
//
// The parts of a claim are not in the payload: Attributes of each [Claim] are
// nil, which means unknown.
func ParseClient(data []byte, opts ...Option) (*Client, error) {
	f := &form{problems: new(problems)}
	object, err := requestLimits.ParseObject(data)
	if err != nil {
		f.add(fromText(err))
		return nil, f.err()
	}
	f.object = object
	f.read = []string{"id", "version", "responsetime", "responseTime", "metadata"}
	f.platformErrors()
	if f.err() != nil {
		return nil, f.err()
	}
	c := new(Client)
	if in, ok := f.inner("response"); ok {
		in.client(c, opts)
		in.end()
	}
	f.end()
	if err := f.err(); err != nil {
		return nil, err
	}
	return c, nil
}

func (f *form) platformErrors() {
	m, ok := f.member("errors")
	if !ok {
		return
	}
	elements, ok := m.Array()
	if !ok {
		f.fail(WrongType, "errors", codeRequestBody, "not a list")
	}
	for _, element := range elements {
		object, _ := element.Object()
		p := &Problem{Reason: PlatformRefused, Pointer: "/errors"}
		if code, ok := object.Lookup("errorCode"); ok {
			p.Code, _ = code.Text()
		}
		for _, name := range [...]string{"message", "errorMessage"} {
			if message, ok := object.Lookup(name); ok {
				p.Detail, _ = message.Text()
			}
		}
		f.add(p)
	}
}

func (f *form) client(c *Client, opts []Option) {
	c.ID = f.id("id", "invalid_client_id", MaxClientIDLength)
	c.Name = f.text("name", "invalid_client_name", MaxNameLength)
	c.PolicyID = f.id("policyId", PolicyMissing.PlatformCode(), MaxPolicyIDLength)
	f.optional("policyName")
	c.PartnerID = f.id("relyingPartyId", "invalid_rp_id", MaxPartnerIDLength)
	c.Key = f.keyText("publicKey", opts)
	any := func(string) *Problem { return nil }
	for _, name := range f.list("claims", "invalid_claim", MaxClaims, any) {
		c.Claims = append(c.Claims, Claim{Name: name})
	}
	c.ACRs = f.list("acrValues", "invalid_acr", MaxACRs, any)
	c.Status = f.status("status")
	if _, ok := f.object.Lookup("clientNameLangMap"); ok {
		if m, ok := f.member("clientNameLangMap"); ok && strings.TrimSpace(m.Raw) != "{}" {
			c.Names = f.names("clientNameLangMap")
		}
	}
	c.LogoURI, c.RedirectURIs, c.GrantTypes, c.AuthMethods = f.common(opts)
}

// keyText is a public key as a string that holds a JWK.
func (f *form) keyText(name string, opts []Option) *Key {
	m, ok := f.must(name, codeKey)
	if !ok {
		return nil
	}
	text, ok := m.Text()
	if !ok {
		f.fail(WrongType, name, codeKey, "not a string")
		return nil
	}
	return f.parseKey(name, "", text, opts)
}
