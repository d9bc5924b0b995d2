package oidc

import (
	"context"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

// Standing is what the host knows about who asks for a client. The zero
// Standing refuses.
type Standing struct {
	PartnerExists bool
	PartnerType   string // must be Auth_Partner, in any case
	PartnerActive bool

	PolicyExists    bool
	PolicyType      string // must be Auth
	PolicyMapped    bool   // to this partner, by a request
	MappingApproved bool   // that request
}

// Check says everything that stands against a client, in the order in which
// the platform asks (PMS ClientManagementServiceImpl.processCreateOIDCClient).
// Its error is a [*Refusal] with pointers into the create payload.
func (s Standing) Check() error {
	ps := new(problems)
	const partner, policyID = "/request/authPartnerId", "/request/policyId"
	require := func(ok bool, r Reason, pointer string) bool {
		if !ok {
			ps.add(&Problem{Reason: r, Pointer: pointer, Code: r.PlatformCode()})
		}
		return ok
	}
	if require(s.PartnerExists, PartnerMissing, partner) {
		require(strings.EqualFold(s.PartnerType, "Auth_Partner"), PartnerType, partner)
		require(s.PartnerActive, PartnerInactive, partner)
	}
	if require(s.PolicyExists, PolicyMissing, policyID) {
		require(s.PolicyType == "Auth", PolicyKind, policyID)
	}
	if s.PartnerExists && s.PolicyExists && require(s.PolicyMapped, PolicyNotMapped, policyID) {
		require(s.MappingApproved, MappingNotApproved, policyID)
	}
	return ps.err()
}

// Register makes the client that a request asks for and stores it, unless
// something stands against it: all of that is in the [*Refusal]. The key is
// looked for under every rule by the store.
func Register(ctx context.Context, store Clients, m *Mapping, r *ClientRequest, s Standing, p *policy.Auth) (*Client, error) {
	ps := new(problems)
	if r == nil || r.Key == nil {
		ps.add(&Problem{Reason: NotAClient})
		return nil, ps.err()
	}
	ps.merge(s.Check())
	grant, err := m.Grant(p)
	ps.merge(err)
	if err := ps.err(); err != nil {
		return nil, err
	}
	client, err := r.Client(grant)
	if err != nil {
		return nil, err
	}
	if err := store.Create(ctx, client); err != nil {
		return nil, err
	}
	return store.Client(ctx, client.ID)
}
