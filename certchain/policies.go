package certchain

import (
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Certificate policies: RFC 5280 §6.1 with the valid policy graph of RFC 9618,
// which has at most one node for each policy and depth where the tree of the
// older text could have exponentially many.

// policyNode is a policy that is valid at one depth of the graph.
type policyNode struct {
	parents  []*policyNode
	expected []string // policies that satisfy it one depth further down
	any      bool     // its policy is anyPolicy
	live     bool     // it is an ancestor of a node at the last depth
}

// policyLevel holds the nodes of one depth by policy (OID content octets). An
// empty level means that the graph is NULL, here and below.
type policyLevel map[string]*policyNode

const anyPolicy = "\x55\x1d\x20\x00"

// policyState holds the state variables of RFC 5280 §6.1.2.
type policyState struct {
	levels        []policyLevel
	explicit      int // explicit_policy
	mapping       int // policy_mapping
	inhibitAny    int // inhibit_anyPolicy
	initial       map[string]bool
	emptied       *certificate // at which the graph became NULL
	emptiedDepth  int
	contradiction string // why, for a person
}

func policyID(oid x509.OID) string {
	b, _ := oid.MarshalBinary() // never fails (crypto/x509)
	return string(b)
}

func policyText(id string) string {
	var oid x509.OID
	if oid.UnmarshalBinary([]byte(id)) != nil {
		return fmt.Sprintf("%x", id)
	}
	return oid.String()
}

func policyList(ids []string) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = policyText(id)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// judgePolicies walks a complete path from the anchor down (§6.1.2 to §6.1.5)
// and returns the user-constrained policy set.
func (s *search) judgePolicies(path []*certificate) ([]string, []*Finding) {
	if s.unpoliced(path) {
		return nil, nil
	}
	var found findings
	n := len(path) - 1 // the anchor is not one of the n certificates
	st := s.initialPolicies(path[n], n)
	for depth := n - 1; depth >= 0; depth-- {
		c := path[depth]
		if len(c.Policies) > maxPolicies || len(c.PolicyMappings) > maxPolicies {
			found.add(PolicyRejected, c, depth, fmt.Sprintf("more than %d policies or mappings", maxPolicies))
			return nil, found.list
		}
		st.process(c, depth)
		if st.explicit == 0 && st.null() {
			// §6.1.3 (f).
			found.add(PolicyRejected, st.emptied, st.emptiedDepth, "a policy is required here, and "+st.contradiction)
			return nil, found.list
		}
		if depth > 0 {
			if problem := st.prepare(c, depth); problem != "" {
				found.add(PolicyRejected, c, depth, problem)
				return nil, found.list
			}
		}
	}
	leaf := path[0]
	// §6.1.5 (a), (b).
	if st.explicit > 0 {
		st.explicit--
	}
	if leaf.RequireExplicitPolicyZero {
		st.explicit = 0
	}
	valid, constrained := st.constrained()
	if st.explicit == 0 && len(constrained) == 0 {
		if st.null() {
			found.add(PolicyRejected, st.emptied, st.emptiedDepth, "a policy is required, and "+st.contradiction)
		} else {
			found.add(PolicyRejected, leaf, 0, fmt.Sprintf("the path is valid for %s, asked was for %s",
				policyList(valid), policyList(slices.Collect(maps.Keys(st.initial)))))
		}
		return nil, found.list
	}
	return constrained, nil
}

// unpoliced: nobody requires a policy, and the topmost certificate below the
// anchor has none, so that none can hold for the path. So are most.
func (s *search) unpoliced(path []*certificate) bool {
	if s.explicitPolicy || path[len(path)-2].present.has(extCertificatePolicies) {
		return false
	}
	return !slices.ContainsFunc(path, func(c *certificate) bool {
		return c.present.has(extPolicyConstraints) || c.present.has(extPolicyMappings)
	})
}

// initialPolicies: §6.1.2, with what the anchor's own certificate says counted
// as part of the input (RFC 5937 §3).
func (s *search) initialPolicies(anchor *certificate, n int) *policyState {
	after := func(now bool) int {
		if now {
			return 0
		}
		return n + 1
	}
	st := &policyState{
		levels:     []policyLevel{{anyPolicy: {expected: []string{anyPolicy}, any: true}}},
		explicit:   after(s.explicitPolicy),
		mapping:    after(s.inhibitMapping),
		inhibitAny: after(s.inhibitAnyPolicy),
		initial:    map[string]bool{},
		emptied:    anchor,
	}
	for _, oid := range s.policies {
		st.initial[policyID(oid)] = true
	}
	if len(st.initial) == 0 {
		st.initial[anyPolicy] = true
	}
	if s.profile.unconstrainAnchors {
		return st
	}
	st.constrain(anchor)
	if len(anchor.Policies) > 0 {
		st.restrictInitial(anchor.Policies)
	}
	return st
}

// restrictInitial intersects the initial set with an anchor's policies.
func (st *policyState) restrictInitial(policies []x509.OID) {
	allowed := map[string]bool{}
	for _, oid := range policies {
		allowed[policyID(oid)] = true
	}
	switch {
	case allowed[anyPolicy]:
	case st.initial[anyPolicy]:
		st.initial = allowed
	default:
		maps.DeleteFunc(st.initial, func(id string, _ bool) bool { return !allowed[id] })
	}
}

func (st *policyState) last() policyLevel { return st.levels[len(st.levels)-1] }
func (st *policyState) null() bool        { return len(st.last()) == 0 }

// process: §6.1.3 (d) and (e), as RFC 9618 §5.3 has them.
func (st *policyState) process(c *certificate, depth int) {
	above, level := st.last(), policyLevel{}
	st.levels = append(st.levels, level)
	if len(above) == 0 {
		return
	}
	expecting := map[string][]*policyNode{}
	for id, node := range above {
		if id == anyPolicy {
			continue
		}
		for _, e := range node.expected {
			expecting[e] = append(expecting[e], node)
		}
	}
	anyAbove := above[anyPolicy]
	own := map[string]bool{}
	for _, oid := range c.Policies {
		id := policyID(oid)
		if own[id] = true; id == anyPolicy {
			continue
		}
		parents := expecting[id]
		if len(parents) == 0 && anyAbove != nil {
			parents = []*policyNode{anyAbove}
		}
		if len(parents) > 0 {
			level[id] = &policyNode{parents: parents, expected: []string{id}}
		}
	}
	if own[anyPolicy] && (st.inhibitAny > 0 || depth > 0 && c.selfIssued()) {
		for id, parents := range expecting {
			if level[id] == nil {
				level[id] = &policyNode{parents: parents, expected: []string{id}}
			}
		}
		if anyAbove != nil {
			level[anyPolicy] = &policyNode{parents: []*policyNode{anyAbove}, expected: []string{anyPolicy}, any: true}
		}
	}
	if len(level) == 0 {
		st.emptied, st.emptiedDepth = c, depth
		if st.contradiction = "the certificate names none"; len(own) > 0 {
			st.contradiction = fmt.Sprintf("none of the certificate's (%s) is allowed by those above", policyList(slices.Collect(maps.Keys(own))))
		}
	}
}

// prepare: §6.1.4 (a), (b) and (h) to (j).
func (st *policyState) prepare(c *certificate, depth int) (problem string) {
	level := st.last()
	mapped := map[string][]string{}
	for _, m := range c.PolicyMappings {
		from, to := policyID(m.IssuerDomainPolicy), policyID(m.SubjectDomainPolicy)
		if from == anyPolicy || to == anyPolicy {
			return "it maps anyPolicy"
		}
		mapped[from] = append(mapped[from], to)
	}
	if len(level) > 0 {
		st.applyMappings(level, mapped)
		if len(level) == 0 {
			st.emptied, st.emptiedDepth = c, depth
			st.contradiction = "all of the certificate's are mapped where mapping is inhibited"
		}
	}
	if !c.selfIssued() {
		for _, counter := range []*int{&st.explicit, &st.mapping, &st.inhibitAny} {
			if *counter > 0 {
				*counter--
			}
		}
	}
	st.constrain(c)
	return ""
}

func (st *policyState) applyMappings(level policyLevel, mapped map[string][]string) {
	for from, to := range mapped {
		switch node := level[from]; {
		case st.mapping == 0:
			delete(level, from)
		case node != nil:
			node.expected = to
		case level[anyPolicy] != nil:
			level[from] = &policyNode{parents: level[anyPolicy].parents, expected: to}
		}
	}
}

// constrain lowers the counters to what the certificate says: §6.1.4 (i), (j).
func (st *policyState) constrain(c *certificate) {
	lower := func(counter *int, value int, zero bool) {
		if (value > 0 || zero) && value < *counter {
			*counter = value
		}
	}
	lower(&st.explicit, c.RequireExplicitPolicy, c.RequireExplicitPolicyZero)
	lower(&st.mapping, c.InhibitPolicyMapping, c.InhibitPolicyMappingZero)
	lower(&st.inhibitAny, c.InhibitAnyPolicy, c.InhibitAnyPolicyZero)
}

// constrained returns the authority- and the user-constrained policy set:
// §6.1.5 (g), as RFC 9618 §5.6 has it.
func (st *policyState) constrained() (valid, constrained []string) {
	if st.null() {
		return nil, nil
	}
	for _, node := range st.last() {
		node.live = true
	}
	authority := map[string]bool{}
	for i := len(st.levels) - 1; i > 0; i-- {
		for id, node := range st.levels[i] {
			if !node.live {
				continue
			}
			for _, parent := range node.parents {
				parent.live = true
				if parent.any && !node.any {
					authority[id] = true
				}
			}
		}
	}
	anyAtLeaf := st.last()[anyPolicy] != nil
	for id := range authority {
		if st.initial[anyPolicy] || st.initial[id] {
			constrained = append(constrained, id)
		}
	}
	if anyAtLeaf {
		// The leaf is good for any policy, so for each that was asked for.
		authority[anyPolicy] = true
		for id := range st.initial {
			if !slices.Contains(constrained, id) {
				constrained = append(constrained, id)
			}
		}
	}
	slices.Sort(constrained)
	return slices.Collect(maps.Keys(authority)), constrained
}
