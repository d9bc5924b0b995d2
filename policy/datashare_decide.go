package policy

import (
	"fmt"
	"slices"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// ShareRequest names the attributes that a partner is to receive. The zero
// ShareRequest asks for nothing and is refused.
type ShareRequest struct {
	Attributes []string
	// All asks for everything that the policy shares, besides Attributes.
	All bool
}

// ShareDecision is the answer to one ShareRequest. The zero ShareDecision
// refuses and shares nothing.
type ShareDecision struct {
	// Allowed is true when everything that was asked for is granted.
	Allowed bool     `json:"allowed"`
	Denials []Denial `json:"denials,omitempty"` // every one, never only the first
	// Attributes are the grants: never anything that the policy does not list,
	// whatever was asked. Each stands on its own, so that a request of which a
	// part is refused still says what of it may be shared.
	Attributes []SharedAttribute `json:"attributes,omitempty"`
	Terms      Terms             `json:"terms"`
}

// Err is nil when everything was granted, and otherwise an error that joins
// every denial: errors.Is finds each [Reason], errors.As a [Denial].
func (d ShareDecision) Err() error { return denied(d.Allowed, d.Denials) }

// SharedAttribute is one attribute as the policy shares it.
type SharedAttribute struct {
	Name      string   `json:"name"`  // as the partner receives it
	Group     Group    `json:"group"` // "" or CBEFF
	Sources   []Source `json:"sources"`
	Format    string   `json:"format,omitempty"` // extraction, bestTwoFingers, YYYY, DD/MM/YYYY, RETRIEVE, ...
	Encrypted bool     `json:"encrypted"`
	Pointer   string   `json:"pointer"` // RFC 6901: the entry that grants it
}

// Group is what kind of data an attribute is.
type Group string

// GroupCBEFF marks biometric data; attributes without a group are demographic.
const GroupCBEFF Group = "CBEFF"

// Source is an attribute of the identity that the shared one is taken from;
// where there are several, in this order.
type Source struct {
	Attribute string   `json:"attribute"`
	Filters   []Filter `json:"filters,omitempty"`
	Pointer   string   `json:"pointer"`
}

// Filter narrows a source: biometric records by type and subtypes, a virtual id
// by its type (PERPETUAL, TEMPORARY), a text by its language. Subtypes that are
// nil do not narrow; a list of them that is empty lets nothing through.
type Filter struct {
	Type     string   `json:"type,omitempty"`
	SubTypes []string `json:"subTypes,omitzero"`
	Language string   `json:"language,omitempty"`
}

const shareablePointer = "/shareableAttributes"

// Decide answers what of the request the policy shares and on which terms. What
// the policy does not list is never granted, a photo or a name included; an
// attribute of an unknown group, or without a source, is refused with a reason;
// and so is everything when the terms are not complete or name a share type or
// an encryption that is unknown. An attribute that the policy lists more than
// once is granted once for each entry, in the policy's order.
func (p *DataShare) Decide(req ShareRequest) ShareDecision {
	if p == nil || !p.parsed {
		return ShareDecision{Denials: policyMissing()}
	}
	if len(req.Attributes) > MaxRequestEntries {
		return ShareDecision{Denials: requestTooLarge()}
	}
	if denials := p.denyTerms(); denials != nil {
		return ShareDecision{Denials: denials}
	}
	d := ShareDecision{Terms: p.terms}
	if req.All {
		for i := range p.attributes {
			d.grant(p, i)
		}
	}
	for _, name := range req.Attributes {
		first := p.names.find(name)
		if first < 0 {
			d.Denials = append(d.Denials, Denial{
				Reason: AttributeNotAllowed, Pointer: shareablePointer, Subject: name,
				Message: fmt.Sprintf("the policy does not share %q", name),
			})
			continue
		}
		if req.All || d.answers(p.attributes[first].name) {
			continue
		}
		for i := first; i >= 0; i = int(p.index[i]) - 1 {
			d.grant(p, i)
		}
	}
	if len(d.Attributes) == 0 && len(d.Denials) == 0 {
		d.Denials = []Denial{{Reason: NothingRequested, Pointer: shareablePointer, Message: "nothing was asked for, or nothing is shared"}}
	}
	d.Allowed = len(d.Denials) == 0
	return d
}

// answers is whether a name that the request repeats has had its answer.
func (d *ShareDecision) answers(name string) bool {
	for i := range d.Attributes {
		if equalFold(d.Attributes[i].Name, name) {
			return true
		}
	}
	for i := range d.Denials {
		if equalFold(d.Denials[i].Subject, name) {
			return true
		}
	}
	return false
}

func (d *ShareDecision) grant(p *DataShare, i int) {
	a := &p.attributes[i]
	pointer := strictjson.PointerIndex(shareablePointer, i)
	group := Group("")
	if a.group == groupNamed {
		// The group of the platform's credential service is one constant, CBEFF.
		if !equalFold(a.groupName, string(GroupCBEFF)) {
			d.Denials = append(d.Denials, Denial{
				Reason: UnknownGroup, Pointer: pointer + "/group", Subject: a.name,
				Message: fmt.Sprintf("%q is of group %q, which is unknown", a.name, a.groupName),
			})
			return
		}
		group = GroupCBEFF
	}
	if !a.complete() {
		d.Denials = append(d.Denials, Denial{
			Reason: SourceMissing, Pointer: pointer, Subject: a.name,
			Message: fmt.Sprintf("%q is shared from no source", a.name),
		})
		return
	}
	d.Attributes = append(d.Attributes, SharedAttribute{
		Name: a.name, Group: group, Sources: a.publicSources(pointer), Format: a.format, Encrypted: a.encrypted, Pointer: pointer,
	})
}

// complete is false for an entry that the tolerant reading let in without a
// name, a source or the word on encryption.
func (a *shareable) complete() bool {
	if !a.hasName || !a.hasEncr || len(a.sources) == 0 {
		return false
	}
	for _, s := range a.sources {
		if s.attribute == "" {
			return false
		}
	}
	return true
}

func (a *shareable) publicSources(pointer string) []Source {
	out := make([]Source, len(a.sources))
	for i, s := range a.sources {
		out[i] = Source{Attribute: s.attribute, Pointer: strictjson.PointerIndex(pointer+"/source", i)}
		for _, x := range s.filters {
			f := x.Filter
			f.SubTypes = slices.Clone(f.SubTypes)
			out[i].Filters = append(out[i].Filters, f)
		}
	}
	return out
}

func (p *DataShare) denyTerms() []Denial {
	var denials []Denial
	for term, name := range termNames {
		if !p.termFields[term] {
			denials = append(denials, Denial{
				Reason: TermsMissing, Pointer: "/dataSharePolicies", Subject: name,
				Message: fmt.Sprintf("the policy does not say %s", name),
			})
		}
	}
	if t := p.terms.Type; p.termFields[termType] && t != ShareByURL && t != ShareDirect {
		denials = append(denials, Denial{
			Reason: UnknownShareType, Pointer: "/dataSharePolicies/typeOfShare", Subject: string(t),
			Message: fmt.Sprintf("share type %q is unknown", t),
		})
	}
	if e := p.terms.Encryption; p.termFields[termEncryption] && e != EncryptionPartner && e != EncryptionNone {
		denials = append(denials, Denial{
			Reason: UnknownEncryption, Pointer: "/dataSharePolicies/encryptionType", Subject: string(e),
			Message: fmt.Sprintf("encryption type %q is unknown", e),
		})
	}
	return denials
}
