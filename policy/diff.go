package policy

import "strings"

// Effect is what a difference does to what a partner may do.
type Effect string

// The effects.
const (
	Widens  Effect = "widens"  // allows something that was forbidden
	Narrows Effect = "narrows" // forbids something that was allowed
	Alters  Effect = "alters"  // neither for sure: read it
)

// Difference is one change between two policies, as an approver reads it.
type Difference struct {
	Effect  Effect `json:"effect"`
	Pointer string `json:"pointer"` // RFC 6901 into the new policy, or into the old one for what it lost
	Subject string `json:"subject"`
	Words   string `json:"words"` // such as "shares phone, in clear"
}

// String is the effect and the words.
func (d Difference) String() string { return string(d.Effect) + ": " + d.Words }

// Diff says what a change of policy newly allows or forbids, clause by clause,
// what it allows first. It compares what the documents decide and not how they
// are written: entries in another order or another case are no difference, and
// entries that allow nothing are none either. A nil or zero policy allows
// nothing, so that Diff(nil, p) is everything that p allows.
//
// Whenever the new policy allows a request that the old one refused, at least
// one difference widens or alters.
func Diff[P *Auth | *DataShare | *MISP](old, new P) []Difference {
	var d differ
	switch o := any(old).(type) {
	case *Auth:
		d.auth(o, any(new).(*Auth))
	case *DataShare:
		d.dataShare(o, any(new).(*DataShare))
	case *MISP:
		d.misp(o, any(new).(*MISP))
	}
	return append(append(d.widens, d.alters...), d.narrows...)
}

type differ struct{ widens, alters, narrows []Difference }

func (d *differ) add(e Effect, pointer, subject string, words ...string) {
	x := Difference{Effect: e, Pointer: pointer, Subject: subject, Words: strings.Join(words, "")}
	switch e {
	case Widens:
		d.widens = append(d.widens, x)
	case Narrows:
		d.narrows = append(d.narrows, x)
	default:
		d.alters = append(d.alters, x)
	}
}

func (d *differ) misp(old, new *MISP) {
	for _, name := range mispFlags {
		was, is := old.set(name), new.set(name)
		what := "trusts tokens made with a bound key"
		if rest, ok := strings.CutPrefix(name, "allow"); ok {
			what = "passes on requests for partners: " + strings.TrimSuffix(rest, "RequestDelegation")
			what = strings.TrimSuffix(what, "Delegation")
		}
		switch {
		case is && !was:
			d.add(Widens, "/"+name, name, what)
		case was && !is:
			d.add(Narrows, "/"+name, name, "no longer ", what)
		}
	}
}
