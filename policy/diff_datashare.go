package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// granting are the entries that a decision would grant, by folded name.
type granting struct {
	order []string
	of    map[string][]SharedAttribute
}

func grantsOf(p *DataShare) granting {
	g := granting{of: map[string][]SharedAttribute{}}
	for _, a := range p.Decide(ShareRequest{All: true}).Attributes {
		key := foldKey(a.Name)
		if g.of[key] == nil {
			g.order = append(g.order, key)
		}
		g.of[key] = append(g.of[key], a)
	}
	return g
}

func (d *differ) dataShare(old, new *DataShare) {
	was, is := grantsOf(old), grantsOf(new)
	for _, key := range is.order {
		a, b := unmatched(was.of[key], is.of[key]), unmatched(is.of[key], was.of[key])
		for i := range b {
			if i < len(a) {
				d.attribute(a[i], b[i])
				continue
			}
			d.add(Widens, b[i].Pointer, b[i].Name, "shares ", b[i].words())
		}
	}
	for _, key := range was.order {
		a, b := unmatched(was.of[key], is.of[key]), unmatched(is.of[key], was.of[key])
		for i := len(b); i < len(a); i++ {
			d.add(Narrows, a[i].Pointer, a[i].Name, "no longer shares ", a[i].words())
		}
	}
	if len(was.order) > 0 && len(is.order) > 0 {
		d.terms(old.terms, new.terms)
	} else if len(is.order) > 0 {
		d.newTerms(new.terms)
	}
}

// unmatched are the entries that have no twin in other: a name may be listed
// more than once, and then the order of its entries is no difference.
func unmatched(entries, other []SharedAttribute) []SharedAttribute {
	left := make(map[string]int)
	for _, o := range other {
		left[foldKey(o.words())]++
	}
	var out []SharedAttribute
	for _, e := range entries {
		key := foldKey(e.words())
		if left[key] > 0 {
			left[key]--
			continue
		}
		out = append(out, e)
	}
	return out
}

// words says what is shared, how.
func (a SharedAttribute) words() string {
	var b strings.Builder
	b.WriteString(a.Name)
	if a.Group == GroupCBEFF {
		b.WriteString(" (biometrics)")
	}
	if a.Encrypted {
		b.WriteString(", encrypted")
	} else {
		b.WriteString(", in clear")
	}
	if a.Format != "" {
		b.WriteString(", as " + a.Format)
	}
	if len(a.Sources) != 1 || !equalFold(a.Sources[0].Attribute, a.Name) || len(a.Sources[0].Filters) > 0 {
		sources := make([]string, len(a.Sources))
		for i, s := range a.Sources {
			sources[i] = s.words()
		}
		b.WriteString(", from " + strings.Join(sources, " and "))
	}
	return b.String()
}

func (s Source) words() string {
	if len(s.Filters) == 0 {
		return s.Attribute
	}
	filters := make([]string, len(s.Filters))
	for i, f := range s.Filters {
		filters[i] = f.words()
	}
	return fmt.Sprintf("%s (%s)", s.Attribute, strings.Join(filters, "; "))
}

