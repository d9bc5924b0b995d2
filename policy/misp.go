package policy

import "fmt"

// MISP is the policy of an infrastructure service provider: which requests it
// may pass on for partners. A flag that is missing is false. It is immutable and
// safe for concurrent use; a nil or zero MISP refuses everything.
type MISP struct {
	parsed     bool
	flags      [len(mispFlags)]flag
	extra      []extra
	deviations []*Problem
}

type flag uint8

const (
	flagAbsent flag = iota
	flagFalse
	flagTrue
)

// The members of a MISP policy (misp-policy-schema.json).
var mispFlags = [...]string{
	"trustBindedAuthVerificationToken",
	"allowAuthRequestDelegation",
	"allowKycRequestDelegation",
	"allowKeyBindingDelegation",
	"allowVciRequestDelegation",
}

func decodeMISP(d *decoder) *MISP {
	p := &MISP{parsed: true}
	root, ok := d.root()
	if !ok {
		return p
	}
	f := root.object(mispFlags[:]...)
	p.extra = f.extra
	for i, name := range mispFlags {
		if c, ok := f.may(name); ok {
			p.flags[i] = flagFalse
			if c.boolean() {
				p.flags[i] = flagTrue
			}
		}
	}
	return p
}

func (p *MISP) flag(name string) flag {
	for i, known := range mispFlags {
		if known == name {
			return p.flags[i]
		}
	}
	return flagAbsent
}

func (p *MISP) set(name string) bool { return p != nil && p.flag(name) == flagTrue }

// DelegatesAuth is allowAuthRequestDelegation.
func (p *MISP) DelegatesAuth() bool { return p.set("allowAuthRequestDelegation") }

// DelegatesKYC is allowKycRequestDelegation.
func (p *MISP) DelegatesKYC() bool { return p.set("allowKycRequestDelegation") }

// DelegatesKeyBinding is allowKeyBindingDelegation.
func (p *MISP) DelegatesKeyBinding() bool { return p.set("allowKeyBindingDelegation") }

// DelegatesVCI is allowVciRequestDelegation.
func (p *MISP) DelegatesVCI() bool { return p.set("allowVciRequestDelegation") }

// TrustsBoundTokens is trustBindedAuthVerificationToken: whether a token that
// was made with a bound key is taken from this provider. It opens no operation.
func (p *MISP) TrustsBoundTokens() bool { return p.set("trustBindedAuthVerificationToken") }

// Deviations are what [TolerateUnknown] forgave, in the order of the document.
func (p *MISP) Deviations() []*Problem {
	if p == nil {
		return nil
	}
	return cloneProblems(p.deviations)
}

// Decide answers whether this provider may pass on the operation for a partner:
// auth and otp-request need allowAuthRequestDelegation; kyc, kyc-auth and
// kyc-exchange allowKycRequestDelegation; key-binding allowKeyBindingDelegation;
// vci-exchange allowVciRequestDelegation. (KycAuthFilter, KycExchangeFilter,
// IdentityKeyBindingFilter and VciExchangeFilter name the last four; the format
// has no flag of its own for one-time passwords, whose only use is to
// authenticate.) The decision carries no attributes and no token type: what the
// partner may have is its own policy's question.
func (p *MISP) Decide(op Operation) Decision {
	if p == nil || !p.parsed {
		d := policyMissing()
		d[0].Code = "IDA-MPA-023"
		return Decision{Denials: d}
	}
	o := operationOf(op)
	if o == nil {
		return Decision{Denials: unknownOperation(op)}
	}
	if !p.set(o.delegation) {
		return Decision{Denials: []Denial{{
			Reason: DelegationForbidden, Code: o.delegationCode, Pointer: "/" + o.delegation, Subject: string(o.name),
			Message: fmt.Sprintf("the MISP policy does not set %s, which operation %s needs", o.delegation, o.name),
		}}}
	}
	return Decision{Allowed: true}
}

// MarshalJSON writes the canonical form: every flag that was read.
func (p *MISP) MarshalJSON() ([]byte, error) {
	if p == nil || !p.parsed {
		return nil, errNotParsed
	}
	e := &encoder{}
	e.object(func() {
		for i, name := range mispFlags {
			if p.flags[i] != flagAbsent {
				e.boolean(name, p.flags[i] == flagTrue)
			}
		}
		e.extras(p.extra)
	})
	return e.buf, nil
}
