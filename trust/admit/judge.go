package admit

import (
	"context"
	"crypto/x509"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// hypothesis is the store's snapshot with what the upload has added to it so
// far. It is the trust.Source under which the rest of the upload is judged.
type hypothesis struct {
	trust.Source
	snapshot *trust.Snapshot
}

func (h *hypothesis) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	if d == h.snapshot.Domain() {
		return h.snapshot, ctx.Err()
	}
	return h.Source.Snapshot(ctx, d) // another domain, to say that it knows the issuer
}

// Domains keeps what the store says of its domains.
func (h *hypothesis) Domains(ctx context.Context) ([]trust.Domain, error) {
	if lister, ok := h.Source.(trust.DomainLister); ok {
		return lister.Domains(ctx)
	}
	return []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}, nil
}

// trial is the judging of one upload.
type trial struct {
	ctx      context.Context
	domain   trust.Domain
	world    *hypothesis
	verifier *certchain.Verifier
	options  []certchain.Option
	lines    []Line
	admitted []trust.CA
}

// judge decides about every entry and returns what is to be added.
func (g *Gate) judge(ctx context.Context, d trust.Domain, entries []trust.Entry) (*Report, []trust.CA, error) {
	snapshot, err := g.store.Snapshot(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	now := g.now()
	t := &trial{
		ctx: ctx, domain: d, world: &hypothesis{g.store, snapshot}, lines: make([]Line, len(entries)),
		options: []certchain.Option{
			certchain.At(now),
			certchain.WithProfile(g.profile.ForAuthorities().WithMinRemaining(g.months)),
			certchain.WithPlatformCodes(PlatformCode),
		},
	}
	t.verifier = certchain.New(t.world, t.options...)
	pending, err := t.sort(entries, now)
	if err != nil {
		return nil, nil, err
	}
	if err := t.intermediates(pending, now); err != nil {
		return nil, nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	report := &Report{Domain: d, Lines: t.lines}
	defer t.repeats()
	if g.whole && report.Count(Refused) > 0 {
		for i := range report.Lines {
			if l := &report.Lines[i]; l.Verdict == Admitted {
				l.Verdict, l.ID = Withheld, ""
			}
		}
		return report, nil, nil
	}
	return report, t.admitted, nil
}

// sort settles all that needs no path: what cannot be read, what is there
// already, and the roots. It returns the lines that are left.
func (t *trial) sort(entries []trust.Entry, now time.Time) (pending []int, err error) {
	first := map[string]int{}
	for i, e := range entries {
		line := &t.lines[i]
		line.Entry, line.Certificate = i, e.Certificate
		if e.Err != nil {
			line.Err = e.Err
			continue
		}
		if _, twice := first[string(e.Certificate.Raw)]; twice {
			continue // its line is written when the first one's is
		}
		first[string(e.Certificate.Raw)] = i
		if ca, present := t.world.snapshot.Find(e.Certificate); present {
			line.Verdict, line.Role, line.ID = AlreadyPresent, ca.Role, ca.ID
			continue
		}
		if !certchain.IsSelfSigned(e.Certificate) {
			line.Role = trust.Intermediate
			pending = append(pending, i)
			continue
		}
		line.Role = trust.Root
		if line.Err = certchain.JudgeAnchor(t.domain, e.Certificate, t.options...); line.Err == nil {
			if err := t.admit(i, now); err != nil {
				return nil, err
			}
		}
	}
	return pending, nil
}

// intermediates admits those that have a path through what is admitted, until
// no more do. Only admitted certificates help others: a path through one that
// is refused would be no path once the upload is over.
func (t *trial) intermediates(pending []int, now time.Time) error {
	for progress := true; progress; {
		progress = false
		var left []int
		for _, i := range pending {
			if err := t.ctx.Err(); err != nil {
				return err
			}
			line := &t.lines[i]
			chain, err := t.verifier.Verify(t.ctx, t.domain, line.Certificate)
			if err != nil {
				line.Err = err
				left = append(left, i)
				continue
			}
			line.Chain, line.Err, progress = chain, nil, true
			if err := t.admit(i, now); err != nil {
				return err
			}
		}
		pending = left
	}
	t.blame(pending)
	return nil
}

func (t *trial) admit(i int, now time.Time) error {
	line := &t.lines[i]
	ca := trust.CA{Domain: t.domain, Role: line.Role, Certificate: line.Certificate, AddedAt: now}
	ca.ID = ca.DefaultID()
	next, err := t.world.snapshot.With(ca)
	if err != nil {
		return err
	}
	t.world.snapshot = next
	t.admitted = append(t.admitted, ca)
	line.Verdict, line.ID = Admitted, ca.ID
	return nil
}

// maxBlamed is how many refused certificates are held against the others.
const maxBlamed = 64

// blame looks again at what has no path, this time with the refused ones of the
// same upload at hand, so that "its issuer has expired" is not told as "its
// issuer is unknown".
func (t *trial) blame(refused []int) {
	var helpers []*x509.Certificate
	for _, l := range t.lines {
		if l.Verdict == Refused && l.Certificate != nil && l.Err != nil {
			helpers = append(helpers, l.Certificate)
		}
	}
	if len(helpers) < 2 {
		return // nobody else to blame
	}
	helpers = helpers[:min(len(helpers), maxBlamed)]
	for _, i := range refused {
		line := &t.lines[i]
		_, err := t.verifier.Verify(t.ctx, t.domain, line.Certificate, certchain.Intermediates(helpers...),
			certchain.WithBudget(certchain.Budget{Signatures: 16, Candidates: 128}))
		if err != nil {
			line.Err = err
		}
	}
}

// repeats writes the lines of certificates that stand in the upload again.
func (t *trial) repeats() {
	first := map[string]*Line{}
	for i := range t.lines {
		line := &t.lines[i]
		if line.Certificate == nil {
			continue
		}
		original, again := first[string(line.Certificate.Raw)]
		if !again {
			first[string(line.Certificate.Raw)] = line
			continue
		}
		entry := line.Entry
		*line = *original
		line.Entry, line.Chain = entry, nil
		if line.Verdict == Admitted {
			line.Verdict = AlreadyPresent // as it is by now
		}
	}
}
