package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

//go:embed policies/*.json
var policies embed.FS

// A PolicyAnswer is what a partner's policy says to one question.
type PolicyAnswer struct {
	File     string   `json:"file"`
	Kind     string   `json:"kind"`
	Question string   `json:"question,omitempty"`
	Decision any      `json:"decision,omitempty"`
	Problem  string   `json:"problem,omitempty"` // the document is not a policy, and why
	Lines    []string `json:"-"`                 // for people
}

// embedded reads a policy of the demonstration.
func embedded(name string) ([]byte, error) { return policies.ReadFile("policies/" + name) }

// askAuth asks an auth policy.
func askAuth(file string, data []byte, request policy.AuthRequest) (*PolicyAnswer, error) {
	answer := &PolicyAnswer{File: file, Kind: string(policy.KindAuth)}
	p, err := policy.ParseAuth(data)
	if err != nil {
		return answer.broken(err)
	}
	var factors []string
	for _, f := range request.Factors {
		factors = append(factors, strings.TrimSpace(f.Type+" "+f.SubType))
	}
	answer.Question = string(request.Operation) + " by " + strings.Join(factors, " and ")
	decision := p.Decide(request)
	answer.Decision = decision
	switch {
	case len(decision.Attributes) > 0:
		answer.Lines = append(answer.Lines, "✓ "+strings.Join(decision.Attributes, ", "))
	case decision.Allowed:
		answer.Lines = append(answer.Lines, "✓ allowed")
	}
	answer.deny(decision.Denials)
	return answer, nil
}

// askDataShare asks a datashare policy.
func askDataShare(file string, data []byte, request policy.ShareRequest) (*PolicyAnswer, error) {
	answer := &PolicyAnswer{File: file, Kind: string(policy.KindDataShare), Question: strings.Join(request.Attributes, ", ")}
	if request.All {
		answer.Question = "everything it shares"
	}
	p, err := policy.ParseDataShare(data)
	if err != nil {
		return answer.broken(err)
	}
	decision := p.Decide(request)
	answer.Decision = decision
	for _, shared := range decision.Attributes {
		how := "in clear"
		if shared.Encrypted {
			how = "encrypted"
		}
		if shared.Format != "" {
			how += ", as " + shared.Format
		}
		answer.Lines = append(answer.Lines, fmt.Sprintf("✓ %s (%s)", shared.Name, how))
	}
	if len(decision.Attributes) > 0 {
		terms := decision.Terms
		reads := fmt.Sprintf("%d reads", terms.Transactions)
		if terms.Transactions == policy.Unlimited {
			reads = "any number of reads"
		}
		answer.Lines = append(answer.Lines, fmt.Sprintf("  for %d minutes and %s, encrypted: %s", terms.ValidFor, reads, terms.Encryption))
	}
	answer.deny(decision.Denials)
	return answer, nil
}

// askMISP asks an infrastructure provider's policy about each operation.
func askMISP(file string, data []byte, operations ...policy.Operation) (*PolicyAnswer, error) {
	answer := &PolicyAnswer{File: file, Kind: string(policy.KindMISP), Question: "pass on requests"}
	p, err := policy.ParseMISP(data)
	if err != nil {
		return answer.broken(err)
	}
	decisions := make(map[policy.Operation]policy.Decision, len(operations))
	for _, operation := range operations {
		decision := p.Decide(operation)
		decisions[operation] = decision
		if decision.Allowed {
			answer.Lines = append(answer.Lines, "✓ "+string(operation))
		}
		answer.deny(decision.Denials)
	}
	answer.Decision = decisions
	return answer, nil
}

func (a *PolicyAnswer) deny(denials []policy.Denial) {
	for _, d := range denials {
		line := "✗ " + d.Message
		if d.Code != "" {
			line += " [" + d.Code + "]"
		}
		a.Lines = append(a.Lines, line)
	}
}

// broken tells a document that is no policy, a refusal, from a file that
// cannot be read at all.
func (a *PolicyAnswer) broken(err error) (*PolicyAnswer, error) {
	if errors.Is(err, policy.NotJSON) || errors.Is(err, policy.DocumentTooLarge) {
		return nil, fmt.Errorf("%s: %w", a.File, err)
	}
	a.Problem = err.Error()
	for line := range strings.Lines(a.Problem) {
		a.Lines = append(a.Lines, "✗ "+strings.TrimSpace(line))
	}
	return a, nil
}

// askFile asks the policy in a file about all that its kind can allow.
func askFile(file string, data []byte) (*PolicyAnswer, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, ok := members[name]; return ok })
	}
	switch {
	case has("dataSharePolicies", "shareableAttributes"):
		return askDataShare(file, data, policy.ShareRequest{All: true})
	case has("allowAuthRequestDelegation", "allowKycRequestDelegation", "allowKeyBindingDelegation"):
		return askMISP(file, data, policy.OperationAuth, policy.OperationKYC, policy.OperationKeyBinding, policy.OperationVCIExchange)
	default:
		return askAuthAll(file, data)
	}
}

// askAuthAll asks an auth policy for each operation, by every factor that it
// allows and for all the attributes that it lists.
func askAuthAll(file string, data []byte) (*PolicyAnswer, error) {
	answer := &PolicyAnswer{File: file, Kind: string(policy.KindAuth), Question: "everything it allows"}
	p, err := policy.ParseAuth(data)
	if err != nil {
		return answer.broken(err)
	}
	request := policy.AuthRequest{Attributes: p.KYCAttributes()}
	for _, t := range p.AuthTypes() {
		switch strings.ToLower(t.Type) {
		case "bio", "demo", "otp", "pin":
			request.Factors = append(request.Factors, policy.Factor{Type: t.Type, SubType: t.SubType})
		}
	}
	decisions := make(map[policy.Operation]policy.Decision)
	var allowed []string
	for _, request.Operation = range []policy.Operation{
		policy.OperationOTPRequest, policy.OperationAuth, policy.OperationKYC, policy.OperationKYCAuth,
		policy.OperationKYCExchange, policy.OperationKeyBinding, policy.OperationVCIExchange,
	} {
		decision := p.Decide(request)
		decisions[request.Operation] = decision
		if decision.Allowed {
			allowed = append(allowed, string(request.Operation))
		}
	}
	answer.Decision = decisions
	for _, line := range []struct {
		what  string
		items []string
	}{{"may: ", allowed}, {"may receive: ", request.Attributes}} {
		mark := "✓ "
		if len(line.items) == 0 {
			mark, line.items = "✗ ", []string{"nothing"}
		}
		answer.Lines = append(answer.Lines, mark+line.what+strings.Join(line.items, ", "))
	}
	return answer, nil
}
