package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

// admission is the flags of admit.
type admission struct {
	storeFlags
	rules
	domain, replaces               string
	partner, dryRun, all           bool
	minRemaining, minRemainingDays int
}

func (a *app) admitCommand() *cobra.Command {
	f := &admission{}
	cmd := &cobra.Command{
		Use:   "admit FILE...",
		Short: "Let certificates into a store, as far as they may be trusted",
		Long: `Judge every certificate of the files and let in those that may be trusted: a self-signed CA as a root, any
other CA with a valid path in that domain, through the store or the files, in any order. One line
says what became of each.

With --partner the file is a partner's own certificate, judged by the partner rules in the platform's
order and kept beside the CAs (--postgres, --sqlite). --dry-run judges and changes nothing.`,
		Example: `  partnertrust admit --store trust --domain DEVICE chain.p7b
  partnertrust admit --store trust --domain DEVICE --dry-run chain.p7b
  partnertrust admit --sqlite trust.db --domain AUTH --create chain.pem
  partnertrust admit --sqlite trust.db --domain AUTH --partner --org 'Acme Bank' partner.pem`,
		Args: cobra.MinimumNArgs(1),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.domain, "domain", "", "the partner `domain`: AUTH, DEVICE, FTM, MISP, or one of the store's own")
	completeDomain(cmd)
	f.storeFlags.addTo(cmd, false)
	mustHave(cmd, "domain")
	flags.BoolVar(&f.create, "create", false, "make the store where there is none")
	flags.BoolVar(&f.dryRun, "dry-run", false, "judge, and change nothing")
	flags.BoolVar(&f.all, "all-or-nothing", false, "one certificate that is refused keeps the others out")
	flags.IntVar(&f.minRemaining, "min-remaining", admit.DefaultMinRemaining, "for how many `months` more a CA must be valid")
	flags.BoolVar(&f.partner, "partner", false, "the file is a partner's certificate, of the organisation --org")
	flags.StringVar(&f.replaces, "replaces", "", "of a partner: a renewal, which takes out the certificate with this `id`")
	flags.IntVar(&f.minRemainingDays, "min-days", admit.DefaultPartnerDays, "of a partner: for how many `days` more the certificate must be valid")
	f.rules.addTo(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if f.partner && (f.org == "" || len(args) != 1) {
			return errors.New("admit --partner takes one file, and --org")
		}
		if f.dryRun && f.create {
			return errors.New("--dry-run changes nothing, so that it cannot --create")
		}
		store, d, done, err := f.openIn(cmd.Context(), a)
		if err != nil {
			return err
		}
		defer done()
		opts := []admit.Option{admit.WithClock(a.clock()), admit.MinRemaining(f.minRemaining)}
		if f.all {
			opts = append(opts, admit.AllOrNothing())
		}
		gate := admit.New(store, opts...)
		if f.partner {
			err = a.admitPartner(cmd.Context(), gate, d, f, args[0])
		} else {
			err = a.admitCAs(cmd.Context(), gate, d, args)
		}
		if f.dryRun {
			a.warn("dry run: the store was not changed")
		}
		return err
	}
	return cmd
}

func (f *admission) openIn(ctx context.Context, a *app) (trust.Store, trust.Domain, func(), error) {
	q := &question{storeFlags: f.storeFlags, domain: f.domain}
	store, d, done, err := q.openIn(ctx, a)
	if err != nil || !f.dryRun {
		return store, d, done, err
	}
	rehearsal, err := rehearsalOf(ctx, store, d)
	if err != nil {
		done()
		return nil, "", nil, err
	}
	return rehearsal, d, done, nil
}

// rehearsalOf is a copy in memory of what a store holds in a domain.
func rehearsalOf(ctx context.Context, store trust.Store, d trust.Domain) (trust.Store, error) {
	snapshot, err := store.Snapshot(ctx, d)
	if err != nil {
		return nil, err
	}
	rehearsal := trust.NewMemory()
	var cas []trust.CA
	for ca := range snapshot.All() {
		cas = append(cas, ca)
	}
	if err := rehearsal.Add(ctx, cas...); err != nil {
		return nil, err
	}
	partners, ok := store.(trust.PartnerStore)
	if !ok {
		return struct{ trust.Store }{rehearsal}, nil // it keeps no partners either
	}
	return rehearsal, eachPartner(ctx, partners, trust.PartnerQuery{Domain: d}, func(p trust.PartnerCertificate) error {
		_, err := rehearsal.PutPartner(ctx, p, "")
		return err
	})
}

// eachPartner walks over the pages of a list.
func eachPartner(ctx context.Context, store trust.PartnerStore, q trust.PartnerQuery, do func(trust.PartnerCertificate) error) error {
	q.Size = trust.MaxPageSize
	for q.Page = 0; ; q.Page++ {
		list, err := store.ListPartners(ctx, q)
		if err != nil {
			return err
		}
		for _, p := range list.Partners {
			if err := do(p); err != nil {
				return err
			}
		}
		if len(list.Partners) < q.Size {
			return nil
		}
	}
}

// admittedJSON is what became of a certificate, and from which file it was.
type admittedJSON struct {
	File string     `json:"file"`
	Line admit.Line `json:"certificate"`
}

func (a *app) admitCAs(ctx context.Context, gate *admit.Gate, d trust.Domain, files []string) error {
	u, err := a.upload(files)
	if err != nil {
		return err
	}
	report, err := gate.Admit(ctx, d, u.pem.Bytes())
	if err != nil {
		return err
	}
	lines, err := u.lines(report)
	if err != nil {
		return err
	}
	if a.json {
		out := []admittedJSON{}
		for _, l := range lines {
			out = append(out, admittedJSON{l.file, l.Line})
		}
		err = a.writeJSON(struct {
			OK     bool           `json:"ok"`
			Domain trust.Domain   `json:"domain"`
			Lines  []admittedJSON `json:"lines"`
		}{report.OK(), d, out})
	} else {
		for _, l := range lines {
			a.writeLine(l)
		}
	}
	if err == nil && !report.OK() {
		err = errNo
	}
	return err
}

// writeLine says what became of one CA certificate.
func (a *app) writeLine(l fileLine) {
	mark, p := "✓", green
	switch l.Verdict {
	case admit.AlreadyPresent:
		mark, p = "=", dim
	case admit.Withheld:
		mark, p = "-", yellow
	case admit.Refused:
		mark, p = "✗", red
	}
	text := fmt.Sprintf("%s %s: entry %d", mark, l.file, l.Entry+1)
	if l.Certificate != nil {
		text += ", " + certchain.SubjectText(l.Certificate)
	}
	text += ": " + l.Verdict.String()
	if l.Role != "" && l.Err == nil {
		text += " as " + string(l.Role)
	}
	if l.ID != "" {
		text += " (" + l.ID + ")"
	}
	if l.Err != nil {
		text += ": " + whyRefused(l.Err)
	}
	a.say("%s", a.in(p, printable(text)))
}

// whyRefused is the most telling reason in a line, and how many more there are.
func whyRefused(err error) string {
	var refusal *certchain.Error
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	f := refusal.Findings[0]
	text := f.Reason.Sentence()
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	text += " " + codes(f)
	if more := len(refusal.Findings) - 1 + refusal.Omitted; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}
