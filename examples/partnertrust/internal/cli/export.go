package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

func one(c *x509.Certificate) []*x509.Certificate { return []*x509.Certificate{c} }

func stamp(t time.Time) string { return t.UTC().Format(timeText) }

func (a *app) exportCommand() *cobra.Command {
	f := &storeFlags{}
	cmd := &cobra.Command{
		Use:   "export ID",
		Short: "Write a CA and everything up to its root as a PKCS#7 bundle",
		Long: `Write the trust path of a CA of the store, by its id, the CA first and its root last, as a PKCS#7 bundle
in PEM (.p7b): what the platform's download of a trust path answers. A CA that has no valid path is not
exported; the standard error says why.`,
		Example: `  partnertrust export --store trust ID > path.p7b
  partnertrust export --store trust --json ID`,
		Args: cobra.ExactArgs(1),
	}
	f.addTo(cmd, false)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, done, err := f.open(cmd.Context(), a, "")
		if err != nil {
			return err
		}
		defer done()
		page, err := store.List(cmd.Context(), trust.Query{ID: args[0]})
		switch {
		case err != nil:
			return err
		case len(page.CAs) != 1:
			return fmt.Errorf("%s: %w", args[0], trust.ErrNotFound)
		}
		d := page.CAs[0].Domain
		chain, err := certchain.New(store, certchain.WithClock(a.clock())).TrustPath(cmd.Context(), d, args[0])
		var refusal *certchain.Error
		switch {
		case errors.As(err, &refusal) && !couldNotAnswer(refusal):
			if a.json {
				return errors.Join(a.writeJSON(verdictJSON{Domain: d, Refusal: refusal}), errNo)
			}
			a.warn("%s is not exported", args[0])
			fmt.Fprintln(a.Err, printableLines(refusal.Explain()))
			return errNo
		case err != nil:
			return err
		case a.json:
			return a.writeJSON(accepted(chain))
		}
		bundle, err := pkcs7.MarshalPEM(chain.Certificates)
		if err != nil {
			return err
		}
		_, err = a.Out.Write(bundle)
		return err
	}
	return cmd
}
