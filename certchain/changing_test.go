package certchain_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// presence says in which versions of a store a CA was there.
type presence struct {
	mu    sync.Mutex
	there []bool // by version
}

func (l *presence) note(there bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.there = append(l.there, there)
}

// some reports whether in any version from one to another the CA was there, or
// was not.
func (l *presence) some(from, to uint64, there bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for v := from; v <= to && v < uint64(len(l.there)); v++ {
		if l.there[v] == there {
			return true
		}
	}
	return to >= uint64(len(l.there)) // a change that is not noted yet
}

// 64 readers verify while CAs come and go a thousand times. Every verdict is
// right for some version between the call's begin and end: what was removed
// before a call began is never used by it, and an acceptance says which version
// decided.
func TestVerdictsWhileTheStoreChanges(t *testing.T) {
	t.Parallel()
	changes := 1000
	if testing.Short() {
		changes = 100
	}
	for name, opts := range map[string][]certchain.Option{"remembering": nil, "remembering nothing": {certchain.WithoutCache()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			root := pkitest.NewRoot(t, "root")
			comes, stays := root.IssueCA(t, "comes and goes"), root.IssueCA(t, "stays")
			leaf, constant := comes.Issue(t, "leaf"), stays.Issue(t, "constant")
			store := trust.NewMemory()
			require.NoError(t, store.Add(ctx,
				trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate},
				trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: stays.Certificate}))
			mortal := trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: comes.Certificate}
			version := func() uint64 {
				s, _ := store.Snapshot(ctx, trust.Auth)
				return s.Version()
			}
			var l presence
			for range version() + 1 {
				l.note(false)
			}
			v := certchain.New(store, append(opts, certchain.WithClock(pkitest.Clock))...)

			var done atomic.Bool
			var accepted, refused atomic.Int64
			faults := make(chan string, 64)
			var group sync.WaitGroup
			for reader := range 64 {
				group.Go(func() {
					for n := 0; !done.Load(); n++ {
						from := version()
						chain, err := v.VerifyDER(ctx, trust.Auth, leaf.Certificate.Raw)
						to := version()
						switch {
						case err == nil && (chain.SnapshotVersion < from || chain.SnapshotVersion > to):
							faults <- fmt.Sprintf("version %d decided a call from %d to %d", chain.SnapshotVersion, from, to)
							return
						case err == nil && !l.some(chain.SnapshotVersion, chain.SnapshotVersion, true):
							faults <- fmt.Sprintf("accepted by version %d, which does not hold the CA", chain.SnapshotVersion)
							return
						case err == nil:
							accepted.Add(1)
						case !errors.Is(err, certchain.UnknownIssuer):
							faults <- err.Error()
							return
						case !l.some(from, to, false):
							faults <- fmt.Sprintf("refused although every version from %d to %d holds the CA: %v", from, to, err)
							return
						default:
							refused.Add(1)
						}
						if _, err := v.Verify(ctx, trust.Auth, constant.Certificate); err != nil {
							faults <- err.Error()
							return
						}
						if n%8 == reader%8 {
							runtime.Gosched() // few processors must not keep the writer waiting
						}
					}
				})
			}
			var fault string
			for change := range changes {
				l.note(true)
				require.NoError(t, store.Add(ctx, mortal))
				// Some calls must see it there, or the test would show nothing.
				for from := accepted.Load(); change%50 == 0 && accepted.Load() == from && len(faults) == 0; {
					time.Sleep(time.Millisecond)
				}
				l.note(false)
				require.NoError(t, store.Remove(ctx, trust.Auth, mortal.DefaultID()))
				if _, err := v.VerifyDER(ctx, trust.Auth, leaf.Certificate.Raw); err == nil {
					fault = "a CA was used after Remove had returned"
					break
				}
			}
			done.Store(true)
			group.Wait()
			close(faults)
			for f := range faults {
				fault = f
			}
			require.Empty(t, fault)
			require.Positive(t, refused.Load())
		})
	}
}
