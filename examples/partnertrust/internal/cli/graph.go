package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/picture"
	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
	"github.com/mosip/partnertrust/trust"
)

// maxDrawn is up to how many certificates a picture is of any use.
const maxDrawn = 3000

func (a *app) graphCommand() *cobra.Command {
	f, r := &storeFlags{}, &rules{}
	var domain, format string
	var partners bool
	soon := span{soonDays, 'd'}
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Draw the trust graph of a store",
		Long: `Draw who issued whom in a store, as SVG for a browser or in the language of Graphviz (--format dot): green
what is valid, yellow what expires soon, red what has expired, dark red what was revoked (--crl), grey
what has no valid path to a root. Each box says it in words, too; under the pointer it shows the whole
name, the id and the reason.

The state is what the verifier says: what is green would verify, by the lists that there are.`,
		Example: `  partnertrust graph --store trust > trust.svg
  partnertrust graph --store trust --domain DEVICE --crl ca.crl --at 2027-01-01 > device.svg
  partnertrust graph --sqlite trust.db --partners --format dot > trust.dot`,
		Args: cobra.NoArgs,
	}
	f.addTo(cmd, true)
	r.addRevocation(cmd, "accept") // a list that is missing must not grey the whole picture
	flags := cmd.Flags()
	flags.StringVar(&domain, "domain", "", "only this partner `domain`")
	flags.StringVar(&format, "format", "svg", "svg, or dot for Graphviz")
	flags.BoolVar(&partners, "partners", false, "draw the partners' certificates, too")
	flags.Var(&soon, "soon", "what expires within this time is yellow")
	completeDomain(cmd)
	complete(cmd, "format", "svg", "dot")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if format != "svg" && format != "dot" {
			return fmt.Errorf("--format %q: it is svg or dot", format)
		}
		opts, err := r.options(a)
		if err != nil {
			return err
		}
		q := trustgraph.Question{Partners: partners, At: a.clock()(), Options: opts}
		q.Soon = soon.after(q.At)
		if format == "svg" && !a.json {
			q.Max = maxDrawn
		}
		g, err := a.buildGraph(cmd.Context(), f, domain, q)
		switch {
		case errors.Is(err, trustgraph.ErrTooMany):
			return fmt.Errorf("%w: nobody can read such a picture; narrow it down with --domain, or take --format dot or --json", err)
		case err != nil:
			return err
		case a.json:
			return a.writeJSON(g)
		case format == "dot":
			_, err = a.Out.Write(picture.DOT(g))
			return err
		}
		_, err = a.Out.Write(picture.Graph(g))
		return err
	}
	return cmd
}

func (a *app) buildGraph(ctx context.Context, f *storeFlags, domain string, q trustgraph.Question) (*trustgraph.Graph, error) {
	files, _ := trust.ParseDomain(domain)
	store, done, err := f.open(ctx, a, files)
	if err != nil {
		return nil, err
	}
	defer done()
	if q.Domains, err = domainsOf(ctx, store); err != nil {
		return nil, err
	}
	if domain != "" {
		d, err := domainOf(ctx, domain, store)
		if err != nil {
			return nil, err
		}
		q.Domains = []trust.Domain{d}
	}
	p := a.progress("judging")
	defer p.end()
	q.Progress = p.report
	return trustgraph.Build(ctx, store, q)
}

// domainsOf is the domains that a store holds.
func domainsOf(ctx context.Context, store trust.Store) ([]trust.Domain, error) {
	if lister, ok := store.(trust.DomainLister); ok {
		return lister.Domains(ctx)
	}
	return []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}, nil
}
