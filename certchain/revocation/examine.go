package revocation

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// examination is the question about one certificate: the state of RFC 5280
// §6.3.2.
type examination struct {
	*lister
	ctx    context.Context
	q      certchain.RevocationQuery
	issuer dn.Key

	reasons reasonFlags // reasons_mask
	revoked *certchain.RevocationAnswer
	good    *certchain.RevocationAnswer
	notes   []string // why lists could not be used
}

// consult goes through the lists that a distribution point speaks of.
func (e *examination) consult(p distributionPoint) {
	for _, issuer := range e.listIssuers(p) {
		for _, l := range e.byIssuer[issuer] {
			if e.revoked != nil || e.reasons == allReasons || e.ctx.Err() != nil {
				return
			}
			if l.base == nil {
				e.examine(p, l)
			}
		}
	}
}

// listIssuers: the point's cRLIssuer, or the certificate's own issuer.
func (e *examination) listIssuers(p distributionPoint) []dn.Key {
	if len(p.issuer) == 0 {
		return []dn.Key{e.issuer}
	}
	var keys []dn.Key
	for _, n := range p.issuer {
		if key, ok := (names{n}).directory(); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// examine applies one complete list, with its newest delta: §6.3.3 (b) to (l).
func (e *examination) examine(p distributionPoint, l *list) {
	if !e.inScope(p, l) {
		return
	}
	if err := l.current(e.q.At); err != nil {
		e.notes = append(e.notes, fmt.Sprintf("%s cannot be used: %v", l.name(), err))
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
		e.notes = append(e.notes, l.name()+" is signed by nobody who may sign it")
		return
	}
	// (c), (h), (i), (j).
	said, which := l, entry{}
	found := false
	if delta := e.deltaFor(l, signer); delta != nil {
		said = delta
		which, found = delta.lookUp(e.issuer, e.q.Certificate().SerialNumber)
	}
	if !found {
		which, found = l.lookUp(e.issuer, e.q.Certificate().SerialNumber)
	}
	answer := certchain.RevocationAnswer{Status: certchain.StatusGood, Source: said.name(),
		ThisUpdate: said.ThisUpdate, NextUpdate: said.NextUpdate}
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
	// (b)(1): a list of somebody else must say that it is indirect.
	if len(p.issuer) > 0 {
		if !l.idp.indirect {
			return false
		}
	} else if l.issuer != e.issuer {
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

// signerOf finds who signed the list and may: its issuer by name, with cRLSign
// where it has a key usage, and a path to the same anchor.
func (e *examination) signerOf(l *list) *x509.Certificate {
	tried := 0
	for c := range e.q.Signers(l.RawIssuer) {
		if tried++; tried > maxSigners || e.ctx.Err() != nil {
			return nil
		}
		if !maySignLists(c) {
			continue
		}
		if e.verify(l, c) && e.q.TrustSigner(c) {
			return c
		}
	}
	return nil
}

// maySignLists: where a key usage is present, it has cRLSign.
func maySignLists(c *x509.Certificate) bool {
	present := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidKeyUsage) })
	return !present || c.KeyUsage&x509.KeyUsageCRLSign != 0
}

// deltaFor returns the newest delta list that brings the list up to date and
// has the same signer.
func (e *examination) deltaFor(l *list, signer *x509.Certificate) *list {
	var newest *list
	for _, d := range e.byIssuer[l.issuer] {
		if d.deltaOf(l) && d.current(e.q.At) == nil && e.verify(d, signer) &&
			(newest == nil || d.Number.Cmp(newest.Number) > 0) {
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
		return unknown(strings.Join(e.notes, "; "))
	case e.reasons != 0:
		return unknown("the lists at hand do not cover every reason for a revocation")
	}
	return unknown(fmt.Sprintf("no revocation list of %s is at hand for it", issuerText(e.q.Certificate().RawIssuer)))
}
