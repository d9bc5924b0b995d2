package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/policy"
)

func (a *app) diffCommand() *cobra.Command {
	f := &policyFlags{}
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What does a change of policy newly allow or forbid?",
		Long: `Say clause by clause what a new version of a policy allows that the old one did not (widens), forbids
(narrows) or changes (alters). It compares what the documents decide and not how they are written.

As with diff(1) the exit status is 1 where there is a difference.`,
		Example: `  partnertrust policy diff policy.json policy-new.json`,
		Args:    cobra.ExactArgs(2),
	}
	f.addTo(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		before, err := f.read(a, args[0])
		if err != nil {
			return err
		}
		after, err := f.read(a, args[1])
		if err != nil {
			return err
		}
		if before.kind != after.kind {
			return fmt.Errorf("%s is a policy of kind %s, %s of kind %s", args[0], before.kind, args[1], after.kind)
		}
		return a.writeDifferences(differences(before, after))
	}
	return cmd
}

func differences(before, after *document) []policy.Difference {
	switch before.kind {
	case policy.KindDataShare:
		return policy.Diff(before.share, after.share)
	case policy.KindMISP:
		return policy.Diff(before.misp, after.misp)
	default:
		return policy.Diff(before.auth, after.auth)
	}
}

func (a *app) writeDifferences(found []policy.Difference) error {
	if a.json {
		if err := a.writeJSON(append([]policy.Difference{}, found...)); err != nil {
			return err
		}
	} else {
		for _, d := range found {
			p := map[policy.Effect]paint{policy.Widens: red, policy.Narrows: green, policy.Alters: yellow}[d.Effect]
			a.say("%s", a.in(p, printable(d.String())))
		}
		if len(found) == 0 {
			a.say("no difference")
		}
	}
	if len(found) > 0 {
		return errNo
	}
	return nil
}

// request is what decide is asked.
type request struct {
	operation                      string
	factors, attributes, languages []string
	all                            bool
}

func (a *app) decideCommand() *cobra.Command {
	f, r := &policyFlags{}, &request{}
	cmd := &cobra.Command{
		Use:   "decide FILE",
		Short: "What does this policy say to a request?",
		Long: `Ask a policy about one request: an auth policy about an operation with its factors and attributes, a
datashare policy about attributes, a MISP's about an operation. A no names every clause that stands
against it.

The operations are ` + operations + `.`,
		Example: `  partnertrust policy decide --operation kyc --factor otp --attribute fullName policy.json
  partnertrust policy decide --operation auth --factor bio:FINGER policy.json
  partnertrust policy decide --all share.json
  partnertrust policy decide --operation key-binding misp.json`,
		Args: cobra.ExactArgs(1),
	}
	f.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&r.operation, "operation", "", "the `operation`: "+operations)
	flags.StringSliceVar(&r.factors, "factor", nil, "a `factor`: otp, demo, pin, pwd, kbt, wla, bio:FINGER, bio:IRIS, bio:FACE; may be given again")
	flags.StringSliceVar(&r.attributes, "attribute", nil, "an attribute's `name`; may be given again")
	flags.StringSliceVar(&r.languages, "language", nil, "a language's `code`; may be given again")
	flags.BoolVar(&r.all, "all", false, "of a datashare policy: everything that it shares")
	complete(cmd, "operation", strings.Split(operations, ", ")...)
	complete(cmd, "factor", "otp", "demo", "pin", "pwd", "kbt", "wla", "bio:FINGER", "bio:IRIS", "bio:FACE")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d, err := f.read(a, args[0])
		if err != nil {
			return err
		}
		if d.kind != policy.KindDataShare && r.operation == "" {
			return errors.New("--operation says what the policy is asked")
		}
		if d.kind == policy.KindDataShare {
			answer := d.share.Decide(policy.ShareRequest{Attributes: r.attributes, All: r.all})
			return a.writeShare(answer)
		}
		answer := d.misp.Decide(policy.Operation(r.operation))
		if d.kind == policy.KindAuth {
			answer = d.auth.Decide(r.auth())
		}
		return a.writeDecision(answer)
	}
	return cmd
}

const operations = "auth, otp-request, kyc, kyc-auth, kyc-exchange, key-binding, vci-exchange"

func (r *request) auth() policy.AuthRequest {
	out := policy.AuthRequest{Operation: policy.Operation(r.operation), Attributes: r.attributes, Languages: r.languages}
	for _, f := range r.factors {
		name, sub, _ := strings.Cut(f, ":")
		out.Factors = append(out.Factors, policy.Factor{Type: name, SubType: sub})
	}
	return out
}

func (a *app) writeDecision(d policy.Decision) error {
	if a.json {
		return a.concluded(a.writeJSON(d), d.Allowed)
	}
	a.writeVerdict(d.Allowed, d.Denials)
	if len(d.Attributes) > 0 {
		a.say("attributes: %s", printable(strings.Join(d.Attributes, ", ")))
	}
	if len(d.Languages) > 0 {
		a.say("languages: %s", printable(strings.Join(d.Languages, ", ")))
	}
	if d.TokenType != "" {
		a.say("token: %s", d.TokenType)
	}
	return a.concluded(nil, d.Allowed)
}

func (a *app) writeShare(d policy.ShareDecision) error {
	if a.json {
		return a.concluded(a.writeJSON(d), d.Allowed)
	}
	a.writeVerdict(d.Allowed, d.Denials)
	for _, s := range d.Attributes {
		how := "in clear"
		if s.Encrypted {
			how = "encrypted"
		}
		a.say("shares %s, %s", printable(s.Name), how)
	}
	return a.concluded(nil, d.Allowed)
}

func (a *app) writeVerdict(allowed bool, denials []policy.Denial) {
	if allowed {
		a.say("%s", a.in(green, "allowed"))
	} else {
		a.say("%s", a.in(red, "refused"))
	}
	for _, d := range denials {
		names := []string{string(d.Reason)}
		if d.Code != "" {
			names = append(names, d.Code)
		}
		line := "✗ " + d.Message
		if d.Pointer != "" {
			line += " (" + d.Pointer + ")"
		}
		a.say("%s", a.in(red, printable(line)+" ["+strings.Join(names, ", ")+"]"))
	}
}

// concluded turns a written answer into the exit status.
func (a *app) concluded(err error, yes bool) error {
	if err == nil && !yes {
		return errNo
	}
	return err
}
