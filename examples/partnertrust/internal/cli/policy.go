package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/policy"
)

func (a *app) policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "May this partner do that, and which data may it have?",
		Long: `Read auth, datashare and MISP policies in the platform's format: check what an author wrote, say what a
change allows and forbids, ask what a partner may do. The kind is told by the document, or by --kind.`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Example: `  partnertrust policy lint policy.json`,
	}
	cmd.AddCommand(a.lintCommand(), a.diffCommand(), a.decideCommand())
	return cmd
}

// document is a policy of one of the three kinds.
type document struct {
	kind  policy.Kind
	auth  *policy.Auth
	share *policy.DataShare
	misp  *policy.MISP
}

// policyFlags say how documents are read.
type policyFlags struct {
	kind     string
	tolerant bool
}

func (f *policyFlags) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.kind, "kind", "", "the `kind` of policy: Auth, DataShare or MISP")
	cmd.Flags().BoolVar(&f.tolerant, "tolerate-unknown", false, "read documents with unknown members and words, which then allow nothing")
	complete(cmd, "kind", string(policy.KindAuth), string(policy.KindDataShare), string(policy.KindMISP))
}

func (f *policyFlags) read(a *app, name string) (*document, error) {
	data, err := a.read(name)
	if err != nil {
		return nil, err
	}
	kind, err := f.kindOf(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	reading := policy.Strict
	if f.tolerant {
		reading = policy.TolerateUnknown
	}
	d := &document{kind: kind}
	switch kind {
	case policy.KindAuth:
		d.auth, err = reading.ParseAuth(data)
	case policy.KindDataShare:
		d.share, err = reading.ParseDataShare(data)
	case policy.KindMISP:
		d.misp, err = reading.ParseMISP(data)
	}
	if err != nil {
		return nil, &unreadable{name, err}
	}
	return d, nil
}

// unreadable is a document that is no policy, with everything that is wrong in it.
type unreadable struct {
	name string
	err  error
}

func (e *unreadable) Error() string { return e.name + ": " + e.err.Error() }
func (e *unreadable) Unwrap() error { return e.err }

// kindOf tells the kind by a member that only this kind has. What is no JSON
// object is read as an auth policy, whose reader says what is wrong.
func (f *policyFlags) kindOf(data []byte) (policy.Kind, error) {
	switch k := policy.Kind(f.kind); k {
	case policy.KindAuth, policy.KindDataShare, policy.KindMISP:
		return k, nil
	case "":
	default:
		return "", fmt.Errorf("--kind %q: it is Auth, DataShare or MISP", f.kind)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return policy.KindAuth, nil
	}
	for _, telling := range []struct {
		member string
		kind   policy.Kind
	}{
		{"allowedAuthTypes", policy.KindAuth}, {"allowedKycAttributes", policy.KindAuth},
		{"dataSharePolicies", policy.KindDataShare}, {"shareableAttributes", policy.KindDataShare},
		{"allowAuthRequestDelegation", policy.KindMISP}, {"allowKycRequestDelegation", policy.KindMISP},
		{"allowKeyBindingDelegation", policy.KindMISP}, {"allowVciRequestDelegation", policy.KindMISP},
	} {
		if _, ok := members[telling.member]; ok {
			return telling.kind, nil
		}
	}
	return "", errors.New("the document does not tell its kind: give --kind")
}

func (d *document) lint(in policy.LintContext) []policy.Finding {
	switch d.kind {
	case policy.KindDataShare:
		return d.share.Lint(in)
	case policy.KindMISP:
		return d.misp.Lint(in)
	default:
		return d.auth.Lint(in)
	}
}

func (a *app) lintCommand() *cobra.Command {
	f := &policyFlags{}
	in := policy.LintContext{}
	cmd := &cobra.Command{
		Use:   "lint FILE",
		Short: "What in this policy is wrong, or surely not meant?",
		Long: `Report what a policy says wrongly, with line and column, and what is valid and surely not meant, the worst
first, with a suggestion. Notes alone are no problem. With --attributes and --languages, names that the
country's identity schema does not have are found, too.`,
		Example: `  partnertrust policy lint policy.json
  partnertrust policy lint --oidc --attributes fullName,phone --languages eng policy.json`,
		Args: cobra.ExactArgs(1),
	}
	f.addTo(cmd)
	cmd.Flags().StringSliceVar(&in.Attributes, "attributes", nil, "the `names` of the identity schema")
	cmd.Flags().StringSliceVar(&in.Languages, "languages", nil, "the `codes` of the installation's languages")
	cmd.Flags().BoolVar(&in.ForOIDCClient, "oidc", false, "the policy is for clients of eSignet")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d, err := f.read(a, args[0])
		var wrong *policy.ParseError
		if errors.As(err, &wrong) {
			return a.writeProblems(wrong)
		}
		if err != nil {
			return err
		}
		return a.writeFindings(d, in)
	}
	return cmd
}

// lintJSON is the answer of lint for programs.
type lintJSON struct {
	OK       bool              `json:"ok"`
	Kind     policy.Kind       `json:"kind"`
	Problems []*policy.Problem `json:"problems,omitempty"` // of a document that cannot be read
	Findings []policy.Finding  `json:"findings"`
}

func (a *app) writeProblems(wrong *policy.ParseError) error {
	if a.json {
		return errors.Join(a.writeJSON(lintJSON{Kind: wrong.Kind, Problems: wrong.Problems, Findings: []policy.Finding{}}), errNo)
	}
	a.say("not a policy of kind %s:", wrong.Kind)
	for _, p := range wrong.Problems {
		a.say("%s", a.in(red, printable(p.Error())))
	}
	return errNo
}

func (a *app) writeFindings(d *document, in policy.LintContext) error {
	findings := d.lint(in)
	ok := true
	for _, finding := range findings {
		ok = ok && finding.Severity == policy.Note
	}
	if a.json {
		if err := a.writeJSON(lintJSON{OK: ok, Kind: d.kind, Findings: append([]policy.Finding{}, findings...)}); err != nil {
			return err
		}
	} else {
		for _, finding := range findings {
			p := map[policy.Severity]paint{policy.Error: red, policy.Warning: yellow, policy.Note: dim}[finding.Severity]
			a.say("%s", a.in(p, printable(finding.String())))
		}
		if len(findings) == 0 {
			a.say("%s", a.in(green, "nothing found"))
		}
	}
	if !ok {
		return errNo
	}
	return nil
}
