package policy

import "github.com/mosip/partnertrust/policy/internal/strictjson"

// DataShare is a datashare policy: which attributes a partner may receive, from
// which sources, and on which terms. It is immutable and safe for concurrent
// use; a nil or zero DataShare refuses everything.
type DataShare struct {
	parsed      bool
	hasTerms    bool
	terms       Terms
	termFields  [6]bool // which of the terms the document names
	hasProtocol bool
	termsExtra  []extra
	attributes  []shareable
	hasShares   bool
	extra       []extra
	deviations  []*Problem

	index []int32 // the next entry of the same name, from 1
	names foldSet
}

// shareable is one entry of shareableAttributes.
type shareable struct {
	name       string
	group      groupMember
	groupName  string
	sources    []source
	encrypted  bool
	format     string
	hasFormat  bool
	hasSources bool
	hasName    bool
	hasEncr    bool
	extra      []extra
}

// groupMember tells an absent group from null, which the format takes for the same.
type groupMember uint8

const (
	groupAbsent groupMember = iota
	groupNull
	groupNamed
)

type source struct {
	attribute    string
	hasAttribute bool
	filters      []filter
	hasFilters   bool
	extra        []extra
}

type filter struct {
	Filter
	hasType, hasSubTypes, hasLanguage bool
	extra                             []extra
}

// Deviations are what [TolerateUnknown] forgave, in the order of the document.
func (p *DataShare) Deviations() []*Problem {
	if p == nil {
		return nil
	}
	return cloneProblems(p.deviations)
}

// Terms are on which terms the policy shares.
func (p *DataShare) Terms() Terms {
	if p == nil {
		return Terms{}
	}
	return p.terms
}

// decodeDataShare reads what the platform's datashare-policy schema describes;
// objects that the schema leaves open are closed here.
func decodeDataShare(d *decoder) *DataShare {
	p := &DataShare{parsed: true}
	root, ok := d.root()
	if !ok {
		return p
	}
	f := root.object("dataSharePolicies", "shareableAttributes")
	p.extra = f.extra
	if c, ok := f.must("dataSharePolicies"); ok {
		p.hasTerms = true
		p.decodeTerms(c)
	}
	if c, ok := f.must("shareableAttributes"); ok {
		p.hasShares = true
		for _, item := range c.items() {
			p.attributes = append(p.attributes, decodeShareable(item))
		}
	}
	p.compile()
	return p
}

func decodeShareable(c cursor) shareable {
	f := c.object("attributeName", "group", "source", "encrypted", "format")
	a := shareable{extra: f.extra}
	if c, ok := f.must("attributeName"); ok {
		a.name, a.hasName = c.str(), true
	}
	if c, ok := f.may("group"); ok {
		if c.node.Kind == strictjson.Null {
			a.group = groupNull
		} else {
			a.group, a.groupName = groupNamed, c.str()
		}
	}
	if c, ok := f.must("source"); ok {
		a.hasSources = true
		for _, item := range c.items() {
			a.sources = append(a.sources, decodeSource(item))
		}
	}
	if c, ok := f.must("encrypted"); ok {
		a.encrypted, a.hasEncr = c.boolean(), true
	}
	if c, ok := f.may("format"); ok {
		a.format, a.hasFormat = c.str(), true
	}
	return a
}

func decodeSource(c cursor) source {
	f := c.object("attribute", "filter")
	s := source{extra: f.extra}
	if c, ok := f.must("attribute"); ok {
		s.attribute, s.hasAttribute = c.str(), true
	}
	if c, ok := f.may("filter"); ok {
		s.hasFilters = true
		for _, item := range c.items() {
			s.filters = append(s.filters, decodeFilter(item))
		}
	}
	return s
}

func decodeFilter(c cursor) filter {
	f := c.object("type", "subType", "language")
	x := filter{extra: f.extra}
	if c, ok := f.may("type"); ok {
		x.Type, x.hasType = c.str(), true
	}
	if c, ok := f.may("subType"); ok {
		x.SubTypes, x.hasSubTypes = c.strings(), true
	}
	if c, ok := f.may("language"); ok {
		x.Language, x.hasLanguage = c.str(), true
	}
	return x
}

// compile chains the entries of one name, so that a decision finds all of them.
func (p *DataShare) compile() {
	names := make([]string, len(p.attributes))
	for i, a := range p.attributes {
		names[i] = a.name
	}
	p.names = newFoldSet(names)
	p.index = make([]int32, len(names))
	last := make(map[string]int, len(names))
	for i, name := range names {
		key := foldKey(name)
		if before, ok := last[key]; ok {
			p.index[before] = int32(i) + 1
		}
		last[key] = i
	}
}

// MarshalJSON writes the canonical form: every member that was read, members in
// the documented order, entries in the document's order, no white space.
func (p *DataShare) MarshalJSON() ([]byte, error) {
	if p == nil || !p.parsed {
		return nil, errNotParsed
	}
	e := &encoder{}
	e.object(func() {
		if p.hasTerms {
			e.name("dataSharePolicies")
			p.encodeTerms(e)
		}
		if p.hasShares {
			e.array("shareableAttributes", len(p.attributes), func(i int) { p.attributes[i].encode(e) })
		}
		e.extras(p.extra)
	})
	return e.buf, nil
}

func (a *shareable) encode(e *encoder) {
	e.object(func() {
		if a.hasName {
			e.str("attributeName", a.name)
		}
		switch a.group {
		case groupNull:
			e.name("group")
			e.buf = append(e.buf, "null"...)
		case groupNamed:
			e.str("group", a.groupName)
		}
		if a.hasSources {
			e.array("source", len(a.sources), func(i int) { a.sources[i].encode(e) })
		}
		if a.hasEncr {
			e.boolean("encrypted", a.encrypted)
		}
		if a.hasFormat {
			e.str("format", a.format)
		}
		e.extras(a.extra)
	})
}

func (s *source) encode(e *encoder) {
	e.object(func() {
		if s.hasAttribute {
			e.str("attribute", s.attribute)
		}
		if s.hasFilters {
			e.array("filter", len(s.filters), func(i int) { s.filters[i].encode(e) })
		}
		e.extras(s.extra)
	})
}

func (x *filter) encode(e *encoder) {
	e.object(func() {
		if x.hasType {
			e.str("type", x.Type)
		}
		if x.hasSubTypes {
			e.strings("subType", x.SubTypes)
		}
		if x.hasLanguage {
			e.str("language", x.Language)
		}
		e.extras(x.extra)
	})
}
