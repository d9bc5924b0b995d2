package policy

import (
	"fmt"
	"strings"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// Lint reports what is valid and surely not meant, the worst first. A nil or
// zero policy has no findings.
func (p *Auth) Lint(in LintContext) []Finding {
	if p == nil || !p.parsed {
		return nil
	}
	l := &linter{in: in}
	if !p.hasTokenType {
		l.add(LintTokenTypeAbsent, Note, "", "", "authTokenType is absent, and the token then is random", `add "authTokenType": "random" or the type that is meant`)
	} else if p.token == "" {
		l.add(LintUnknownTerm, Error, "/authTokenType", string(p.tokenType), fmt.Sprintf("token type %q is unknown and refuses everything", p.tokenType),
			`use "random", "partner" or "policy"`)
	}
	if !p.hasAttributes {
		l.add(LintMemberAbsent, Note, "", "", "allowedKycAttributes is absent, which the platform's schema demands", `add "allowedKycAttributes": []`)
	}
	for i, t := range p.types {
		p.lintType(l, i, t.AuthType)
	}
	p.lintDuplicateTypes(l)
	p.lintOperations(l)
	p.lintAttributes(l)
	return l.done()
}

func (p *Auth) lintType(l *linter, i int, t AuthType) {
	pointer := strictjson.PointerIndex(authTypesPointer, i)
	switch w := wordOf(t.Type); {
	case w == unknownWord:
		suggestion := "use one of " + strings.Join(words[1:], ", ")
		if near := nearest(strings.ReplaceAll(t.Type, "_", "-"), words[1:]); near != "" {
			suggestion = fmt.Sprintf("did you mean %q?", near)
		}
		l.add(LintUnknownAuthType, Error, pointer+"/authType", t.Type, fmt.Sprintf("authType %q is unknown and allows nothing", t.Type), suggestion)
	case w == bio && t.SubType == "":
		l.add(LintBiometricUnspecified, Error, pointer, t.Type, "a bio entry without authSubType allows nothing", "add FINGER, IRIS or FACE")
	case w == bio && modalityOf(t.SubType) == 0:
		suggestion := "use FINGER, IRIS or FACE"
		if near := nearest(t.SubType, []string{"FINGER", "IRIS", "FACE"}); near != "" {
			suggestion = fmt.Sprintf("did you mean %q?", near)
		}
		l.add(LintUnknownBiometric, Error, pointer+"/authSubType", t.SubType, fmt.Sprintf("authSubType %q is unknown and allows nothing", t.SubType), suggestion)
	case w != bio && t.SubType != "":
		l.add(LintNeedlessSubType, Warning, pointer+"/authSubType", t.SubType, fmt.Sprintf("%s has no subtypes: %q narrows nothing", w, t.SubType), `leave it ""`)
	case w == kba:
		l.add(LintUnusedAuthType, Warning, pointer+"/authType", t.Type, "no operation authenticates by kba", "remove the entry")
	}
	if !t.Mandatory {
		return
	}
	if why := p.impossible(t); why != "" {
		l.add(LintMandatoryImpossible, Error, pointer+"/mandatory", t.words(), fmt.Sprintf("%s is mandatory and %s", t.words(), why), "make it optional, or allow what it needs")
	}
	if l.in.ForOIDCClient {
		l.add(LintMandatoryOIDC, Error, pointer+"/mandatory", t.words(), fmt.Sprintf("%s is mandatory, and the platform gives no OIDC client a policy that makes anything so", t.words()), "make it optional")
	}
}

// impossible says why no operation that the policy opens can satisfy a
// mandatory entry, or "".
func (p *Auth) impossible(t AuthType) string {
	w := wordOf(t.Type)
	m := mandatory{word: w, modality: modalityOf(t.SubType)}
	for i := range operations {
		op := &operations[i]
		open := op.permission == unknownWord || p.allowed.has(op.permission)
		if open && op.mandatory && m.satisfied(op, op.factors, finger|iris|face) && (w != bio || m.modality != 0) {
			return ""
		}
	}
	if w == unknownWord || w == kba || w == bio && m.modality == 0 {
		return "no request can satisfy it"
	}
	return "no operation that the policy opens and that looks at mandatory entries can satisfy it"
}

func (p *Auth) lintDuplicateTypes(l *linter) {
	type key struct{ name, sub string }
	first := map[key]int{}
	for i, t := range p.types {
		k := key{foldKey(t.Type), ""}
		if wordOf(t.Type) == bio || wordOf(t.Type) == unknownWord {
			k.sub = foldKey(t.SubType)
		}
		j, again := first[k]
		if !again {
			first[k] = i
			continue
		}
		pointer := strictjson.PointerIndex(authTypesPointer, i)
		if p.types[j].Mandatory != t.Mandatory {
			l.add(LintContradiction, Error, pointer, t.words(), fmt.Sprintf("%s is mandatory in one entry and optional in another, so it is mandatory", t.words()), "keep the one that is meant")
			continue
		}
		l.add(LintDuplicate, Warning, pointer, t.words(), fmt.Sprintf("%s stands in %s already", t.words(), strictjson.PointerIndex(authTypesPointer, j)), "remove one of the two")
	}
}

func (p *Auth) lintOperations(l *linter) {
	if p.allowed == 0 {
		l.add(LintNothingAllowed, Warning, authTypesPointer, "", "the policy allows nothing", "add what the partner needs, or give it no policy")
	}
	for _, w := range []word{kycExchange, vciExchange} {
		if p.allowed.has(w) && !p.allowed.has(kycAuth) {
			l.add(LintExchangeWithoutAuth, Warning, authTypesPointer, w.String(), fmt.Sprintf("%s exchanges a token that only kycauth gives, and kycauth is not allowed", w), `add "kycauth", or remove it`)
		}
	}
	for _, w := range []word{pwd, kbt, wla} {
		if p.allowed.has(w) && !p.allowed.has(kycAuth) {
			l.add(LintFactorUnreachable, Warning, authTypesPointer, w.String(), fmt.Sprintf("only kyc-auth authenticates by %s, and kycauth is not allowed", w), `add "kycauth", or remove it`)
		}
	}
	if p.allowed.has(otp) && !p.allowed.has(otpRequest) {
		l.add(LintFactorUnreachable, Note, authTypesPointer, otp.String(), "otp is allowed and asking for one is not", `add "otp-request", unless passwords come another way`)
	}
}

func (p *Auth) lintAttributes(l *linter) {
	releases := setOf(kyc, kycExchange, vciExchange)
	if len(p.attributes) > 0 && p.allowed&releases == 0 {
		l.add(LintAttributeUnreleased, Note, attributesPointer, "", "attributes are listed and no operation that releases any is allowed", `add "kyc" or "kycexchange", or remove them`)
	}
	first := map[string]int{}
	for i, a := range p.attributes {
		pointer := strictjson.PointerIndex(attributesPointer, i)
		if j, again := first[foldKey(a.name)]; again {
			l.add(LintDuplicate, Warning, pointer, a.name, fmt.Sprintf("%q stands in %s already", a.name, strictjson.PointerIndex(attributesPointer, j)), "remove one of the two")
			continue
		}
		first[foldKey(a.name)] = i
		l.name(pointer+"/attributeName", a.name)
	}
	seen := map[string]bool{}
	for i, language := range p.languages {
		pointer := strictjson.PointerIndex("/kycLanguages", i)
		if seen[foldKey(language)] {
			l.add(LintDuplicate, Warning, pointer, language, fmt.Sprintf("language %q stands here twice", language), "remove one of the two")
			continue
		}
		seen[foldKey(language)] = true
		l.language(pointer, language)
	}
}

// Lint reports what is valid and surely not meant, the worst first. A nil or
// zero policy has no findings.
func (p *MISP) Lint(LintContext) []Finding {
	if p == nil || !p.parsed {
		return nil
	}
	l := &linter{}
	// misp-policy-schema.json demands these three.
	for _, name := range []string{"allowAuthRequestDelegation", "allowKycRequestDelegation", "allowKeyBindingDelegation"} {
		if p.flag(name) == flagAbsent {
			l.add(LintMemberAbsent, Note, "", name, fmt.Sprintf("%s is absent and therefore false, and the platform's schema demands it", name), fmt.Sprintf("add %q: false, or true", name))
		}
	}
	if !p.DelegatesAuth() && !p.DelegatesKYC() && !p.DelegatesKeyBinding() && !p.DelegatesVCI() {
		l.add(LintNothingAllowed, Warning, "", "", "the policy delegates nothing", "set what the provider needs, or give it no policy")
	}
	return l.done()
}
