package oidc

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// A Client is a registered client of eSignet.
type Client struct {
	ID               string
	Name             string
	Names            LanguageMap // nil for clients of [V1]
	PolicyID         string
	PartnerID        string // relyingPartyId
	Key              *Key
	LogoURI          string
	RedirectURIs     []string
	Claims           []Claim  // sorted by name
	ACRs             []string // sorted
	GrantTypes       []string
	AuthMethods      []string
	AdditionalConfig json.RawMessage
	Status           Status

	// Revision counts the changes of a stored client; a [Clients] store sets
	// it. See [Clients.Update].
	Revision int64
}

// Clone is a copy that shares nothing but the key, which never changes.
func (c *Client) Clone() *Client {
	if c == nil {
		return nil
	}
	out := *c
	out.Names = maps.Clone(c.Names)
	out.RedirectURIs = slices.Clone(c.RedirectURIs)
	out.ACRs = slices.Clone(c.ACRs)
	out.GrantTypes = slices.Clone(c.GrantTypes)
	out.AuthMethods = slices.Clone(c.AuthMethods)
	out.AdditionalConfig = bytes.Clone(c.AdditionalConfig)
	out.Claims = slices.Clone(c.Claims)
	for i, claim := range out.Claims {
		out.Claims[i].Attributes = slices.Clone(claim.Attributes)
		out.Claims[i].Withheld = slices.Clone(claim.Withheld)
	}
	return &out
}

// AllowsRedirect reports whether the client may be answered at this URI, by
// the rules of [MatchRedirect].
func (c *Client) AllowsRedirect(uri string) bool {
	return c != nil && slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		return MatchRedirect(registered, uri)
	})
}

// NameIn is the client's name in a language (ISO 639-3), or else the one in no
// language.
func (c *Client) NameIn(code string) string {
	if name, ok := c.Names.In(code); ok {
		return name
	}
	return c.Name
}

// With is the client with what a policy allows.
func (c *Client) With(g *Grant) *Client {
	out := c.Clone()
	granted := (&Client{Claims: g.Claims, ACRs: g.ACRs}).Clone()
	out.Claims, out.ACRs = granted.Claims, granted.ACRs
	return out
}

// Client is the client that the request asks for, with what the policy
// allows: id by [CurrentRule], status ACTIVE.
func (r *ClientRequest) Client(g *Grant) (*Client, error) {
	if r == nil || r.Key == nil || g == nil {
		return nil, NotAClient
	}
	c := &Client{
		ID: r.Key.currentID(), Name: r.Name, Names: r.Names, PolicyID: r.PolicyID, PartnerID: r.PartnerID, Key: r.Key,
		LogoURI: r.LogoURI, RedirectURIs: r.RedirectURIs, GrantTypes: r.GrantTypes, AuthMethods: r.AuthMethods,
		AdditionalConfig: r.AdditionalConfig, Status: Active,
	}
	return c.With(g), nil
}

// Apply is the client with the update. A client that is not active cannot be
// changed ([ClientInactive]), not even to become active again. An update of
// [V1] leaves the names in other languages, one of V1 or V2 the additional
// configuration, as they are.
func (u *ClientUpdate) Apply(c *Client) (*Client, error) {
	switch {
	case u == nil || c == nil || u.Status == "":
		return nil, NotAClient
	case c.Status != Active:
		return nil, ClientInactive
	}
	out := *c
	out.Name, out.Status, out.LogoURI = u.Name, u.Status, u.LogoURI
	out.RedirectURIs, out.GrantTypes, out.AuthMethods = u.RedirectURIs, u.GrantTypes, u.AuthMethods
	if u.Names != nil {
		out.Names = u.Names
	}
	if u.AdditionalConfig != nil {
		out.AdditionalConfig = u.AdditionalConfig
	}
	return out.Clone(), nil
}
