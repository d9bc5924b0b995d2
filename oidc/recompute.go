package oidc

import (
	"slices"

	"github.com/mosip/partnertrust/policy"
)

// A Change is what another policy means to a client.
type Change struct {
	GainedClaims []string
	LostClaims   []string
	OtherParts   []ClaimChange // claims that the client keeps, and that become more or less
	GainedACRs   []string
	LostACRs     []string

	// Grant is what the client would have; nil when Refusal says why the policy
	// cannot carry it, and then all its claims and contexts are lost.
	Grant   *Grant
	Refusal error
}

// A ClaimChange says which attributes a claim gains or loses.
type ClaimChange struct {
	Name         string
	Gained, Lost []string
}

// Empty reports whether the client stays as it is.
func (c Change) Empty() bool {
	return c.Refusal == nil && c.GainedClaims == nil && c.LostClaims == nil && c.OtherParts == nil &&
		c.GainedACRs == nil && c.LostACRs == nil
}

// Recompute shows what changes for a client when its policy becomes p, by the
// documented default mapping; see [Mapping.Recompute].
func Recompute(c *Client, p *policy.Auth) Change { return DefaultMapping().Recompute(c, p) }

// Recompute shows what changes for a client when its policy becomes p. Nothing
// is changed: that is [Client.With] of the Grant, and [Clients.Update]. Parts
// of claims are compared where the client's are known.
func (m *Mapping) Recompute(c *Client, p *policy.Auth) Change {
	var change Change
	change.Grant, change.Refusal = m.Grant(p)
	if c == nil {
		c = new(Client)
	}
	after := change.Grant
	if after == nil {
		after = new(Grant)
	}
	change.GainedACRs, change.LostACRs = difference(c.ACRs, after.ACRs)
	names := func(claims []Claim) []string {
		out := make([]string, len(claims))
		for i, claim := range claims {
			out[i] = claim.Name
		}
		return out
	}
	change.GainedClaims, change.LostClaims = difference(names(c.Claims), names(after.Claims))
	for _, old := range c.Claims {
		i := slices.IndexFunc(after.Claims, func(claim Claim) bool { return claim.Name == old.Name })
		if i < 0 || old.Attributes == nil {
			continue
		}
		gained, lost := difference(old.Attributes, after.Claims[i].Attributes)
		if gained != nil || lost != nil {
			change.OtherParts = append(change.OtherParts, ClaimChange{old.Name, gained, lost})
		}
	}
	return change
}

// difference is nil where there is none, in the order of the lists.
func difference(before, after []string) (gained, lost []string) {
	for _, s := range after {
		if !slices.Contains(before, s) {
			gained = append(gained, s)
		}
	}
	for _, s := range before {
		if !slices.Contains(after, s) {
			lost = append(lost, s)
		}
	}
	return gained, lost
}
