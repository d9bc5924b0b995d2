package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
)

func (a *app) explainCommand() *cobra.Command {
	q := &question{}
	var id string
	cmd := &cobra.Command{
		Use:   "explain FILE | --id ID",
		Short: "Why is this certificate refused, and what would mend it?",
		Long: `Say everything that stands against a certificate: the path that came closest as a tree, the certificate
on top, with each reason and the platform's code beside it; then what stood against other issuers; then
what would mend it.

With --id it is about a CA of the store: why does nothing below it verify any more?`,
		Example: `  partnertrust explain --store trust --domain AUTH --org 'ACME Bank' partner.pem
  partnertrust explain --ca DEVICE=chain.p7b --domain FTM device.pem
  partnertrust explain --store trust --domain AUTH --at 2040-01-01 --id ID`,
		Args: cobra.MaximumNArgs(1),
	}
	q.addTo(cmd)
	mustHave(cmd, "domain")
	cmd.Flags().StringVar(&id, "id", "", "the CA of the store with this `id`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if (len(args) == 1) == (id != "") {
			return errors.New("explain takes a file or --id, and not both")
		}
		var chain *certchain.Chain
		var err error
		if id != "" {
			chain, err = q.askForCA(cmd.Context(), a, id)
		} else {
			leaf, others, readErr := a.certificates(args[0])
			if readErr != nil {
				return readErr
			}
			chain, err = q.ask(cmd.Context(), a, leaf, others)
		}
		return a.explain(chain, err)
	}
	return cmd
}

// askForCA judges a CA of the store. The profile is that of CAs.
func (q *question) askForCA(ctx context.Context, a *app, id string) (*certchain.Chain, error) {
	q.profile = ""
	opts, err := q.options(a)
	if err != nil {
		return nil, err
	}
	store, d, done, err := q.openIn(ctx, a)
	if err != nil {
		return nil, err
	}
	defer done()
	return certchain.New(store).TrustPath(ctx, d, id, opts...)
}

// explain writes the whole answer.
func (a *app) explain(chain *certchain.Chain, err error) error {
	var refusal *certchain.Error
	switch {
	case err == nil && a.json:
		return a.writeJSON(accepted(chain))
	case err == nil:
		a.explained(chain.Explain())
		return nil
	case !errors.As(err, &refusal):
		return err
	case couldNotAnswer(refusal):
		return refusal
	}
	mend := mendings(refusal.Findings)
	if a.json {
		return errors.Join(a.writeJSON(verdictJSON{Domain: refusal.Domain, Refusal: refusal, Mend: mend}), errNo)
	}
	a.explained(refusal.Explain())
	a.writeMendings(mend)
	return errNo
}

func (a *app) writeMendings(mend []string) {
	a.say("\nWhat would mend it:")
	for _, m := range mend {
		a.say("%s", wrapped("• ", m))
	}
}
