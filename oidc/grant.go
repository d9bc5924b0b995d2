package oidc

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

// A Claim is what a client may learn of a person under one name. A claim like
// address or name may be fed by several attributes; it is granted for those
// that the policy allows.
type Claim struct {
	Name       string
	Attributes []string // allowed, as the mapping spells them; nil where unknown
	Withheld   []string // the other parts of the claim, which the policy does not allow
}

// Partial reports whether a part of the claim is withheld.
func (c Claim) Partial() bool { return len(c.Withheld) > 0 }

// A Grant is what a policy allows a client.
type Grant struct {
	Claims []Claim  // sorted by name, each with at least one attribute
	ACRs   []string // sorted

	WithheldClaims []string      // mapped, and no attribute allowed
	WithheldACRs   []WithheldACR // known, and a factor not allowed
}

// A WithheldACR is an authentication context that the policy does not allow.
type WithheldACR struct {
	Value   string
	Factors []string // that are not allowed; none where the mapping gives it no factor
}

// Grant says what an auth policy allows its client. A claim is granted when
// the policy lists at least one of its attributes; an authentication context
// when the policy allows every factor of every method of it, and there is one.
//
// A policy that marks any factor mandatory cannot carry a client, and neither
// can one that leaves it without claims or without contexts; the error is a
// [*Refusal] with all of that and pointers into the policy.
func (m *Mapping) Grant(p *policy.Auth) (*Grant, error) {
	g, ps := new(Grant), new(problems)
	if decision := p.Decide(policy.AuthRequest{}); errors.Is(decision.Err(), policy.PolicyMissing) {
		ps.add(&Problem{Reason: PolicyMissing, Code: PolicyMissing.PlatformCode()})
		return nil, ps.err()
	}
	if m == nil {
		m = new(Mapping)
	}
	for i, t := range p.AuthTypes() {
		if t.Mandatory {
			ps.add(&Problem{
				Reason: MandatoryFactor, Pointer: "/allowedAuthTypes/" + strconv.Itoa(i) + "/mandatory",
				Code: MandatoryFactor.PlatformCode(), Detail: quote(strings.Trim(t.Type+"-"+t.SubType, "-")),
			})
		}
	}
	attributes := p.KYCAttributes()
	for _, rule := range m.claims {
		claim := Claim{Name: rule.name}
		for _, attribute := range rule.attributes {
			if slices.ContainsFunc(attributes, sameWord(attribute)) {
				claim.Attributes = append(claim.Attributes, attribute)
			} else {
				claim.Withheld = append(claim.Withheld, attribute)
			}
		}
		if len(claim.Attributes) > 0 {
			g.Claims = append(g.Claims, claim)
		} else {
			g.WithheldClaims = append(g.WithheldClaims, rule.name)
		}
	}
	for _, rule := range m.acrs {
		if withheld := rule.withheld(p); withheld == nil {
			g.ACRs = append(g.ACRs, rule.value)
		} else {
			g.WithheldACRs = append(g.WithheldACRs, *withheld)
		}
	}
	if len(g.Claims) == 0 {
		ps.add(&Problem{Reason: NoClaims, Pointer: "/allowedKycAttributes", Code: NoClaims.PlatformCode()})
	}
	if len(g.ACRs) == 0 {
		ps.add(&Problem{Reason: NoACRs, Pointer: "/allowedAuthTypes", Code: NoACRs.PlatformCode()})
	}
	if err := ps.err(); err != nil {
		return nil, err
	}
	return g, nil
}

// withheld is nil when the policy allows the context.
func (r acrRule) withheld(p *policy.Auth) *WithheldACR {
	var missing []string
	empty := len(r.factors) == 0
	for _, types := range r.factors {
		empty = empty || len(types) == 0
		for _, kind := range types {
			if !allowsFactor(p, kind) && !slices.Contains(missing, kind) {
				missing = append(missing, kind)
			}
		}
	}
	if !empty && missing == nil {
		return nil
	}
	return &WithheldACR{Value: r.value, Factors: missing}
}

// allowsFactor asks the policy itself whether a client may authenticate by a
// factor; of biometrics, which contexts do not tell apart, any will do.
func allowsFactor(p *policy.Auth, kind string) bool {
	subTypes := []string{""}
	if sameWord("bio")(kind) {
		subTypes = []string{"FINGER", "IRIS", "FACE"}
	}
	return slices.ContainsFunc(subTypes, func(sub string) bool {
		err := p.Decide(policy.AuthRequest{
			Operation: policy.OperationKYCAuth,
			Factors:   []policy.Factor{{Type: kind, SubType: sub}},
		}).Err()
		// Whether the operation is open, and what is mandatory, is not asked here.
		for _, reason := range [...]policy.Reason{
			policy.FactorNotAllowed, policy.UnknownFactor, policy.FactorNotForOperation, policy.BiometricUnspecified,
			policy.PolicyMissing, policy.RequestTooLarge, policy.UnknownOperation, policy.FactorMissing,
		} {
			if errors.Is(err, reason) {
				return false
			}
		}
		return true
	})
}
