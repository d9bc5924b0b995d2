package policy

import "github.com/mosip/partnertrust/policy/internal/strictjson"

// what a permission word opens, in an approver's words.
var opens = [wordCount]string{
	kyc:         "authentication with release of data (kyc)",
	otpRequest:  "requests for one-time passwords (otp-request)",
	kycAuth:     "authentication through OIDC (kycauth)",
	kycExchange: "release of data through OIDC (kycexchange)",
	keyBinding:  "binding of wallet keys (keybinding)",
	vciExchange: "issue of verifiable credentials (vciexchange)",
}

func (d *differ) auth(old, new *Auth) {
	if old == nil {
		old = &Auth{}
	}
	if new == nil {
		new = &Auth{}
	}
	d.entries(new, old, Widens, "allows ")
	d.entries(old, new, Narrows, "no longer allows ")
	d.mandatory(old, new, Widens, "no longer demands ")
	d.mandatory(new, old, Narrows, "demands ")
	d.names(new, old, Widens, "releases ")
	d.names(old, new, Narrows, "no longer releases ")
	d.languages(new, old, Widens, "releases data in language ")
	d.languages(old, new, Narrows, "no longer releases data in language ")
	if old.token == new.token {
		return
	}
	switch {
	case old.token == "":
		d.add(Widens, "/authTokenType", string(new.token), "gives tokens of type ", string(new.token))
	case new.token == "":
		d.add(Narrows, "/authTokenType", string(new.tokenType), "gives no tokens any more: the token type is unknown")
	default:
		d.add(Alters, "/authTokenType", string(new.token), "gives tokens of type ", string(new.token), " instead of ", string(old.token))
	}
}

// entries are what one policy allows and the other does not.
func (d *differ) entries(p, other *Auth, e Effect, verb string) {
	var seen wordSet
	var seenBio modality
	for i, t := range p.types {
		w, m := wordOf(t.Type), modality(0)
		pointer := strictjson.PointerIndex(authTypesPointer, i)
		switch {
		case w == unknownWord || w == kba:
			continue
		case w == bio:
			m = modalityOf(t.SubType)
			if m == 0 || m&(other.modalities|seenBio) != 0 {
				continue
			}
			seenBio |= m
		case other.allowed.has(w) || seen.has(w):
			continue
		}
		seen = seen.with(w)
		what := opens[w]
		if what == "" {
			what = "authentication by " + t.words()
		}
		d.add(e, pointer, t.words(), verb, what)
	}
}

// mandatory are the entries that one policy makes so and the other does not.
func (d *differ) mandatory(p, other *Auth, e Effect, verb string) {
	for i, m := range p.mandatory {
		t := p.types[m.index].AuthType
		if other.demands(t) || p.demandsBefore(i, t) {
			continue
		}
		d.add(e, strictjson.PointerIndex(authTypesPointer, m.index), t.words(), verb, t.words())
	}
}

func (p *Auth) demands(t AuthType) bool { return p.demandsBefore(len(p.mandatory), t) }

func (p *Auth) demandsBefore(n int, t AuthType) bool {
	for _, m := range p.mandatory[:n] {
		if p.types[m.index].words() == t.words() {
			return true
		}
	}
	return false
}

func (d *differ) names(p, other *Auth, e Effect, verb string) {
	for i, a := range p.attributes {
		if other.attributeSet.find(a.name) >= 0 || p.attributeSet.find(a.name) < i {
			continue
		}
		d.add(e, strictjson.PointerIndex(attributesPointer, i), a.name, verb, a.name)
	}
}

func (d *differ) languages(p, other *Auth, e Effect, verb string) {
	for i, l := range p.languages {
		if other.languageSet.find(l) >= 0 || p.languageSet.find(l) < i {
			continue
		}
		d.add(e, strictjson.PointerIndex("/kycLanguages", i), l, verb, l)
	}
}
