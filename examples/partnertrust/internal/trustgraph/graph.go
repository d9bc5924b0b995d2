// Package trustgraph looks at a trust store as a graph: who issued whom, and
// what of it is still good.
package trustgraph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// State is what has become of a certificate. The values are for programs.
type State string

// The states, the worst first.
const (
	Revoked     State = "revoked"
	Expired     State = "expired"
	Broken      State = "broken" // it has no valid path, for another reason than its own end
	NotYetValid State = "not-yet-valid"
	Soon        State = "expires-soon"
	Valid       State = "valid"
)

// States returns every state, the worst first.
func States() []State { return []State{Revoked, Expired, Broken, NotYetValid, Soon, Valid} }

// Kind is what a node is.
type Kind string

// The kinds.
const (
	Root         Kind = "root"
	Intermediate Kind = "intermediate"
	Partner      Kind = "partner"
)

// Node is a certificate.
type Node struct {
	ID           string       `json:"id"`
	Domain       trust.Domain `json:"domain"`
	Kind         Kind         `json:"kind"`
	Name         string       `json:"name"`    // for a person: of a CA the common name, of a partner the organisation
	Subject      string       `json:"subject"` // all of it
	Organization string       `json:"organization,omitempty"`
	NotAfter     time.Time    `json:"notAfter"`
	State        State        `json:"state"`
	Why          string       `json:"why,omitempty"` // of a Broken one
	Issuers      []string     `json:"issuers"`       // ids of the CAs of the store that signed it
}

// Graph is the nodes of a store by domain, in the order of their names.
type Graph struct {
	At      time.Time      `json:"at"`
	Domains []trust.Domain `json:"domains"`
	Nodes   []*Node        `json:"nodes"`
}

// Of returns the nodes of one domain.
func (g *Graph) Of(d trust.Domain) []*Node {
	var out []*Node
	for _, n := range g.Nodes {
		if n.Domain == d {
			out = append(out, n)
		}
	}
	return out
}

// Question is what of a store is looked at, and by what.
type Question struct {
	Domains  []trust.Domain
	Partners bool      // the partners' certificates, too
	At       time.Time // the state as of then
	Soon     time.Time // what ends before is soon over
	Options  []certchain.Option

	Max      int                   // how many CAs at most; 0 for any number
	Progress func(done, total int) // of the judging of CAs, or nil
}

// ErrTooMany is returned where a store holds more CAs than are asked for at most.
var ErrTooMany = errors.New("trustgraph: too many certificates")

// Build looks at a store. Every state is the verifier's: what is drawn as valid
// is what verifies.
func Build(ctx context.Context, store trust.Store, q Question) (*Graph, error) {
	g := &Graph{At: q.At, Domains: q.Domains, Nodes: []*Node{}}
	b := &builder{q: q, verifier: certchain.New(store, append(slices.Clone(q.Options), certchain.At(q.At))...)}
	var snapshots []*trust.Snapshot
	done, total := 0, 0
	for _, d := range q.Domains {
		snapshot, err := store.Snapshot(ctx, d)
		if err != nil {
			return nil, err
		}
		snapshots = append(snapshots, snapshot)
		total += snapshot.Len()
	}
	if q.Max > 0 && total > q.Max {
		return nil, fmt.Errorf("%w: %d", ErrTooMany, total)
	}
	for _, snapshot := range snapshots {
		var nodes []*Node
		for ca := range snapshot.All() {
			n, err := b.authority(ctx, snapshot, ca)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
			if done++; q.Progress != nil {
				q.Progress(done, total)
			}
		}
		if q.Partners {
			partners, err := b.partners(ctx, store, snapshot)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, partners...)
		}
		slices.SortFunc(nodes, func(x, y *Node) int {
			if c := strings.Compare(x.Name, y.Name); c != 0 {
				return c
			}
			return strings.Compare(x.ID, y.ID)
		})
		g.Nodes = append(g.Nodes, nodes...)
	}
	return g, nil
}
