// Package storetest is the contract of a [trust.Store] as a test suite. Whoever
// writes a store runs it in a test of theirs:
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(tb testing.TB) trust.Store { return mystore.New() })
//	}
//
// and, where the store outlives the process:
//
//	func TestContract(t *testing.T) {
//		storetest.RunDurable(t, func(tb testing.TB) func(testing.TB) trust.Store {
//			place := tb.TempDir() // or a schema of its own in a database
//			return func(tb testing.TB) trust.Store { return mystore.Open(place) }
//		})
//	}
//
// Every rule is a subtest with a store of its own, named after the rule; what
// fails says which sentence of the contract is broken, by which call, and what
// was expected. Run it under the race detector as well: the rules about
// concurrency mean little without.
//
// The CAs are made while the suite runs. Nothing in it looks at a clock, and no
// rule asks for more precise times than seconds.
package storetest
