package policy

import (
	"fmt"
	"strings"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// Lint reports what is valid and surely not meant, the worst first. A nil or
// zero policy has no findings.
func (p *DataShare) Lint(in LintContext) []Finding {
	if p == nil || !p.parsed {
		return nil
	}
	l := &linter{in: in}
	p.lintTerms(l)
	if len(p.attributes) == 0 {
		l.add(LintNothingAllowed, Note, shareablePointer, "", "the policy shares nothing", "add what the partner needs; a policy that only carries files may stay so")
	}
	seen := map[string]int{}
	for i := range p.attributes {
		p.lintAttribute(l, i, seen)
	}
	return l.done()
}

func (p *DataShare) lintTerms(l *linter) {
	for _, d := range p.denyTerms() {
		l.add(LintUnknownTerm, Error, d.Pointer, d.Subject, d.Message+", so that everything is refused", "use a value of the documented format")
	}
	if p.termFields[termValidFor] && p.terms.ValidFor == 0 {
		l.add(LintExpiresAtOnce, Warning, validForPointer, "0", "the share expires the moment it is made", "give it the minutes that a partner needs to fetch it")
	}
	if !p.termFields[termTransactions] {
		return
	}
	switch t := p.terms.Transactions; {
	case t == Unlimited:
		l.add(LintUnlimitedReads, Warning, transactionsPointer, "-1", "the share may be read any number of times until it expires", "set the number of reads that the partner needs")
	case t <= 0:
		l.add(LintNeverReadable, Warning, transactionsPointer, fmt.Sprint(int64(t)), "the share can never be read", "set the number of reads that the partner needs")
	}
}

func (p *DataShare) lintAttribute(l *linter, i int, seen map[string]int) {
	a := &p.attributes[i]
	pointer := strictjson.PointerIndex(shareablePointer, i)
	if j, again := seen[foldKey(a.name)]; again {
		l.add(LintDuplicate, Warning, pointer, a.name, fmt.Sprintf("%q stands in %s already, and both are shared", a.name, strictjson.PointerIndex(shareablePointer, j)), "keep one entry with all its sources")
	} else {
		seen[foldKey(a.name)] = i
	}
	biometric := a.group == groupNamed && equalFold(a.groupName, string(GroupCBEFF))
	if a.group == groupNamed && !biometric {
		l.add(LintUnknownGroup, Error, pointer+"/group", a.groupName, fmt.Sprintf("group %q is unknown, so that %q is refused", a.groupName, a.name), `use "CBEFF" for biometrics and no group otherwise`)
	}
	if biometric && a.format == "" {
		l.add(LintFormatAbsent, Warning, pointer, a.name, fmt.Sprintf("%q says no format, which the platform wants of biometrics", a.name), `add "format": "extraction" or the one that is meant`)
	}
	if !a.complete() {
		l.add(LintSourceMissing, Error, pointer, a.name, fmt.Sprintf("%q is shared from no source", a.name), "name a source attribute")
	}
	if !a.encrypted && p.termFields[termEncryption] && p.terms.Encryption == EncryptionNone {
		l.add(LintSharedInClear, Note, pointer+"/encrypted", a.name, fmt.Sprintf("%q is shared in clear: neither it nor the share is encrypted", a.name), `set "encrypted": true, or encryptionType "Partner Based"`)
	}
	for j := range a.sources {
		lintSource(l, strictjson.PointerIndex(pointer+"/source", j), &a.sources[j], biometric)
	}
}

func lintSource(l *linter, pointer string, s *source, biometric bool) {
	// Sources may be paths into a packet ("CNIE/verification/biometrics"), which no
	// identity schema lists.
	if s.attribute != "" && !strings.Contains(s.attribute, "/") {
		l.name(pointer+"/attribute", s.attribute)
	}
	if biometric && len(s.filters) == 0 {
		l.add(LintFilterNeverMatches, Error, pointer, s.attribute, fmt.Sprintf("no filter says which biometrics of %q are shared, so that none are", s.attribute), `add "filter": [{"type": "Finger"}] or the types that are meant`)
	}
	for i := range s.filters {
		f := &s.filters[i].Filter
		here := strictjson.PointerIndex(pointer+"/filter", i)
		if f.Language != "" {
			l.language(here+"/language", f.Language)
		}
		if biometric {
			lintBiometricFilter(l, here, f)
		}
	}
}

func lintBiometricFilter(l *linter, pointer string, f *Filter) {
	for _, t := range biometricTypes {
		if !equalFold(t.name, f.Type) {
			continue
		}
		if f.SubTypes != nil && len(f.SubTypes) == 0 {
			l.add(LintFilterNeverMatches, Error, pointer+"/subType", f.Type, "an empty list of subtypes selects nothing", "name the subtypes, or remove the member to take every "+t.name)
		}
		for i, sub := range f.SubTypes {
			if contains(t.subTypes, sub) {
				continue
			}
			suggestion := fmt.Sprintf("%s has no subtypes: remove it", t.name)
			if len(t.subTypes) > 0 {
				suggestion = "use one of " + strings.Join(quoteAll(t.subTypes), ", ")
			}
			if near := nearest(sub, t.subTypes); near != "" {
				suggestion = fmt.Sprintf("did you mean %q?", near)
			}
			l.add(LintFilterNeverMatches, Error, strictjson.PointerIndex(pointer+"/subType", i), sub, fmt.Sprintf("no %s has subtype %q", t.name, sub), suggestion)
		}
		return
	}
	suggestion := "use Finger, Iris or Face"
	if near := nearest(f.Type, []string{"Finger", "Iris", "Face"}); near != "" {
		suggestion = fmt.Sprintf("did you mean %q?", near)
	}
	l.add(LintFilterNeverMatches, Error, pointer, f.Type, fmt.Sprintf("%q is not a biometric type, so that nothing is selected", f.Type), suggestion)
}
