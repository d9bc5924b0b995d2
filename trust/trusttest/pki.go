package trusttest

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// Now is the time at which a [PKI] lives unless [At] says otherwise.
func Now() time.Time { return pkitest.Now }

// PKI is a partner PKI: in each domain a root and an intermediate below it,
// which issues what partners hold. It is a [trust.Source] that trusts them. It
// is safe for concurrent use, parallel subtests included.
type PKI struct {
	tb     testing.TB
	now    time.Time
	store  *trust.Memory
	more   []trust.Domain
	online bool

	domains map[trust.Domain]home // not changed after New

	mu          sync.Mutex
	serial      int          // of the next identity, for its name and its key
	authorities []*authority // every CA that was ever made, for its books
	server      *httptest.Server
}

var (
	_ trust.Source       = (*PKI)(nil)
	_ trust.DomainLister = (*PKI)(nil)
)

// home is what a domain begins with.
type home struct{ root, intermediate *authority }

// Option configures a PKI in [New].
type Option func(*PKI)

// At makes a PKI that lives at that time, for code that reads the system's clock
// and cannot be given another: trusttest.At(time.Now()).
func At(t time.Time) Option {
	// Certificates know no fractions of a second.
	return func(p *PKI) { p.now = t.UTC().Truncate(time.Second) }
}

// WithDomains adds domains to the platform's, with a root and an intermediate
// each.
func WithDomains(more ...trust.Domain) Option {
	return func(p *PKI) { p.more = append(p.more, more...) }
}

// Online lets every certificate name where its status is to be had: the list and
// the responder of [PKI.Server], which is started. Without it certificates name
// nothing.
func Online() Option { return func(p *PKI) { p.online = true } }

// New makes a PKI for the domains of the platform, of fresh keys and
// certificates. Whatever goes wrong with it, then or later, fails tb.
func New(tb testing.TB, opts ...Option) *PKI {
	tb.Helper()
	p := &PKI{tb: tb, now: Now(), store: trust.NewMemory(), domains: map[trust.Domain]home{}}
	for _, o := range opts {
		o(p)
	}
	if p.online {
		p.Server()
	}
	for _, d := range append([]trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}, p.more...) {
		if _, made := p.domains[d]; made {
			continue
		}
		root := p.authority(d, nil, "Example "+string(d)+" Root")
		intermediate := p.authority(d, root, "Example "+string(d)+" CA")
		p.trust(trust.Root, root)
		p.trust(trust.Intermediate, intermediate)
		p.domains[d] = home{root, intermediate}
	}
	return p
}

// Clock is a clock that stands still at the time of the PKI. Give it to the code
// under test:
//
//	certchain.WithClock(pki.Clock)
func (p *PKI) Clock() time.Time { return p.now }

// Snapshot implements [trust.Source] with what [PKI.Store] holds.
func (p *PKI) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	return p.store.Snapshot(ctx, d)
}

// Domains implements [trust.DomainLister].
func (p *PKI) Domains(ctx context.Context) ([]trust.Domain, error) {
	return p.store.Domains(ctx)
}

// Store returns the store behind the PKI. A test may take CAs out of it and put
// others in; the next [PKI.Snapshot] shows it.
func (p *PKI) Store() *trust.Memory { return p.store }

// Verifier returns a verifier that trusts the PKI and has its clock.
func (p *PKI) Verifier(opts ...certchain.Option) *certchain.Verifier {
	return certchain.New(p, append([]certchain.Option{certchain.WithClock(p.Clock)}, opts...)...)
}

// Root returns the root of a domain, with its key.
func (p *PKI) Root(d trust.Domain) *Identity {
	p.tb.Helper()
	return p.home(d).root.Identity
}

// Intermediate returns the CA of a domain that issues what partners hold, with
// its key.
func (p *PKI) Intermediate(d trust.Domain) *Identity {
	p.tb.Helper()
	return p.home(d).intermediate.Identity
}

func (p *PKI) home(d trust.Domain) home {
	p.tb.Helper()
	h, ok := p.domains[d]
	if !ok {
		p.tb.Fatalf("trusttest: the PKI has no domain %q; see WithDomains", d)
	}
	return h
}

// trust puts a CA into the store.
func (p *PKI) trust(role trust.Role, a *authority) {
	p.tb.Helper()
	err := p.store.Add(context.Background(), trust.CA{Domain: a.Domain, Role: role, Certificate: a.Certificate, AddedAt: p.now})
	if err != nil {
		p.tb.Fatalf("trusttest: %v", err)
	}
}
