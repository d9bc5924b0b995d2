package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/picture"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

// expiryFlags are the flags of expiry.
type expiryFlags struct {
	storeFlags
	domain, svg      string
	within           span
	expired, notices bool
	since            timeFlag
}

func (a *app) expiryCommand() *cobra.Command {
	f := &expiryFlags{within: span{90, 'd'}}
	cmd := &cobra.Command{
		Use:   "expiry",
		Short: "What runs out, and whom does that cut off?",
		Long: `List the CAs and the partners' certificates that expire within a time, the next one first, with the
partners whom a CA's end cuts off: those who have a valid path until then and none after it. --svg draws
them on a timeline, too.

With --notices it lists whom to tell what, 30, 15 and 10 days before an end, every day from then on, and a
day, a week and a month after it. Give the time of the last run as --since: no missed run loses a notice,
and none comes twice.

Where a part of the store cannot be read the rest is reported, and the exit status is 2. Then give the same
--since the next time.

The exit status is 1 where there is anything to report.`,
		Example: `  partnertrust expiry --store trust --within 90d
  partnertrust expiry --store trust --within 10y --svg expiry.svg
  partnertrust expiry --sqlite trust.db --notices --since 2026-06-01`,
		Args: cobra.NoArgs,
	}
	f.addTo(cmd, true)
	flags := cmd.Flags()
	flags.StringVar(&f.domain, "domain", "", "only this partner `domain`")
	flags.Var(&f.within, "within", "for how long to look ahead: 90d, 12w, 6m, 1y")
	flags.BoolVar(&f.expired, "expired", false, "what has run out already, too")
	flags.StringVar(&f.svg, "svg", "", "draw the timeline into this `file`")
	flags.BoolVar(&f.notices, "notices", false, "list the notices that are due")
	flags.Var(&f.since, "since", "of notices: the `time` of the last run")
	cmd.MarkFlagsMutuallyExclusive("notices", "svg")
	cmd.MarkFlagsMutuallyExclusive("notices", "expired")
	completeDomain(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !f.since.IsZero() && !f.notices {
			return errors.New("--since is for --notices")
		}
		report, incomplete := f.scan(cmd.Context(), a)
		if report == nil {
			return incomplete
		}
		return cmp.Or(incomplete, f.write(a, report)) // what there is, and then what is missing
	}
	return cmd
}

func (f *expiryFlags) write(a *app, report *expiry.Report) error {
	if f.notices {
		return a.writeNotices(expiry.DefaultSchedule().Due(f.since.Time, a.clock()(), report.Items()))
	}
	if f.svg != "" {
		if err := os.WriteFile(f.svg, picture.Timeline(report, a.clock()()), 0o644); err != nil {
			return err
		}
	}
	return a.writeExpiry(report, f.within)
}

// scan looks ahead, and back where that is asked for. A report with an error is
// of a part of the store.
func (f *expiryFlags) scan(ctx context.Context, a *app) (*expiry.Report, error) {
	files, _ := trust.ParseDomain(f.domain)
	store, done, err := f.open(ctx, a, files)
	if err != nil {
		return nil, err
	}
	defer done()
	var only trust.Domain
	if f.domain != "" {
		if only, err = domainOf(ctx, f.domain, store); err != nil {
			return nil, err
		}
	}
	now := a.clock()()
	from, until := now, f.within.after(now)
	switch {
	case f.notices:
		from, until = expiry.DefaultSchedule().Span(f.since.Time, now)
	case f.expired:
		from = time.Time{}
	}
	report, err := expiry.Scan(ctx, store, from, until)
	if report == nil {
		return nil, err
	}
	if only != "" {
		kept := report.Expiring[:0]
		for _, e := range report.Expiring {
			if e.Domain == only {
				kept = append(kept, e)
			}
		}
		report.Expiring = kept
	}
	return report, err
}

var kindWord = map[expiry.Kind]string{expiry.Root: "root", expiry.Intermediate: "intermediate", expiry.Partner: "partner"}

func (a *app) writeExpiry(report *expiry.Report, within span) error {
	if a.json {
		return a.concluded(a.writeJSON(report), len(report.Expiring) == 0)
	}
	if len(report.Expiring) == 0 {
		a.say("nothing expires within %s", within.String())
		return nil
	}
	now := a.clock()()
	t := table{heads: []string{"EXPIRES", "DAYS", "DOMAIN", "KIND", "NAME", "CUTS OFF"}}
	for _, e := range report.Expiring {
		days := int(math.Floor(e.NotAfter.Sub(now).Hours() / 24))
		p := plain
		switch {
		case days < 30:
			p = red
		case days < soonDays:
			p = yellow
		}
		name := e.Name
		if e.Organization != "" {
			name = e.Organization + " (" + e.Name + ")"
		}
		t.add(p, e.NotAfter.UTC().Format(time.DateOnly), fmt.Sprint(days), string(e.Domain), kindWord[e.Kind], name, whom(e.CutsOff))
	}
	return a.concluded(t.write(a), false)
}

// whom names who is cut off: all of three, and of more how many they are.
func whom(items []expiry.Item) string {
	const few = 3
	var names []string
	for _, i := range items {
		names = append(names, i.Organization)
	}
	slices.Sort(names)
	switch n := len(names); {
	case n == 0:
		return "-"
	case n > few:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), n-few)
	}
	return strings.Join(names, ", ")
}

func (a *app) writeNotices(notices []expiry.Notice) error {
	if a.json {
		return a.concluded(a.writeJSON(append([]expiry.Notice{}, notices...)), len(notices) == 0)
	}
	for _, n := range notices {
		p := yellow
		if n.DaysLeft <= 0 {
			p = red
		}
		a.say("%s", a.in(p, printable(n.String())))
	}
	if len(notices) == 0 {
		a.say("nobody is to be told anything")
		return nil
	}
	return errNo
}
