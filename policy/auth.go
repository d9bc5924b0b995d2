package policy

import "slices"

// TokenType says which token a partner receives for a person.
type TokenType string

// The token types of the platform (IDA's AuthFacadeImpl.getToken).
const (
	TokenRandom  TokenType = "random"  // another one every time; what an absent authTokenType means
	TokenPartner TokenType = "partner" // the same for one partner
	TokenPolicy  TokenType = "policy"  // the same for one partner under one policy
)

// AuthType is an entry of allowedAuthTypes: an authentication factor or the
// permission word of an operation.
type AuthType struct {
	Type      string // bio, otp, kycauth, ...
	SubType   string // FINGER, IRIS or FACE for bio, "" otherwise
	Mandatory bool
}

// Auth is an auth policy: which operations and factors a partner may use and
// which attributes it may receive. It is immutable and safe for concurrent use.
// A nil or zero Auth refuses everything.
type Auth struct {
	parsed        bool
	types         []authType
	hasTypes      bool
	attributes    []kycAttribute
	hasAttributes bool
	languages     []string
	hasLanguages  bool
	tokenType     TokenType
	hasTokenType  bool
	extra         []extra
	deviations    []*Problem

	// Compiled by compile, read by Decide.
	allowed      wordSet
	modalities   modality
	mandatory    []mandatory
	attributeSet foldSet
	languageSet  foldSet
	token        TokenType // "" when the document names one that is unknown
}

type authType struct {
	AuthType
	hasType      bool
	hasSubType   bool
	hasMandatory bool
	extra        []extra
}

type kycAttribute struct {
	name    string
	hasName bool
	extra   []extra
}

// mandatory is an entry that the request must satisfy.
type mandatory struct {
	index    int
	word     word
	modality modality
}

// AuthTypes lists the entries of allowedAuthTypes in the document's order.
func (p *Auth) AuthTypes() []AuthType {
	if p == nil {
		return nil
	}
	out := make([]AuthType, len(p.types))
	for i, t := range p.types {
		out[i] = t.AuthType
	}
	return out
}

// KYCAttributes lists the names in allowedKycAttributes in the document's order.
func (p *Auth) KYCAttributes() []string {
	if p == nil {
		return nil
	}
	return p.attributeNames()
}

func (p *Auth) attributeNames() []string {
	out := make([]string, len(p.attributes))
	for i, a := range p.attributes {
		out[i] = a.name
	}
	return out
}

// KYCLanguages lists kycLanguages in the document's order.
func (p *Auth) KYCLanguages() []string {
	if p == nil {
		return nil
	}
	return slices.Clone(p.languages)
}

// TokenType is the authTokenType; an absent one means [TokenRandom], an unknown
// one (which only [TolerateUnknown] lets in) is "".
func (p *Auth) TokenType() TokenType {
	if p == nil {
		return ""
	}
	return p.token
}

// Deviations are what [TolerateUnknown] forgave, in the order of the document.
func (p *Auth) Deviations() []*Problem {
	if p == nil {
		return nil
	}
	return cloneProblems(p.deviations)
}

func cloneProblems(problems []*Problem) []*Problem {
	out := make([]*Problem, len(problems))
	for i, p := range problems {
		c := *p
		out[i] = &c
	}
	return out
}

// decodeAuth reads what the platform's auth-policy schema describes. It asks
// less in two places, and both are safe: without authTokenType the platform's
// default applies, without allowedKycAttributes nothing is released. (The sample
// policy in eSignet's guide to client management carries neither.)
func decodeAuth(d *decoder) *Auth {
	p := &Auth{parsed: true}
	root, ok := d.root()
	if !ok {
		return p
	}
	f := root.object("authTokenType", "allowedKycAttributes", "allowedAuthTypes", "kycLanguages")
	p.extra = f.extra
	if c, ok := f.may("authTokenType"); ok {
		p.hasTokenType = true
		p.tokenType = TokenType(c.word(string(TokenRandom), string(TokenPartner), string(TokenPolicy)))
	}
	if c, ok := f.may("allowedKycAttributes"); ok {
		p.hasAttributes = true
		for _, item := range c.items() {
			p.attributes = append(p.attributes, decodeKYCAttribute(item))
		}
	}
	if c, ok := f.must("allowedAuthTypes"); ok {
		p.hasTypes = true
		for _, item := range c.items() {
			p.types = append(p.types, decodeAuthType(item))
		}
	}
	if c, ok := f.may("kycLanguages"); ok {
		p.hasLanguages = true
		p.languages = c.strings()
	}
	p.compile()
	return p
}

func decodeKYCAttribute(c cursor) kycAttribute {
	f := c.object("attributeName")
	a := kycAttribute{extra: f.extra}
	if c, ok := f.must("attributeName"); ok {
		a.name, a.hasName = c.str(), true
	}
	return a
}

func decodeAuthType(c cursor) authType {
	f := c.object("authSubType", "authType", "mandatory")
	t := authType{extra: f.extra}
	if c, ok := f.may("authSubType"); ok {
		t.SubType, t.hasSubType = c.str(), true
	}
	if c, ok := f.must("authType"); ok {
		t.Type, t.hasType = c.str(), true
	}
	if c, ok := f.must("mandatory"); ok {
		t.Mandatory, t.hasMandatory = c.boolean(), true
	}
	return t
}

// compile turns the lists into what Decide can answer from without allocating.
func (p *Auth) compile() {
	for i, t := range p.types {
		w := wordOf(t.Type)
		var m modality
		if w == bio {
			m = modalityOf(t.SubType)
			p.modalities |= m
		}
		// A bio entry without a known subtype names nothing that a request could carry.
		if w != unknownWord && (w != bio || m != 0) {
			p.allowed = p.allowed.with(w)
		}
		if t.Mandatory {
			p.mandatory = append(p.mandatory, mandatory{i, w, m})
		}
	}
	p.attributeSet = newFoldSet(p.attributeNames())
	p.languageSet = newFoldSet(p.languages)
	switch {
	case !p.hasTokenType:
		p.token = TokenRandom
	case p.tokenType == TokenRandom, p.tokenType == TokenPartner, p.tokenType == TokenPolicy:
		p.token = p.tokenType
	}
}

// MarshalJSON writes the canonical form: every member that was read, members in
// the documented order, entries in the document's order, no white space.
func (p *Auth) MarshalJSON() ([]byte, error) {
	if p == nil || !p.parsed {
		return nil, errNotParsed
	}
	e := &encoder{}
	e.object(func() {
		if p.hasTokenType {
			e.str("authTokenType", string(p.tokenType))
		}
		if p.hasAttributes {
			e.array("allowedKycAttributes", len(p.attributes), func(i int) { p.attributes[i].encode(e) })
		}
		if p.hasTypes {
			e.array("allowedAuthTypes", len(p.types), func(i int) { p.types[i].encode(e) })
		}
		if p.hasLanguages {
			e.strings("kycLanguages", p.languages)
		}
		e.extras(p.extra)
	})
	return e.buf, nil
}

func (a kycAttribute) encode(e *encoder) {
	e.object(func() {
		if a.hasName {
			e.str("attributeName", a.name)
		}
		e.extras(a.extra)
	})
}

func (t authType) encode(e *encoder) {
	e.object(func() {
		if t.hasSubType {
			e.str("authSubType", t.SubType)
		}
		if t.hasType {
			e.str("authType", t.Type)
		}
		if t.hasMandatory {
			e.boolean("mandatory", t.Mandatory)
		}
		e.extras(t.extra)
	})
}
