package policy_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// world draws policies and requests from few words, so that they meet.
type world struct{ *rand.Rand }

func newWorld(seed uint64) world { return world{rand.New(rand.NewPCG(seed, 1))} }

var (
	someEntries = []string{
		"demo", "bio/FINGER", "bio/IRIS", "bio/FACE", "bio", "bio/FINGR", "otp", "pin", "pwd", "kbt", "wla", "kba", "dna",
		"kyc", "otp-request", "kycauth", "kycexchange", "keybinding", "vciexchange",
	}
	someFactors = []string{"demo", "bio/FINGER", "bio/IRIS", "bio/FACE", "bio", "otp", "pin", "pwd", "kbt", "wla", "kba", "dna", "kyc"}
	someNames   = []string{"fullName", "phone", "face", "email"}
	operations  = []policy.Operation{
		policy.OperationAuth, policy.OperationOTPRequest, policy.OperationKYC, policy.OperationKYCAuth,
		policy.OperationKYCExchange, policy.OperationKeyBinding, policy.OperationVCIExchange, "status",
	}
)

func (w world) some(from []string, most int) []string {
	out := make([]string, w.IntN(most+1))
	for i := range out {
		out[i] = from[w.IntN(len(from))]
	}
	return out
}

func (w world) entries() []string {
	out := w.some(someEntries, 10)
	for i := range out {
		if w.IntN(8) == 0 {
			out[i] += "!"
		}
	}
	return out
}

func (w world) request() policy.AuthRequest {
	return policy.AuthRequest{
		Operation:  operations[w.IntN(len(operations))],
		Factors:    factors(strings.Join(w.some(someFactors, 3), " ")),
		Attributes: w.some(someNames, 2),
	}
}

