// Package bench compares a decision of package policy with the same decision by
// general policy engines and by a loop written by hand, in one run:
//
//	go test -bench . -benchmem
//
// The engines are given every advantage: policies prepared and compiled, lists
// turned into sets or indexed objects, the request already in the engine's own
// values and in lower case where the language has no folding of case.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
	"github.com/cedar-policy/cedar-go"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/mosip/partnertrust/policy"
)

// document is of the size of a real relying party's policy: 14 authentication
// types of which one is mandatory, and 9 attributes.
const document = `{"authTokenType":"policy","allowedKycAttributes":[{"attributeName":"fullName"},{"attributeName":"gender"},
{"attributeName":"phone"},{"attributeName":"email"},{"attributeName":"dateOfBirth"},{"attributeName":"city"},{"attributeName":"face"},
{"attributeName":"addressLine1"},{"attributeName":"individual_id"}],"allowedAuthTypes":[
{"authSubType":"IRIS","authType":"bio","mandatory":false},{"authSubType":"FINGER","authType":"bio","mandatory":false},
{"authSubType":"","authType":"otp","mandatory":true},{"authSubType":"FACE","authType":"bio","mandatory":false},
{"authSubType":"","authType":"otp-request","mandatory":false},{"authSubType":"","authType":"kyc","mandatory":false},
{"authSubType":"","authType":"demo","mandatory":false},{"authSubType":"","authType":"kycauth","mandatory":false},
{"authSubType":"","authType":"kycexchange","mandatory":false},{"authSubType":"","authType":"keybinding","mandatory":false},
{"authSubType":"","authType":"kbt","mandatory":false},{"authSubType":"","authType":"wla","mandatory":false},
{"authSubType":"","authType":"vciexchange","mandatory":false},{"authSubType":"","authType":"pwd","mandatory":false}]}`

func request(factors ...policy.Factor) policy.AuthRequest {
	return policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors, Attributes: []string{"fullName", "dateOfBirth", "phone"}}
}

var (
	yes = request(policy.Factor{Type: "bio", SubType: "Finger"}, policy.Factor{Type: "otp"})
	no  = request(policy.Factor{Type: "bio", SubType: "Finger"}, policy.Factor{Type: "demo"}) // otp is mandatory
)

// decider prepares a request and gives what answers it.
type decider func(tb testing.TB, req policy.AuthRequest) func() bool

var deciders = []struct {
	name string
	decider
}{
	{"partnertrust", byPolicy},
	{"loop", byLoop},
	{"cedar-go, one policy of sets", byCedarSets},
	{"cedar-go, a policy an entry", byCedarEntries},
	{"cel-go", byCEL},
	{"opa", byOPA},
}

func TestAllAgree(t *testing.T) {
	for _, d := range deciders {
		if !d.decider(t, yes)() {
			t.Errorf("%s refuses what is allowed", d.name)
		}
		if d.decider(t, no)() {
			t.Errorf("%s allows what is refused", d.name)
		}
	}
}

func BenchmarkAllowed(b *testing.B) {
	for _, d := range deciders {
		b.Run(d.name, func(b *testing.B) {
			decide := d.decider(b, yes)
			b.ReportAllocs()
			for b.Loop() {
				if !decide() {
					b.Fatal("refused")
				}
			}
		})
	}
}

