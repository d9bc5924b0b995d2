package trustgraph

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// builder judges the certificates of one graph.
type builder struct {
	q        Question
	verifier *certchain.Verifier
}

func (b *builder) authority(ctx context.Context, snapshot *trust.Snapshot, ca trust.CA) (*Node, error) {
	n := node(ca.Certificate)
	n.ID, n.Domain, n.Kind = ca.ID, ca.Domain, Intermediate
	if ca.Role == trust.Root {
		n.Kind = Root
	}
	n.Issuers = issuersOf(snapshot, ca.Certificate)
	_, err := b.verifier.TrustPath(ctx, ca.Domain, ca.ID)
	return n, b.judge(n, ca.Certificate, err)
}

func (b *builder) partners(ctx context.Context, store trust.Store, snapshot *trust.Snapshot) ([]*Node, error) {
	partners, ok := store.(trust.PartnerStore)
	if !ok {
		return nil, nil
	}
	var nodes []*Node
	for page := 0; ; page++ {
		list, err := partners.ListPartners(ctx, trust.PartnerQuery{Domain: snapshot.Domain(), Page: page, Size: trust.MaxPageSize})
		if err != nil {
			return nil, err
		}
		for _, p := range list.Partners {
			n := node(p.Certificate)
			n.ID, n.Domain, n.Kind, n.Name, n.Organization = p.ID, p.Domain, Partner, p.Organization, p.Organization
			n.Issuers = issuersOf(snapshot, p.Certificate)
			_, err := b.verifier.Verify(ctx, p.Domain, p.Certificate)
			if err := b.judge(n, p.Certificate, err); err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
		}
		if len(list.Partners) < trust.MaxPageSize {
			return nodes, nil
		}
	}
}

// judge turns the verifier's answer into a state. An error that is no verdict
// ends the whole: a picture with holes would pass for the truth.
func (b *builder) judge(n *Node, c *x509.Certificate, err error) error {
	var refusal *certchain.Error
	switch {
	case err == nil && c.NotAfter.Before(b.q.Soon):
		n.State = Soon
		return nil
	case err == nil:
		n.State = Valid
		return nil
	case !errors.As(err, &refusal), errors.Is(err, certchain.SourceFailed), errors.Is(err, certchain.Canceled):
		return err
	}
	own := map[certchain.Reason]State{certchain.Revoked: Revoked, certchain.Expired: Expired, certchain.NotYetValid: NotYetValid}
	n.State = Broken
	for _, f := range refusal.Findings {
		if s, ok := own[f.Reason]; ok && f.Certificate != nil && f.Certificate.Equal(c) && rank(s) < rank(n.State) {
			n.State = s
		}
	}
	// A search ends where a path cannot stand: an end that has come is told even
	// where something else was found first.
	switch {
	case n.State == Broken && b.q.At.After(c.NotAfter):
		n.State = Expired
	case n.State == Broken && b.q.At.Before(c.NotBefore):
		n.State = NotYetValid
	case n.State == Broken:
		n.Why = refusal.Findings[0].Reason.Sentence()
	}
	return nil
}

func rank(s State) int {
	if s == NotYetValid {
		return rank(Broken) - 1 // its own beginning says more than its path
	}
	return slices.Index(States(), s)
}

func node(c *x509.Certificate) *Node {
	n := &Node{Name: c.Subject.CommonName, Subject: certchain.SubjectText(c), NotAfter: c.NotAfter.UTC(), Issuers: []string{}}
	if o, err := certchain.OrganizationOf(c); err == nil {
		n.Organization = o
	}
	if n.Name == "" {
		n.Name = n.Organization
	}
	if n.Name == "" {
		n.Name = n.Subject
	}
	return n
}

// issuersOf is the CAs of the domain whose key signed the certificate. A name
// alone says little: CAs renew their keys and keep their names.
func issuersOf(snapshot *trust.Snapshot, c *x509.Certificate) []string {
	ids := []string{}
	for ca := range snapshot.Issuers(c.RawIssuer, c.AuthorityKeyId) {
		if ca.Certificate.Equal(c) {
			continue
		}
		err := ca.Certificate.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
		var insecure x509.InsecureAlgorithmError
		if err == nil || errors.As(err, &insecure) {
			ids = append(ids, ca.ID)
		}
	}
	slices.Sort(ids)
	return ids
}
