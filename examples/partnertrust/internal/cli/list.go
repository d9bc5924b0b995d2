package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// listing is the flags of list.
type listing struct {
	storeFlags
	domain, role, sort, org string
	partners                bool

	query                                              trust.Query
	expiresFrom, expiresBefore, addedFrom, addedBefore timeFlag
}

func (a *app) listCommand() *cobra.Command {
	f := &listing{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Which CAs are in a store?",
		Long: `List the CAs of a store, a page at a time, narrowed down and sorted as asked. Times are from (included)
and before (not included). With --partners it lists partners' certificates, which --domain, --org and
the times of expiry narrow down.`,
		Example: `  partnertrust list --store trust
  partnertrust list --store trust --domain DEVICE --role INTERMEDIATE --issued-to acme --sort validTill
  partnertrust list --store trust --expires-before 2040-01-01 --size 20 --page 1 --json
  partnertrust list --sqlite trust.db --partners --org 'Acme Bank'`,
		Args: cobra.NoArgs,
	}
	f.storeFlags.addTo(cmd, true)
	flags := cmd.Flags()
	var fields []string
	for _, field := range trust.SortFields() {
		fields = append(fields, string(field))
	}
	flags.StringVar(&f.domain, "domain", "", "of this partner `domain`")
	flags.StringVar(&f.role, "role", "", "of this `role`: ROOT or INTERMEDIATE")
	flags.StringVar(&f.query.ID, "id", "", "with this `id`")
	flags.StringVar(&f.query.IssuedTo, "issued-to", "", "whose subject contains this `text`, in any case")
	flags.StringVar(&f.query.IssuedBy, "issued-by", "", "whose issuer contains this `text`, in any case")
	flags.Var(&f.expiresFrom, "expires-from", "that expire from this `time` on")
	flags.Var(&f.expiresBefore, "expires-before", "that expire before this `time`")
	flags.Var(&f.addedFrom, "added-from", "that were added from this `time` on")
	flags.Var(&f.addedBefore, "added-before", "that were added before this `time`")
	flags.StringSliceVar(&f.query.Exclude, "exclude", nil, "but those with these `thumbprints` (SHA-256 or SHA-1, in hex)")
	flags.StringVar(&f.sort, "sort", string(trust.SortByAddedAt), "the `field` to sort by: "+strings.Join(fields, ", "))
	flags.BoolVar(&f.query.Descending, "desc", false, "sort downwards")
	flags.IntVar(&f.query.Page, "page", 0, "which `page`, counted from 0")
	flags.IntVar(&f.query.Size, "size", trust.DefaultPageSize, fmt.Sprintf("how `many` on a page, at most %d", trust.MaxPageSize))
	flags.BoolVar(&f.partners, "partners", false, "list partners' certificates")
	flags.StringVar(&f.org, "org", "", "of partners: of the organisation with exactly this `name`")
	completeDomain(cmd)
	complete(cmd, "role", string(trust.Root), string(trust.Intermediate))
	complete(cmd, "sort", fields...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return f.run(cmd, a) }
	return cmd
}

func (f *listing) run(cmd *cobra.Command, a *app) error {
	if f.query.Page < 0 || f.query.Size <= 0 || f.query.Size > trust.MaxPageSize {
		return fmt.Errorf("--page counts from 0, and --size is from 1 to %d", trust.MaxPageSize)
	}
	files, _ := trust.ParseDomain(f.domain)
	store, done, err := f.open(cmd.Context(), a, files)
	if err != nil {
		return err
	}
	defer done()
	q := f.query
	if f.domain != "" {
		if q.Domain, err = domainOf(cmd.Context(), f.domain, store); err != nil {
			return err
		}
	}
	switch q.Role = trust.Role(strings.ToUpper(f.role)); q.Role {
	case "", trust.Root, trust.Intermediate:
	default:
		return fmt.Errorf("--role %q: it is ROOT or INTERMEDIATE", f.role)
	}
	q.SortBy = trust.SortField(f.sort)
	q.ExpiresFrom, q.ExpiresBefore = f.expiresFrom.Time, f.expiresBefore.Time
	q.AddedFrom, q.AddedBefore = f.addedFrom.Time, f.addedBefore.Time
	if f.partners {
		partners, ok := store.(trust.PartnerStore)
		if !ok {
			return errors.New("this store keeps no partners' certificates")
		}
		page, err := partners.ListPartners(cmd.Context(), trust.PartnerQuery{
			Domain: q.Domain, Organization: f.org, ExpiresFrom: q.ExpiresFrom, ExpiresBefore: q.ExpiresBefore, Page: q.Page, Size: q.Size,
		})
		if err != nil {
			return err
		}
		return a.writePartners(page, q)
	}
	page, err := store.List(cmd.Context(), q)
	if err != nil {
		return err
	}
	return a.writeCAs(page, q)
}

