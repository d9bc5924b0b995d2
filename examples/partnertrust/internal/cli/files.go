package cli

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// upload is the certificates of several files as one upload: a root may be in
// another file than the CAs below it.
type upload struct {
	pem     bytes.Buffer
	entries []entry
}

// entry is one certificate of an upload, and where it was.
type entry struct {
	file  string
	index int // in the file, counted from 0
	err   error
}

func (a *app) upload(files []string) (*upload, error) {
	u := &upload{}
	for _, name := range files {
		data, err := a.read(name)
		if err != nil {
			return nil, err
		}
		entries, err := pkcs7.ReadEntries(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i, e := range entries {
			block := &pem.Block{Type: "CERTIFICATE", Bytes: []byte{0}} // unreadable, so that the gate counts it
			if e.Err == nil {
				block.Bytes = e.Certificate.Raw
			}
			if err := pem.Encode(&u.pem, block); err != nil {
				return nil, err
			}
			u.entries = append(u.entries, entry{name, i, e.Err})
		}
	}
	return u, nil
}

// lines are the gate's, each with the file that it came from and with the error
// of what could not be read there.
func (u *upload) lines(report *admit.Report) ([]fileLine, error) {
	if len(report.Lines) != len(u.entries) {
		return nil, fmt.Errorf("%d certificates, but %d verdicts", len(u.entries), len(report.Lines))
	}
	out := make([]fileLine, len(report.Lines))
	for i, line := range report.Lines {
		e := u.entries[i]
		line.Entry = e.index
		if e.err != nil {
			line.Err = e.err
		}
		out[i] = fileLine{e.file, line}
	}
	return out, nil
}

type fileLine struct {
	file string
	admit.Line
}

// fromFiles is a store in memory of the CAs in files. They pass the gate, as any
// CA that is to be trusted, but for their remaining time: who asks about an old
// store wants to be told that a CA has expired and not that nobody knows it. No
// path through such a CA is valid, whoever keeps it.
func (a *app) fromFiles(ctx context.Context, d trust.Domain, files []string) (trust.Store, error) {
	byDomain := map[trust.Domain][]string{}
	var order []trust.Domain
	for _, name := range files {
		in := d
		if prefix, rest, ok := strings.Cut(name, "="); ok {
			if named, err := trust.ParseDomain(prefix); err == nil {
				in, name = named, rest
			}
		}
		if in == "" {
			return nil, fmt.Errorf("--ca %s: in which domain? Give --domain, or --ca DOMAIN=%s", name, name)
		}
		if !slices.Contains(order, in) {
			order = append(order, in)
		}
		byDomain[in] = append(byDomain[in], name)
	}
	store := trust.NewMemory()
	gate := admit.New(store, admit.WithClock(a.clock()), admit.MinRemaining(0))
	for _, in := range order {
		u, err := a.upload(byDomain[in])
		if err != nil {
			return nil, err
		}
		report, err := gate.Admit(ctx, in, u.pem.Bytes())
		if err != nil {
			return nil, err
		}
		lines, err := u.lines(report)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if err := a.keepExpired(ctx, store, in, line); err != nil {
				return nil, err
			}
		}
	}
	return store, nil
}

// keepExpired adds what the gate refused for its time alone; what it refused for
// anything else is left out and told.
func (a *app) keepExpired(ctx context.Context, store trust.Store, d trust.Domain, line fileLine) error {
	if line.Verdict != admit.Refused {
		return nil
	}
	var refusal *certchain.Error
	onlyTime := errors.As(line.Err, &refusal)
	if onlyTime {
		for _, f := range refusal.Findings {
			onlyTime = onlyTime && (f.Reason == certchain.Expired || f.Reason == certchain.NotYetValid)
		}
	}
	if !onlyTime {
		a.warn("left out: %s: %v", line.file, line.Line)
		return nil
	}
	err := store.Add(ctx, trust.CA{Domain: d, Role: trust.RoleOf(line.Certificate), Certificate: line.Certificate})
	if errors.Is(err, trust.ErrExists) {
		return nil
	}
	return err
}
