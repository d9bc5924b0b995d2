// Package enrol is somebody else's service, as small as it gets: partners enrol
// with a certificate, and send orders that they sign. It is here for its test,
// which shows how a service is tested with package trusttest.
//
// What makes it easy to test is what makes it easy to embed: it takes a
// [trust.Source] and a clock.
package enrol

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/trust"
)

// ErrStranger is the error of an order from somebody who did not enrol.
var ErrStranger = errors.New("enrol: not enrolled")

// Desk enrols partners and takes their orders. It is safe for concurrent use.
type Desk struct {
	chains *certchain.Verifier
	tokens *x5c.Verifier

	mu       sync.Mutex
	enrolled map[string]string // organisation to the SHA-256 of its certificate
}

// New returns a desk that trusts what the source trusts. The options are those of
// its verifier, for a host that asks for revocation, say.
func New(source trust.Source, now func() time.Time, opts ...certchain.Option) *Desk {
	opts = append([]certchain.Option{certchain.WithClock(now)}, opts...)
	chains := certchain.New(source, opts...)
	return &Desk{chains: chains, tokens: x5c.New(chains), enrolled: map[string]string{}}
}

// Enrol takes the certificate that an organisation uploads, as PEM or DER, with
// or without the chain behind it.
func (d *Desk) Enrol(ctx context.Context, organization string, upload []byte) error {
	certs, err := trust.ParseCertificates(upload)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	leaf := certs[0]
	_, err = d.chains.Verify(ctx, trust.Auth, leaf, certchain.Organization(organization), certchain.Intermediates(certs[1:]...))
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.enrolled[organization] = trust.SHA256(leaf)
	return nil
}

// Order takes an order with the detached signature of a partner that enrolled.
func (d *Desk) Order(ctx context.Context, organization string, order []byte, signature string) error {
	d.mu.Lock()
	certificate, ok := d.enrolled[organization]
	d.mu.Unlock()
	if !ok {
		return ErrStranger
	}
	if _, err := d.tokens.Verify(ctx, trust.Auth, signature, x5c.Detached(order), x5c.BoundTo(certificate)); err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	return nil
}
