package certchain

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/mosip/partnertrust/trust"
)

// TrustPath returns the path of a CA of the store, by its id, to its root: the
// CA first, a root alone. It is judged by [Authority] unless the options say
// otherwise; an [*Error] has the path that came closest, also of a CA that has
// expired. An id that the domain does not hold gives [trust.ErrNotFound].
//
// Package trust/pkcs7 writes the path as a file:
//
//	chain, err := verifier.TrustPath(ctx, trust.Auth, id)
//	p7b, err := pkcs7.MarshalPEM(chain.Certificates)
func (v *Verifier) TrustPath(ctx context.Context, d trust.Domain, id string, opts ...Option) (*Chain, error) {
	opts = append([]Option{WithProfile(Authority)}, opts...)
	q := v.question(ctx, d, opts)
	if err := q.prepare(); err != nil {
		return nil, err
	}
	ca, ok := q.snapshot.ByID(id)
	if !ok {
		return nil, fmt.Errorf("certchain: %w: id %.64q in domain %s", trust.ErrNotFound, id, d)
	}
	if ca.Role != trust.Root {
		_, chain, err := v.search(q).run(analyse(ca.Certificate))
		return chain, err
	}
	if err := JudgeAnchor(d, ca.Certificate, append(opts, At(q.now))...); err != nil {
		return nil, err
	}
	return &Chain{
		Certificates: []*x509.Certificate{ca.Certificate}, Domain: d,
		NotBefore: ca.Certificate.NotBefore, NotAfter: ca.Certificate.NotAfter,
		SnapshotVersion: q.snapshot.Version(),
	}, nil
}
