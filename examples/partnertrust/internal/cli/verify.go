package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// verdictJSON is the answer of verify and explain for programs.
type verdictJSON struct {
	Accepted     bool              `json:"accepted"`
	Domain       trust.Domain      `json:"domain"`
	Organization string            `json:"organization,omitempty"` // that the certificate names
	NotAfter     string            `json:"notAfter,omitempty"`     // until when the whole chain is valid
	Chain        []certificateJSON `json:"chain,omitempty"`        // the leaf first
	Refusal      *certchain.Error  `json:"refusal,omitempty"`
	Mend         []string          `json:"mend,omitempty"`
}

func accepted(chain *certchain.Chain) verdictJSON {
	return verdictJSON{
		Accepted: true, Domain: chain.Domain, Organization: chain.Organization,
		NotAfter: chain.NotAfter.UTC().Format(timeText), Chain: chainJSON(chain.Certificates),
	}
}

func (a *app) verifyCommand() *cobra.Command {
	q := &question{}
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Is this certificate trusted?",
		Long: `Say whether a certificate chains to a CA that the domain trusts, is what a partner certificate must be,
and belongs to the organisation that registered. Further certificates in the file help to build the
path and are trusted for nothing.

A yes comes with the chain, a no with the most telling reason; explain tells all of them.`,
		Example: `  partnertrust verify --store trust --domain AUTH --org 'Acme Bank' partner.pem
  partnertrust verify --ca chain.p7b --domain DEVICE device.pem
  partnertrust verify --store trust --domain AUTH --crl ca.crl --unknown-revocation accept partner.pem
  partnertrust verify --store trust --domain AUTH --at 2031-01-01 --json partner.pem`,
		Args: cobra.ExactArgs(1),
	}
	q.addTo(cmd)
	mustHave(cmd, "domain")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		leaf, others, err := a.certificates(args[0])
		if err != nil {
			return err
		}
		chain, err := q.ask(cmd.Context(), a, leaf, others)
		var refusal *certchain.Error
		switch {
		case err == nil && a.json:
			return a.writeJSON(accepted(chain))
		case err == nil:
			a.say("%s", a.in(green, "yes"))
			a.explained(chain.Explain())
			return nil
		case !errors.As(err, &refusal):
			return err
		case couldNotAnswer(refusal):
			return refusal
		case a.json:
			err = a.writeJSON(verdictJSON{Domain: refusal.Domain, Refusal: refusal})
		default:
			a.no(refusal)
			err = nil
		}
		return errors.Join(err, errNo)
	}
	return cmd
}

// couldNotAnswer reports whether a refusal says nothing of the certificate: the
// store could not be asked, or somebody ended the command.
func couldNotAnswer(refusal *certchain.Error) bool {
	return errors.Is(refusal, certchain.SourceFailed) || errors.Is(refusal, certchain.Canceled) ||
		errors.Is(refusal, certchain.Misconfigured)
}

// no says the most telling reason and where the others are.
func (a *app) no(refusal *certchain.Error) {
	f := refusal.Findings[0]
	text := "no: "
	if f.Certificate != nil {
		text += certchain.SubjectText(f.Certificate) + ": "
	}
	a.say("%s", a.in(red, printable(text+whyRefused(refusal))))
	if len(refusal.Findings) > 1 {
		a.say("partnertrust explain tells all")
	}
}

// mustHave marks flags without which a command makes no sense.
func mustHave(cmd *cobra.Command, flags ...string) {
	for _, f := range flags {
		if err := cmd.MarkFlagRequired(f); err != nil {
			panic(err) // the flag was not defined: no input can cause that
		}
	}
}
