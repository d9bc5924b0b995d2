package trust

import (
	"context"
	"crypto/x509"
	"slices"
	"sync"
	"sync/atomic"
)

// Static returns a [Source] that gives the same fixed set for every domain:
// the anchors as roots, self-signed or not, and the intermediates as helpers.
// A certificate given twice counts once, as an anchor if it is in both lists.
// A list with a certificate that cannot be trusted at all (nil, or never
// parsed) makes every Snapshot fail with [ErrInvalidCA].
func Static(anchors, intermediates []*x509.Certificate) Source {
	return &static{anchors: slices.Clone(anchors), intermediates: slices.Clone(intermediates)}
}

type static struct {
	anchors, intermediates []*x509.Certificate
	snapshots              sync.Map // Domain → *Snapshot
	cached                 atomic.Int32
}

// maxStaticDomains bounds what a host that takes domain names from a request
// could make Static remember.
const maxStaticDomains = 64

// Snapshot builds a domain's snapshot at the first call.
func (s *static) Snapshot(ctx context.Context, d Domain) (*Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if built, ok := s.snapshots.Load(d); ok {
		return built.(*Snapshot), nil
	}
	built, err := s.build(d)
	if err != nil || s.cached.Add(1) > maxStaticDomains {
		return built, err
	}
	// Two first calls may build twice; both get the same one.
	kept, _ := s.snapshots.LoadOrStore(d, built)
	return kept.(*Snapshot), nil
}

func (s *static) build(d Domain) (*Snapshot, error) {
	snapshot, err := NewSnapshot(d)
	if err != nil {
		return nil, err
	}
	for _, ca := range s.cas(d) {
		if ca.Certificate != nil {
			if _, twice := snapshot.Find(ca.Certificate); twice {
				continue
			}
		}
		if snapshot, err = snapshot.With(ca); err != nil {
			return nil, err
		}
	}
	return snapshot, nil
}

// Domains returns none: a set that is the same everywhere tells nothing about
// other domains.
func (s *static) Domains(ctx context.Context) ([]Domain, error) { return nil, ctx.Err() }

func (s *static) cas(d Domain) []CA {
	cas := make([]CA, 0, len(s.anchors)+len(s.intermediates))
	for _, c := range s.anchors {
		cas = append(cas, CA{Domain: d, Role: Root, Certificate: c})
	}
	for _, c := range s.intermediates {
		cas = append(cas, CA{Domain: d, Role: Intermediate, Certificate: c})
	}
	return cas
}
