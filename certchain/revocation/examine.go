package revocation

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// examination is the question about one certificate: the state of RFC 5280
// §6.3.2.
type examination struct {
	ctx      context.Context
	q        certchain.RevocationQuery
	issuer   dn.Key
	points   []distributionPoint
	byIssuer map[dn.Key][]*list // newer ones first

	reasons reasonFlags // reasons_mask
	revoked *certchain.RevocationAnswer
	good    *certchain.RevocationAnswer
	notes   notes
}

// examine begins the examination of the certificate that is asked about.
func examine(ctx context.Context, q certchain.RevocationQuery) (*examination, error) {
	if err := wellAsked(q); err != nil {
		return nil, err
	}
	issuer, err := dn.Canonical(q.Certificate().RawIssuer)
	if err != nil {
		return nil, err
	}
	points, err := pointsOf(q.Certificate().Extensions, oidCRLDistributionPoints, issuer)
	if err != nil {
		return nil, err
	}
	return &examination{ctx: ctx, q: q, issuer: issuer, points: points}, nil
}

// wellAsked refuses a query that names no certificate and issuer.
func wellAsked(q certchain.RevocationQuery) error {
	if q.Depth < 0 || q.Depth+1 >= len(q.Path) || q.Certificate() == nil || q.Issuer() == nil || q.Signers == nil || q.TrustSigner == nil {
		return errors.New("a question about no certificate")
	}
	return nil
}

// ownPoint is what RFC 5280 §6.3.3 assumes when no point of the certificate
// settles the question: whatever else its issuer published, as if a point had
// the issuer's own name.
func (e *examination) ownPoint() distributionPoint {
	return distributionPoint{names: names{directoryEntry(e.issuer)}, reasons: allReasons}
}

// settled reports whether more lists could change nothing.
func (e *examination) settled() bool {
	return e.revoked != nil || e.reasons == allReasons || e.ctx.Err() != nil
}

// consult goes through the lists that a distribution point speaks of.
func (e *examination) consult(p distributionPoint) {
	for _, issuer := range e.listIssuers(p) {
		for _, l := range e.byIssuer[issuer] {
			if e.settled() {
				return
			}
			if l.base == nil {
				e.apply(p, l)
			}
		}
	}
}

// listIssuers: the point's cRLIssuer, or the certificate's own issuer.
func (e *examination) listIssuers(p distributionPoint) []dn.Key {
	if len(p.issuer) == 0 {
		return []dn.Key{e.issuer}
	}
	return p.issuer.directories()
}

// apply applies one complete list, with its newest delta: §6.3.3 (b) to (l).
func (e *examination) apply(p distributionPoint, l *list) {
	if !e.inScope(p, l) {
		return
	}
	if err := l.current(e.q.At); err != nil {
		e.notes.add("%s cannot be used: %v", l.name(), err)
		return
	}
	// (d), (e): what this list knows that no other did.
	interim := p.reasons & l.idp.reasons
	if interim&^e.reasons == 0 {
		return
	}
	// (f), (g).
	signer := e.signerOf(l)
	if signer == nil {
		e.notes.add("%s is signed by nobody who may sign it", l.name())
		return
	}
	// (c), (h), (i), (j).
	said, which, until := l, entry{}, l.NextUpdate
	found := false
	if delta := e.deltaFor(l, signer); delta != nil {
		said = delta
		if delta.NextUpdate.Before(until) {
			until = delta.NextUpdate
		}
		which, found = delta.lookUp(e.issuer, e.q.Certificate().SerialNumber)
	}
	if !found {
		which, found = l.lookUp(e.issuer, e.q.Certificate().SerialNumber)
	}
	answer := certchain.RevocationAnswer{Status: certchain.StatusGood, Source: said.name(),
		ThisUpdate: said.ThisUpdate, NextUpdate: until}
	// (k): an entry that takes the certificate off the list.
	if found && which.code != removeFromCRL {
		answer.Status, answer.RevokedAt, answer.Code = certchain.StatusRevoked, which.at, which.code
		e.revoked = &answer
		return
	}
	e.reasons |= interim // (l)
	if e.good == nil || answer.NextUpdate.Before(e.good.NextUpdate) {
		e.good = &answer
	}
}

// inScope: §6.3.3 (b).
func (e *examination) inScope(p distributionPoint, l *list) bool {
	// (b)(1): a list of somebody else must say that it is indirect. That it is
	// of the right issuer, consult saw to.
	if len(p.issuer) > 0 && !l.idp.indirect {
		return false
	}
	// (b)(2)(i): a list of one point is for the certificates of that point.
	if len(l.idp.names) > 0 {
		mine := p.names
		if len(mine) == 0 {
			mine = p.issuer
		}
		if !l.idp.names.meet(mine) {
			return false
		}
	}
	// (b)(2)(ii) to (iv).
	c := e.q.Certificate()
	isCA := c.BasicConstraintsValid && c.IsCA
	return !(l.idp.onlyUser && isCA) && !(l.idp.onlyCA && !isCA) && !l.idp.onlyAttribute
}

// deltaFor returns the newest delta list that brings the list up to date and
// has the same signer.
func (e *examination) deltaFor(l *list, signer *x509.Certificate) *list {
	var newest *list
	tried := 0
	for _, d := range e.byIssuer[l.issuer] {
		if !d.deltaOf(l) || d.current(e.q.At) != nil || newest != nil && d.Number.Cmp(newest.Number) <= 0 {
			continue
		}
		if tried++; tried > maxSigners {
			break
		}
		if d.signedBy(signer) {
			d.trusted(signer)
			newest = d
		}
	}
	return newest
}

func (e *examination) answer() certchain.RevocationAnswer {
	switch {
	case e.revoked != nil:
		return *e.revoked
	case e.reasons == allReasons && e.good != nil:
		return *e.good
	case e.ctx.Err() != nil:
		return unknown(e.ctx.Err().Error())
	case len(e.notes) > 0:
		return unknown(e.notes.String())
	case e.reasons != 0:
		return unknown("the lists at hand do not cover every reason for a revocation")
	}
	return unknown(fmt.Sprintf("no revocation list of %s is at hand for it", issuerText(e.q.Certificate().RawIssuer)))
}

func unknown(why string) certchain.RevocationAnswer {
	return certchain.RevocationAnswer{Detail: why}
}

// notes say why nothing is known.
type notes []string

func (n *notes) add(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); len(*n) < maxNotes && !slices.Contains(*n, note) {
		*n = append(*n, note)
	}
}

func (n notes) String() string { return strings.Join(n, "; ") }