func (d *differ) attribute(old, new SharedAttribute) {
	switch {
	case old.Encrypted && !new.Encrypted:
		d.add(Widens, new.Pointer+"/encrypted", new.Name, "shares ", new.Name, " in clear, no longer encrypted")
	case !old.Encrypted && new.Encrypted:
		d.add(Narrows, new.Pointer+"/encrypted", new.Name, "shares ", new.Name, " encrypted, no longer in clear")
	}
	if old.Format != new.Format {
		d.add(Alters, new.Pointer+"/format", new.Name, "shares ", new.Name, " as ", orNone(new.Format), " instead of ", orNone(old.Format))
	}
	if old.Group != new.Group {
		d.add(Alters, new.Pointer+"/group", new.Name, "shares ", new.Name, " as group ", orNone(string(new.Group)), " instead of ", orNone(string(old.Group)))
	}
	d.sources(old, new)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// sources compares where an attribute comes from. Filters of biometrics add up,
// so that one more widens; those of a text narrow it in ways that only a reader
// can weigh.
func (d *differ) sources(old, new SharedAttribute) {
	for i, s := range new.Sources {
		if i >= len(old.Sources) || !equalFold(s.Attribute, old.Sources[i].Attribute) {
			d.add(Widens, s.Pointer, new.Name, "shares ", new.Name, " from ", s.words())
			continue
		}
		o := old.Sources[i]
		if new.Group != GroupCBEFF || old.Group != GroupCBEFF {
			if o.words() != s.words() {
				d.add(Alters, s.Pointer, new.Name, "shares ", new.Name, " from ", s.words(), " instead of ", o.words())
			}
			continue
		}
		d.filters(s, o, Widens, new.Name, "shares ")
		d.filters(o, s, Narrows, new.Name, "no longer shares ")
	}
	for i, s := range old.Sources {
		if i >= len(new.Sources) || !equalFold(s.Attribute, new.Sources[i].Attribute) {
			d.add(Narrows, s.Pointer, old.Name, "no longer shares ", old.Name, " from ", s.words())
		}
	}
}

// filters are what one source selects that the other does not.
func (d *differ) filters(s, other Source, e Effect, name, verb string) {
	for i, f := range s.Filters {
		if !isBiometricType(f.Type) {
			continue
		}
		pointer := strictjson.PointerIndex(s.Pointer+"/filter", i)
		if f.SubTypes == nil {
			if !other.selectsAll(f.Type) {
				d.add(e, pointer, name, verb, "every ", f.Type, " of ", s.Attribute)
			}
			continue
		}
		for j, sub := range f.SubTypes {
			if !slices.ContainsFunc(other.Filters, func(o Filter) bool { return o.selects(Biometric{f.Type, sub}) }) {
				d.add(e, strictjson.PointerIndex(pointer+"/subType", j), name, verb, f.Type, " ", sub, " of ", s.Attribute)
			}
		}
	}
}

func (s Source) selectsAll(biometric string) bool {
	return slices.ContainsFunc(s.Filters, func(f Filter) bool { return f.SubTypes == nil && equalFold(f.Type, biometric) })
}

func (d *differ) newTerms(t Terms) {
	d.add(Widens, "/dataSharePolicies", "terms", fmt.Sprintf("shares as %q for %d minutes, readable %s, encryption %q", t.Type, t.ValidFor, t.Transactions.words(), t.Encryption))
}

func (d *differ) terms(old, new Terms) {
	const at = "/dataSharePolicies/"
	change := func(e Effect, member, from, to string) {
		d.add(e, at+member, member, fmt.Sprintf("shares with %s %s instead of %s", member, to, from))
	}
	if old.ValidFor != new.ValidFor {
		change(direction(new.ValidFor > old.ValidFor), "validForInMinutes", fmt.Sprint(int64(old.ValidFor)), fmt.Sprint(int64(new.ValidFor)))
	}
	if a, b := old.Transactions.reach(), new.Transactions.reach(); a != b {
		change(direction(b > a), "transactionsAllowed", old.Transactions.words(), new.Transactions.words())
	}
	if old.Encryption != new.Encryption {
		change(direction(new.Encryption == EncryptionNone), "encryptionType", quoted(old.Encryption), quoted(new.Encryption))
	}
	if old.Type != new.Type {
		change(Alters, "typeOfShare", quoted(old.Type), quoted(new.Type))
	}
	if old.Domain != new.Domain {
		change(Alters, "shareDomain", quoted(old.Domain), quoted(new.Domain))
	}
	if old.Source != new.Source {
		change(Alters, "source", quoted(old.Source), quoted(new.Source))
	}
	if old.Protocol != new.Protocol {
		change(Alters, "protocol", quoted(old.Protocol), quoted(new.Protocol))
	}
}

func quoted[S ~string](s S) string { return fmt.Sprintf("%q", string(s)) }

func direction(widens bool) Effect {
	if widens {
		return Widens
	}
	return Narrows
}

// reach orders numbers of reads by what they allow.
func (t Transactions) reach() int64 {
	left, unlimited := t.Left(0)
	if unlimited {
		return MaxTransactions + 1
	}
	return left
}
