package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/mosip/partnertrust/trust"
)

var contextChecks = []Check{
	{"Cancellation", "a call whose ctx has ended says so and changes nothing", cancellation},
}

var concurrencyChecks = []Check{
	{"ReadersSeeWholeVersions", "each snapshot is whole while others write, and versions never go back", readersSeeWholeVersions},
	{"OneWinner", "of concurrent calls that want the same change one succeeds, and the others say why not", oneWinner},
	{"NoLostUpdate", "concurrent changes of different CAs are all in the store in the end", noLostUpdate},
}

func cancellation(p *probe) {
	here, other := p.ca(trust.Auth, "here"), p.ca(trust.Auth, "other")
	p.add(here)
	ended, cancel := context.WithCancel(p.ctx())
	cancel()
	p.refused(p.store.Add(ended, other), context.Canceled, "Add")
	p.holds(trust.Auth, "after a canceled Add", here)
	p.refused(p.store.Remove(ended, trust.Auth, here.DefaultID()), context.Canceled, "Remove")
	p.holds(trust.Auth, "after a canceled Remove", here)
	_, err := p.store.Snapshot(ended, trust.Auth)
	p.refused(err, context.Canceled, "Snapshot")
	_, err = p.store.List(ended, trust.Query{})
	p.refused(err, context.Canceled, "List")
	late, cancel := context.WithDeadline(p.ctx(), start) // long past
	defer cancel()
	p.refused(p.store.Add(late, other), context.DeadlineExceeded, "Add")
	if lister, ok := p.store.(trust.DomainLister); ok {
		_, err = lister.Domains(ended)
		p.refused(err, context.Canceled, "Domains")
	}
	p.holds(trust.Auth, "in the end", here)
	p.add(other) // nothing is left locked
	p.holds(trust.Auth, "in the end", here, other)
}

const (
	readers = 4
	writers = 4
	rounds  = 12
)

// A pair of CAs is always added in one call, and removed second one first: no
// snapshot may hold the second without the first.
func readersSeeWholeVersions(p *probe) {
	a, b := p.ca(trust.Auth, "a"), p.ca(trust.Auth, "b")
	var done atomic.Bool
	var looked atomic.Int64
	var group sync.WaitGroup
	fault := make(chan string, readers+1)
	for range readers {
		group.Go(func() {
			var last *trust.Snapshot
			for !done.Load() {
				s, err := p.store.Snapshot(p.ctx(), trust.Auth)
				if err != nil || s == nil {
					fault <- fmt.Sprintf("Snapshot while others write: snapshot %v, error %v", s, err)
					return
				}
				_, hasA := s.Find(a.Certificate)
				_, hasB := s.Find(b.Certificate)
				switch {
				case hasB && !hasA:
					fault <- "a snapshot holds one CA of a pair that one Add brought and lacks the other"
				case last != nil && s.Version() < last.Version():
					fault <- fmt.Sprintf("the version went from %d to %d", last.Version(), s.Version())
				case last != nil && s.Version() == last.Version() && s.Len() != last.Len():
					fault <- fmt.Sprintf("version %d has %d CAs, it had %d before", s.Version(), s.Len(), last.Len())
				default:
					last = s
					looked.Add(1)
					runtime.Gosched() // few processors must not keep the writer waiting
					continue
				}
				return
			}
		})
	}
	// Errors are collected, not fatal: the readers must end before the rule.
	for range rounds {
		err := p.store.Add(p.ctx(), a, b)
		// Some reader must begin and end while the pair is there.
		for from := looked.Load(); err == nil && looked.Load() <= from+readers && len(fault) == 0; {
			runtime.Gosched()
		}
		err = errors.Join(err,
			p.store.Remove(p.ctx(), trust.Auth, b.DefaultID()),
			p.store.Remove(p.ctx(), trust.Auth, a.DefaultID()))
		if err != nil {
			fault <- fmt.Sprintf("a change while others read: %v", err)
			break
		}
	}
	done.Store(true)
	group.Wait()
	close(fault)
	for text := range fault {
		p.fatal("%s", text)
	}
}

// count runs a call from all writers at once and returns how many succeeded.
func (p *probe) count(otherwise error, what string, call func() error) int {
	p.tb.Helper()
	results := make(chan error, writers)
	var group sync.WaitGroup
	for range writers {
		group.Go(func() { results <- call() })
	}
	group.Wait()
	close(results)
	won := 0
	for err := range results {
		if err == nil {
			won++
		} else {
			p.refused(err, otherwise, "%s by several at once", what)
		}
	}
	return won
}

func oneWinner(p *probe) {
	for i := range rounds / 2 {
		ca := p.ca(trust.Auth, fmt.Sprint("wanted ", i))
		if won := p.count(trust.ErrExists, "Add", func() error { return p.store.Add(p.ctx(), ca) }); won != 1 {
			p.fatal("%d of %d concurrent Adds of one CA succeeded, want 1", won, writers)
		}
		p.holds(trust.Auth, "after concurrent Adds of one CA", ca)
		if won := p.count(trust.ErrNotFound, "Remove", func() error { return p.store.Remove(p.ctx(), trust.Auth, ca.DefaultID()) }); won != 1 {
			p.fatal("%d of %d concurrent Removes of one CA succeeded, want 1", won, writers)
		}
		p.holds(trust.Auth, "after concurrent Removes of one CA")
	}
}

func noLostUpdate(p *probe) {
	old, fresh := p.cas(trust.Auth, writers*rounds/2), p.cas(trust.Auth, writers*rounds/2)
	p.add(old...)
	errs := make(chan error, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			var all []error
			for i := w; i < len(old); i += writers {
				all = append(all, p.store.Add(p.ctx(), fresh[i]), p.store.Remove(p.ctx(), trust.Auth, old[i].DefaultID()))
				_, err := p.store.List(p.ctx(), trust.Query{})
				all = append(all, err)
			}
			errs <- errors.Join(all...)
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		p.must(err, "concurrent changes of different CAs")
	}
	p.holds(trust.Auth, "after concurrent changes", fresh...)
}