// anyCase changes the case of letters at random.
func (w world) anyCase(s string) string {
	b := []byte(s)
	for i, c := range b {
		if w.IntN(2) == 0 && ('a' <= c|0x20 && c|0x20 <= 'z') {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

func propertyDoc(entries, attributes []string) string {
	list := make([]string, len(attributes))
	for i, a := range attributes {
		list[i] = fmt.Sprintf(`{"attributeName":%q}`, a)
	}
	return strings.Replace(authDoc(entries...), `{"attributeName":"fullName"},{"attributeName":"phone"}`, strings.Join(list, ","), 1)
}

const rounds = 5_000

func TestDecisionsAgreeWithTheReference(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	allowed := 0
	for range rounds {
		doc, req := propertyDoc(w.entries(), w.some(someNames, 3)), w.request()
		d := mustAuth(t, doc).Decide(req)
		require.Equal(t, reference(doc, req), d.Allowed, "%s\n%+v\n%+v", doc, req, d.Denials)
		require.Equal(t, d.Allowed, len(d.Denials) == 0)
		if d.Allowed {
			allowed++
		}
	}
	require.Greater(t, allowed, rounds/100, "the world is too strict to say anything")
}

// Removing an entry never allows more, unless what is removed is a demand.
func TestRemovingAnEntryNeverAllowsMore(t *testing.T) {
	t.Parallel()
	w := newWorld(2)
	for range rounds {
		entries, names, req := w.entries(), w.some(someNames, 3), w.request()
		if len(entries) == 0 || len(names) == 0 {
			continue
		}
		with := mustAuth(t, propertyDoc(entries, names)).Decide(req)
		i, j := w.IntN(len(entries)), w.IntN(len(names))
		if !strings.HasSuffix(entries[i], "!") {
			less := mustAuth(t, propertyDoc(slices.Delete(slices.Clone(entries), i, i+1), names)).Decide(req)
			require.False(t, less.Allowed && !with.Allowed, "%v without %s: %+v", entries, entries[i], req)
		}
		less := mustAuth(t, propertyDoc(entries, slices.Delete(slices.Clone(names), j, j+1))).Decide(req)
		require.False(t, less.Allowed && !with.Allowed)
		for _, a := range less.Attributes {
			require.Contains(t, with.Attributes, a)
		}
	}
}

// Asking for more never turns a denial into an allowance, unless what was
// denied is that too little was presented.
func TestAskingForMoreNeverAllowsMore(t *testing.T) {
	t.Parallel()
	w := newWorld(3)
	for range rounds {
		p, req := mustAuth(t, propertyDoc(w.entries(), w.some(someNames, 3))), w.request()
		d := p.Decide(req)
		if !slices.ContainsFunc(d.Denials, func(d policy.Denial) bool {
			return d.Reason != policy.FactorMissing && d.Reason != policy.FactorMandatory
		}) {
			continue
		}
		more := req
		if w.IntN(2) == 0 {
			more.Factors = append(slices.Clone(req.Factors), factors(someFactors[w.IntN(len(someFactors))])...)
		} else {
			more.Attributes = append(slices.Clone(req.Attributes), someNames[w.IntN(len(someNames))])
		}
		require.False(t, p.Decide(more).Allowed, "%+v then %+v", req, more)
	}
}

func TestOrderAndCaseDecideNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(4)
	sorted := func(d policy.Decision) []string {
		var out []string
		for _, x := range d.Denials {
			out = append(out, strings.ToLower(string(x.Reason)+" "+x.Subject+" "+x.Code))
		}
		slices.Sort(out)
		return out
	}
	shuffled := func(list []string) []string {
		out := slices.Clone(list)
		w.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		for i := range out {
			out[i] = w.anyCase(out[i])
		}
		return out
	}
	for range rounds {
		entries, names, req := w.entries(), w.some(someNames, 3), w.request()
		other := req
		other.Operation = policy.Operation(w.anyCase(string(req.Operation)))
		other.Attributes = shuffled(req.Attributes)
		other.Factors = slices.Clone(req.Factors)
		w.Shuffle(len(other.Factors), func(i, j int) { other.Factors[i], other.Factors[j] = other.Factors[j], other.Factors[i] })
		for i := range other.Factors {
			other.Factors[i] = policy.Factor{Type: w.anyCase(other.Factors[i].Type), SubType: w.anyCase(other.Factors[i].SubType)}
		}
		a := mustAuth(t, propertyDoc(entries, names)).Decide(req)
		b := mustAuth(t, propertyDoc(shuffled(entries), shuffled(names))).Decide(other)
		require.Equal(t, a.Allowed, b.Allowed)
		require.Equal(t, sorted(a), sorted(b))
	}
}

// Whenever a new policy allows what the old one refused, the approver was told.
func TestDiffTellsWhateverIsNewlyAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(5)
	for range rounds {
		old := mustAuth(t, propertyDoc(w.entries(), w.some(someNames, 3)))
		new := mustAuth(t, propertyDoc(w.entries(), w.some(someNames, 3)))
		req := w.request()
		effects := map[policy.Effect]bool{}
		for _, d := range policy.Diff(old, new) {
			effects[d.Effect] = true
		}
		a, b := old.Decide(req), new.Decide(req)
		if b.Allowed && !a.Allowed {
			require.True(t, effects[policy.Widens] || effects[policy.Alters], "%+v", req)
		}
		if a.Allowed && !b.Allowed {
			require.True(t, effects[policy.Narrows] || effects[policy.Alters], "%+v", req)
		}
		require.Empty(t, policy.Diff(old, old))
	}
}

// shares draws a datashare policy as a value, so that parts can be taken out.
type shareFilter struct {
	Type    string    `json:"type,omitempty"`
	SubType *[]string `json:"subType,omitempty"`
}

type shareSource struct {
	Attribute string        `json:"attribute"`
	Filter    []shareFilter `json:"filter"`
}

type shareEntry struct {
	AttributeName string        `json:"attributeName"`
	Group         string        `json:"group"`
	Source        []shareSource `json:"source"`
	Encrypted     bool          `json:"encrypted"`
}

func (w world) shares() []shareEntry {
	entries := make([]shareEntry, w.IntN(4))
	for i := range entries {
		e := shareEntry{AttributeName: someNames[w.IntN(len(someNames))], Group: []string{"CBEFF", "CBEFF", "BIO"}[w.IntN(3)]}
		for range w.IntN(3) {
			s := shareSource{Attribute: "individualBiometrics", Filter: []shareFilter{}}
			for range w.IntN(3) {
				f := shareFilter{Type: []string{"Finger", "Iris", "Face", "Ear"}[w.IntN(4)]}
				if w.IntN(2) == 0 {
					subs := w.some([]string{"Left", "Left Thumb", "Right Thumb"}, 2)
					f.SubType = &subs
				}
				s.Filter = append(s.Filter, f)
			}
			e.Source = append(e.Source, s)
		}
		if e.Source == nil {
			e.Source = []shareSource{}
		}
		entries[i] = e
	}
	return entries
}

func sharePolicy(t *testing.T, entries []shareEntry) *policy.DataShare {
	t.Helper()
	list, err := json.Marshal(entries)
	require.NoError(t, err)
	return mustDataShare(t, `{"dataSharePolicies":{`+goodTerms+`},"shareableAttributes":`+string(list)+`}`)
}

// reach is everything that a policy lets out of hand, as a set.
func reach(p *policy.DataShare, asked []string) map[string]bool {
	out := map[string]bool{}
	for _, a := range p.Decide(policy.ShareRequest{Attributes: asked, All: len(asked) == 0}).Attributes {
		for _, s := range a.Sources {
			records, _ := policy.FilterBiometrics(s, hand, itself)
			for _, r := range records {
				out[a.Name+" "+r.Type+" "+r.SubType] = true
			}
		}
	}
	return out
}

func TestRemovingFromADataSharePolicyNeverSharesMore(t *testing.T) {
	t.Parallel()
	w := newWorld(6)
	shared := 0
	for range rounds / 4 {
		entries := w.shares()
		asked := w.some(someNames, 2)
		with := reach(sharePolicy(t, entries), asked)
		shared += len(with)
		less := w.without(t, entries)
		for what := range reach(sharePolicy(t, less), asked) {
			require.True(t, with[what], "%s is shared only after something was taken out: %+v, %+v", what, entries, less)
		}
	}
	require.Positive(t, shared)
}

// without takes one entry out of one list: an attribute, a source, a filter or
// a subtype.
func (w world) without(t *testing.T, entries []shareEntry) []shareEntry {
	t.Helper()
	var out []shareEntry
	data, err := json.Marshal(entries)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &out))
	var cuts []func()
	for i := range out {
		cuts = append(cuts, func() { out = slices.Delete(out, i, i+1) })
		e := &out[i]
		for j := range e.Source {
			cuts = append(cuts, func() { e.Source = slices.Delete(e.Source, j, j+1) })
			s := &e.Source[j]
			for k := range s.Filter {
				cuts = append(cuts, func() { s.Filter = slices.Delete(s.Filter, k, k+1) })
				f := &s.Filter[k]
				if f.SubType == nil {
					continue
				}
				for l := range *f.SubType {
					cuts = append(cuts, func() { *f.SubType = slices.Delete(*f.SubType, l, l+1) })
				}
			}
		}
	}
	if len(cuts) > 0 {
		cuts[w.IntN(len(cuts))]()
	}
	return out
}

func TestDiffTellsWhateverIsNewlyShared(t *testing.T) {
	t.Parallel()
	w := newWorld(7)
	for range rounds / 4 {
		a, b := w.shares(), w.shares()
		old, new := sharePolicy(t, a), sharePolicy(t, b)
		var widens, narrows bool
		for _, d := range policy.Diff(old, new) {
			widens = widens || d.Effect != policy.Narrows
			narrows = narrows || d.Effect != policy.Widens
		}
		was, is := reach(old, nil), reach(new, nil)
		for what := range is {
			require.True(t, was[what] || widens, "%s: %+v, %+v", what, a, b)
		}
		for what := range was {
			require.True(t, is[what] || narrows, "%s: %+v, %+v", what, a, b)
		}
		w.Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i] })
		require.Empty(t, policy.Diff(old, sharePolicy(t, a)), "the order of entries is no difference: %+v", a)
	}
}
