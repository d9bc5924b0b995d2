package storetest

import (
	"slices"
	"testing"

	"github.com/mosip/partnertrust/trust"
)

// Place is where a store keeps its CAs: a function that makes a new, empty one
// and returns how to open the store over it. It is asked for a place once per
// rule, and the store is opened again where the rule is about a restart.
type Place = func(tb testing.TB) (open func(tb testing.TB) trust.Store)

// Check is one rule of the contract.
type Check struct {
	Name string // of the subtest
	Rule string // the sentence of the contract that it holds a store to

	run func(p *probe)
}

// Run holds a store to the rule. It ends with tb.FailNow where the store
// breaks it.
func (c Check) Run(tb testing.TB, place Place) {
	tb.Helper()
	open := place(tb)
	c.run(&probe{tb: tb, check: c, open: open, store: open(tb)})
}

// Run holds a store to the whole contract. open returns a new, empty store;
// what it needs cleaned up it leaves to tb.Cleanup.
func Run(t *testing.T, open func(tb testing.TB) trust.Store) {
	t.Helper()
	run(t, Checks(), func(testing.TB) func(testing.TB) trust.Store { return open })
}

// RunDurable is [Run] for a store that outlives the process, with the rules
// about what another process finds after this one. A store that is an
// io.Closer is closed before it is opened again.
func RunDurable(t *testing.T, place Place) {
	t.Helper()
	run(t, append(Checks(), DurableChecks()...), place)
}

func run(t *testing.T, checks []Check, place Place) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Run(t, place)
		})
	}
}

// Checks returns the rules for every store, for a harness that is not go test
// or wants one of them alone.
func Checks() []Check {
	return slices.Concat(addChecks, removeChecks, snapshotChecks, listChecks, contextChecks, concurrencyChecks)
}

// DurableChecks returns the rules that a store keeps beyond [Checks] when it
// outlives the process.
func DurableChecks() []Check { return slices.Clone(durableChecks) }