// listedJSON is a row of a list.
type listedJSON struct {
	ID           string       `json:"id"`
	Domain       trust.Domain `json:"domain"`
	Role         trust.Role   `json:"role,omitempty"`
	Organization string       `json:"organization,omitempty"`
	NotBefore    string       `json:"notBefore"`
	AddedAt      string       `json:"addedAt"`
	certificateJSON
}

type pageJSON struct {
	Total int          `json:"total"`
	Page  int          `json:"page"`
	Size  int          `json:"size"`
	Rows  []listedJSON `json:"rows"`
}

func (a *app) writeCAs(page trust.Page, q trust.Query) error {
	out := pageJSON{Total: page.Total, Page: q.Page, Size: q.Size, Rows: []listedJSON{}}
	t := table{heads: []string{"ID", "DOMAIN", "ROLE", "VALID UNTIL", "ISSUED TO", "ISSUED BY"}}
	now := a.clock()()
	for _, ca := range page.CAs {
		c := chainJSON(one(ca.Certificate))[0]
		out.Rows = append(out.Rows, listedJSON{
			ID: ca.ID, Domain: ca.Domain, Role: ca.Role, NotBefore: stamp(ca.Certificate.NotBefore), AddedAt: stamp(ca.AddedAt), certificateJSON: c,
		})
		until, p := validity(now, ca.Certificate.NotBefore, ca.Certificate.NotAfter)
		t.add(p, ca.ID, string(ca.Domain), string(ca.Role), until, c.Subject, c.Issuer)
	}
	return a.writePage(out, t, len(page.CAs))
}

func (a *app) writePartners(page trust.PartnerPage, q trust.Query) error {
	out := pageJSON{Total: page.Total, Page: q.Page, Size: q.Size, Rows: []listedJSON{}}
	t := table{heads: []string{"ID", "DOMAIN", "VALID UNTIL", "ORGANISATION", "ISSUED TO"}}
	now := a.clock()()
	for _, p := range page.Partners {
		out.Rows = append(out.Rows, listedJSON{
			ID: p.ID, Domain: p.Domain, Organization: p.Organization, NotBefore: stamp(p.Certificate.NotBefore), AddedAt: stamp(p.AddedAt),
			certificateJSON: chainJSON(one(p.Certificate))[0],
		})
		until, colour := validity(now, p.Certificate.NotBefore, p.Certificate.NotAfter)
		t.add(colour, p.ID, string(p.Domain), until, p.Organization, certchain.SubjectText(p.Certificate))
	}
	return a.writePage(out, t, len(page.Partners))
}

func (a *app) writePage(out pageJSON, t table, rows int) error {
	if a.json {
		return a.writeJSON(out)
	}
	if rows > 0 {
		if err := t.write(a); err != nil {
			return err
		}
	}
	first := out.Page*out.Size + 1
	switch {
	case out.Total == 0:
		a.say("none")
	case rows == 0:
		a.say("none on this page; %d in all", out.Total)
	case rows < out.Total:
		a.say("%d to %d of %d", first, first+rows-1, out.Total)
	default:
		a.say("%d in all", out.Total)
	}
	return nil
}

// validity says until when a certificate is valid, and marks what is not.
func validity(now, notBefore, notAfter time.Time) (string, paint) {
	day := notAfter.UTC().Format(time.DateOnly)
	switch {
	case now.After(notAfter):
		return day + " expired", red
	case now.Before(notBefore):
		return day + " not yet valid", yellow
	case notAfter.Before(now.AddDate(0, 0, soonDays)):
		return day + " soon", yellow
	}
	return day, plain
}

// soonDays is within how many days an end is near enough to be marked.
const soonDays = 90
