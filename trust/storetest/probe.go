package storetest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// probe is one rule being asked of one store.
type probe struct {
	tb    testing.TB
	check Check
	open  func(testing.TB) trust.Store
	store trust.Store
}

func (p *probe) ctx() context.Context { return p.tb.Context() }

// fatal ends the rule. Each text names the call and what was expected of it.
func (p *probe) fatal(format string, args ...any) {
	p.tb.Helper()
	p.tb.Fatalf("%s\nthe rule: %s", fmt.Sprintf(format, args...), p.check.Rule)
}

// must asks that a call which nothing stands in the way of succeeds.
func (p *probe) must(err error, format string, args ...any) {
	p.tb.Helper()
	if err != nil {
		p.fatal("%s: %v, want no error", fmt.Sprintf(format, args...), err)
	}
}

// refused asks for one of the contract's errors.
func (p *probe) refused(err, want error, format string, args ...any) {
	p.tb.Helper()
	if !errors.Is(err, want) {
		p.fatal("%s: error is %v, want one that wraps %q", fmt.Sprintf(format, args...), err, want)
	}
}

func (p *probe) add(cas ...trust.CA) {
	p.tb.Helper()
	p.must(p.store.Add(p.ctx(), cas...), "Add of %d new CAs", len(cas))
}

func (p *probe) remove(d trust.Domain, id string) {
	p.tb.Helper()
	p.must(p.store.Remove(p.ctx(), d, id), "Remove of id %q, which is in domain %s", id, d)
}

func (p *probe) snapshot(d trust.Domain) *trust.Snapshot {
	p.tb.Helper()
	s, err := p.store.Snapshot(p.ctx(), d)
	p.must(err, "Snapshot of domain %s", d)
	if s == nil {
		p.fatal("Snapshot of domain %s: neither a snapshot nor an error", d)
	}
	if s.Domain() != d {
		p.fatal("Snapshot of domain %s is one of domain %s", d, s.Domain())
	}
	return s
}

func (p *probe) list(q trust.Query) trust.Page {
	p.tb.Helper()
	page, err := p.store.List(p.ctx(), q)
	p.must(err, "List of %+v", q)
	return page
}

// holds asks that the domain has exactly these CAs, in both views of it.
func (p *probe) holds(d trust.Domain, when string, cas ...trust.CA) {
	p.tb.Helper()
	s := p.snapshot(d)
	p.has(s, when, cas...)
	page := p.list(trust.Query{Domain: d, Size: trust.MaxPageSize})
	if page.Total != len(cas) || len(page.CAs) != len(cas) {
		p.fatal("%s: List of domain %s has %d CAs and says %d, want %d", when, d, len(page.CAs), page.Total, len(cas))
	}
	for _, ca := range page.CAs {
		if ca.Certificate == nil {
			p.fatal("%s: List of domain %s has a CA without certificate", when, d)
		}
		if _, ok := s.Find(ca.Certificate); !ok {
			p.fatal("%s: List of domain %s has CA %s, Snapshot has not", when, d, ca.ID)
		}
	}
}

// has asks that a snapshot has exactly these CAs under each of its indexes.
func (p *probe) has(s *trust.Snapshot, when string, cas ...trust.CA) {
	p.tb.Helper()
	if s.Len() != len(cas) {
		p.fatal("%s: the snapshot of domain %s has %d CAs, want %d", when, s.Domain(), s.Len(), len(cas))
	}
	for _, ca := range cas {
		got, ok := s.Find(ca.Certificate)
		if !ok {
			p.fatal("%s: the snapshot of domain %s lacks %q", when, s.Domain(), ca.Certificate.Subject.CommonName)
		}
		p.same(got, ca, when)
		if byID, ok := s.ByID(got.ID); !ok || !bytes.Equal(byID.Certificate.Raw, ca.Certificate.Raw) {
			p.fatal("%s: the snapshot of domain %s does not find %q by its id %q", when, s.Domain(), ca.Certificate.Subject.CommonName, got.ID)
		}
	}
}

// same asks that a CA came back as it was given.
func (p *probe) same(got, want trust.CA, when string) {
	p.tb.Helper()
	name := want.Certificate.Subject.CommonName
	if want.ID == "" {
		want.ID = want.DefaultID()
	}
	switch {
	case got.Certificate == nil || !bytes.Equal(got.Certificate.Raw, want.Certificate.Raw):
		p.fatal("%s: %q came back with another certificate", when, name)
	case got.ID != want.ID:
		p.fatal("%s: %q came back with id %q, want %q", when, name, got.ID, want.ID)
	case got.Domain != want.Domain:
		p.fatal("%s: %q came back in domain %q, want %q", when, name, got.Domain, want.Domain)
	case got.Role != want.Role:
		p.fatal("%s: %q came back with role %q, want %q", when, name, got.Role, want.Role)
	case got.AddedAt.IsZero():
		p.fatal("%s: %q came back with no AddedAt", when, name)
	case !want.AddedAt.IsZero() && !got.AddedAt.Equal(want.AddedAt):
		p.fatal("%s: %q came back with AddedAt %s, want %s", when, name, got.AddedAt, want.AddedAt)
	}
}

// restart opens the store again over what it left.
func (p *probe) restart() {
	p.tb.Helper()
	if c, ok := p.store.(io.Closer); ok {
		p.must(c.Close(), "Close")
	}
	p.store = p.open(p.tb)
}

// start is when the suite's CAs were added, unless a rule says otherwise.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// ca makes a CA with a self-signed certificate of its own, as every store must
// keep it.
func (p *probe) ca(d trust.Domain, name string) trust.CA {
	p.tb.Helper()
	return p.caUntil(d, name, start.AddDate(20, 0, 0))
}

func (p *probe) caUntil(d trust.Domain, name string, end time.Time) trust.CA {
	p.tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.must(err, "making a key")
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{Organization: []string{"storetest"}, CommonName: name},
		NotBefore:             start,
		NotAfter:              end,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	p.must(err, "making a certificate")
	c, err := trust.ParseCertificate(der)
	p.must(err, "making a certificate")
	return trust.CA{Domain: d, Role: trust.Root, Certificate: c, AddedAt: start}
}

func (p *probe) cas(d trust.Domain, n int) []trust.CA {
	p.tb.Helper()
	cas := make([]trust.CA, n)
	for i := range cas {
		cas[i] = p.ca(d, fmt.Sprintf("CA %d of %s", i, d))
	}
	return cas
}