func parsed(tb testing.TB) *policy.Auth {
	p, err := policy.ParseAuth([]byte(document))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func byPolicy(tb testing.TB, req policy.AuthRequest) func() bool {
	p := parsed(tb)
	return func() bool { return p.Decide(req).Allowed }
}

// byLoop is the decision as a loop over the entries gives it.
func byLoop(tb testing.TB, req policy.AuthRequest) func() bool {
	p := parsed(tb)
	entries, attributes := p.AuthTypes(), p.KYCAttributes()
	allowed := func(name, sub string) bool {
		for i := range entries {
			if strings.EqualFold(entries[i].Type, name) && (sub == "" || strings.EqualFold(entries[i].SubType, sub)) {
				return true
			}
		}
		return false
	}
	return func() bool {
		if !allowed(string(req.Operation), "") {
			return false
		}
		for i := range req.Factors {
			if !allowed(req.Factors[i].Type, req.Factors[i].SubType) {
				return false
			}
		}
		for i := range entries {
			if !entries[i].Mandatory {
				continue
			}
			present := false
			for j := range req.Factors {
				if strings.EqualFold(req.Factors[j].Type, entries[i].Type) && strings.EqualFold(req.Factors[j].SubType, entries[i].SubType) {
					present = true
					break
				}
			}
			if !present {
				return false
			}
		}
		for _, a := range req.Attributes {
			found := false
			for _, known := range attributes {
				if strings.EqualFold(a, known) {
					found = true
					break
				}
			}
			if !found {
				return false
			}
		}
		return true
	}
}

// key is one word for a factor or an entry, in lower case.
func key(name, sub string) string {
	if sub != "" {
		name += "-" + sub
	}
	return strings.ToLower(name)
}

type facts struct{ types, mandatory, attributes []string }

func factsOf(tb testing.TB) facts {
	p := parsed(tb)
	var f facts
	for _, t := range p.AuthTypes() {
		f.types = append(f.types, key(t.Type, t.SubType))
		if t.Mandatory {
			f.mandatory = append(f.mandatory, key(t.Type, t.SubType))
		}
	}
	for _, a := range p.KYCAttributes() {
		f.attributes = append(f.attributes, strings.ToLower(a))
	}
	return f
}

func keysOf(req policy.AuthRequest) (factors, attributes []string) {
	for _, f := range req.Factors {
		factors = append(factors, key(f.Type, f.SubType))
	}
	for _, a := range req.Attributes {
		attributes = append(attributes, strings.ToLower(a))
	}
	return factors, attributes
}

func list(words []string) string {
	text, _ := json.Marshal(words) // a slice of strings always marshals
	return string(text)
}

func cedarPolicies(tb testing.TB, text string) *cedar.PolicySet {
	policies, err := cedar.NewPolicySetFromBytes("policy.cedar", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return policies
}

// byCedarSets puts the whole policy into the condition of one Cedar policy.
func byCedarSets(tb testing.TB, req policy.AuthRequest) func() bool {
	f := factsOf(tb)
	policies := cedarPolicies(tb, `permit (principal, action == Action::"kyc", resource) when {
		!context.factors.isEmpty() &&
		`+list(f.types)+`.containsAll(context.factors) &&
		context.factors.containsAll(`+list(f.mandatory)+`) &&
		`+list(f.attributes)+`.containsAll(context.attributes)
	};`)
	set := func(words []string) cedar.Set {
		values := make([]cedar.Value, len(words))
		for i, w := range words {
			values[i] = cedar.String(w)
		}
		return cedar.NewSet(values...)
	}
	factors, attributes := keysOf(req)
	question := cedar.Request{
		Principal: cedar.NewEntityUID("Partner", "p"), Action: cedar.NewEntityUID("Action", cedar.String(req.Operation)), Resource: cedar.NewEntityUID("Service", "ida"),
		Context: cedar.NewRecord(cedar.RecordMap{"factors": set(factors), "attributes": set(attributes)}),
	}
	entities := cedar.EntityMap{}
	return func() bool {
		decision, _ := cedar.Authorize(policies, entities, question)
		return bool(decision)
	}
}

// byCedarEntries turns every entry into a Cedar policy of its own, so that the
// diagnostic names the entry that decided, and asks once for each thing that is
// requested.
func byCedarEntries(tb testing.TB, req policy.AuthRequest) func() bool {
	f := factsOf(tb)
	var text strings.Builder
	for _, t := range f.types {
		fmt.Fprintf(&text, "permit (principal, action == Action::\"use\", resource == Type::%q);\n", t)
	}
	for _, m := range f.mandatory {
		fmt.Fprintf(&text, "forbid (principal, action == Action::\"use\", resource) unless { context.factors.contains(%q) };\n", m)
	}
	for _, a := range f.attributes {
		fmt.Fprintf(&text, "permit (principal, action == Action::\"receive\", resource == Attribute::%q);\n", a)
	}
	policies := cedarPolicies(tb, text.String())
	factors, attributes := keysOf(req)
	values := make([]cedar.Value, len(factors))
	for i, w := range factors {
		values[i] = cedar.String(w)
	}
	with := cedar.NewRecord(cedar.RecordMap{"factors": cedar.NewSet(values...)})
	var questions []cedar.Request
	ask := func(action cedar.String, kind cedar.EntityType, name string) {
		questions = append(questions, cedar.Request{
			Principal: cedar.NewEntityUID("Partner", "p"), Action: cedar.NewEntityUID("Action", action), Resource: cedar.NewEntityUID(kind, cedar.String(name)), Context: with,
		})
	}
	ask("use", "Type", string(req.Operation))
	for _, name := range factors {
		ask("use", "Type", name)
	}
	for _, name := range attributes {
		ask("receive", "Attribute", name)
	}
	entities := cedar.EntityMap{}
	return func() bool {
		for _, q := range questions {
			if decision, _ := cedar.Authorize(policies, entities, q); !bool(decision) {
				return false
			}
		}
		return true
	}
}

func byCEL(tb testing.TB, req policy.AuthRequest) func() bool {
	f := factsOf(tb)
	env, err := cel.NewEnv(ext.Strings(),
		cel.Variable("operation", cel.StringType),
		cel.Variable("factors", cel.ListType(cel.StringType)),
		cel.Variable("attributes", cel.ListType(cel.StringType)),
	)
	if err != nil {
		tb.Fatal(err)
	}
	syntax, issues := env.Compile(`operation in ` + list(f.types) + ` && factors.size() > 0 && factors.all(f, f in ` + list(f.types) + `) && ` +
		list(f.mandatory) + `.all(m, m in factors) && attributes.all(a, a in ` + list(f.attributes) + `)`)
	if issues.Err() != nil {
		tb.Fatal(issues.Err())
	}
	program, err := env.Program(syntax, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		tb.Fatal(err)
	}
	factors, attributes := keysOf(req)
	activation, err := cel.NewActivation(map[string]any{"operation": string(req.Operation), "factors": factors, "attributes": attributes})
	if err != nil {
		tb.Fatal(err)
	}
	return func() bool {
		value, _, err := program.Eval(activation)
		return err == nil && value.Value() == true
	}
}

const module = `package partner

default allow := false

allow if {
	data.types[input.operation]
	count(input.factors) > 0
	every f in input.factors { data.types[f] }
	every m in data.mandatory { m in input.factors }
	every a in input.attributes { data.attributes[a] }
}`

func byOPA(tb testing.TB, req policy.AuthRequest) func() bool {
	f := factsOf(tb)
	index := func(words []string) map[string]any {
		out := map[string]any{}
		for _, w := range words {
			out[w] = true
		}
		return out
	}
	mandatory := make([]any, len(f.mandatory))
	for i, m := range f.mandatory {
		mandatory[i] = m
	}
	store := inmem.NewFromObjectWithOpts(map[string]any{
		"types": index(f.types), "mandatory": mandatory, "attributes": index(f.attributes),
	}, inmem.OptReturnASTValuesOnRead(true))
	ctx := context.Background()
	query, err := rego.New(rego.Query("data.partner.allow"), rego.Module("partner.rego", module), rego.Store(store)).PrepareForEval(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	factors, attributes := keysOf(req)
	input, err := ast.InterfaceToValue(map[string]any{"operation": string(req.Operation), "factors": factors, "attributes": attributes})
	if err != nil {
		tb.Fatal(err)
	}
	return func() bool {
		results, err := query.Eval(ctx, rego.EvalParsedInput(input))
		return err == nil && results.Allowed()
	}
}
