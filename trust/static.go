package trust

import (
	"context"
	"crypto/x509"
	"maps"
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
	writes                 sync.Mutex
	built                  atomic.Pointer[map[Domain]*Snapshot]
}

// maxStaticDomains bounds what a host that takes domain names from a request
// could make Static remember.
const maxStaticDomains = 64

// Snapshot builds a domain's snapshot at the first call.
func (s *static) Snapshot(ctx context.Context, d Domain) (*Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if built := s.built.Load(); built != nil {
		if snapshot, ok := (*built)[d]; ok {
			return snapshot, nil
		}
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	next := map[Domain]*Snapshot{}
	if built := s.built.Load(); built != nil {
		if snapshot, ok := (*built)[d]; ok {
			return snapshot, nil // somebody else was first
		}
		maps.Copy(next, *built)
	}
	snapshot, err := s.build(d)
	if err != nil || len(next) >= maxStaticDomains {
		return snapshot, err
	}
	next[d] = snapshot
	s.built.Store(&next)
	return snapshot, nil
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
