package trusttest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"math/big"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// What the lists and responses of a PKI say of themselves: they were made an
// hour ago and hold for a week.
const (
	statusAge  = time.Hour
	statusLife = 7 * 24 * time.Hour
	keyRevoked = 1 // CRLReason keyCompromise, RFC 5280 §5.3.1
)

// Revoke revokes certificates of this PKI, CAs included, as of an hour ago.
// Lists that are made from then on, the server and [PKI.Revocation] say so. Who
// fetched a list before keeps it for as long as it would.
func (p *PKI) Revoke(ids ...*Identity) {
	p.tb.Helper()
	for _, id := range ids {
		if id.pki != p || id.issuer == nil {
			p.tb.Fatalf("trusttest: %s cannot be revoked: no CA of this PKI issued it", certchain.SubjectText(id.Certificate))
		}
		p.mu.Lock()
		id.issuer.issued[id.Certificate.SerialNumber.String()] = p.now.Add(-statusAge)
		p.mu.Unlock()
	}
}

// CRLs returns the revocation lists of a domain in DER, one of each CA, as they
// stand now. They are what revocation.CRLs takes:
//
//	lists, err := revocation.CRLs(pki.CRLs(trust.Device)...)
func (p *PKI) CRLs(d trust.Domain) [][]byte {
	p.tb.Helper()
	p.home(d)
	p.mu.Lock()
	authorities := p.authorities[:len(p.authorities):len(p.authorities)]
	p.mu.Unlock()
	var lists [][]byte
	for _, a := range authorities {
		if a.Domain == d {
			list, err := p.crl(a)
			if err != nil {
				p.tb.Fatalf("trusttest: %v", err)
			}
			lists = append(lists, list)
		}
	}
	return lists
}

// crl makes the list of one CA. It is called by the server too, where there is
// no test to fail.
func (p *PKI) crl(a *authority) ([]byte, error) {
	template := &x509.RevocationList{ThisUpdate: p.now.Add(-statusAge), NextUpdate: p.now.Add(statusLife)}
	p.mu.Lock()
	for serial, at := range a.issued {
		if n, ok := new(big.Int).SetString(serial, 10); ok && !at.IsZero() {
			template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
				x509.RevocationListEntry{SerialNumber: n, RevocationTime: at, ReasonCode: keyRevoked})
		}
	}
	p.mu.Unlock()
	// A list with more on it is a newer one.
	template.Number = big.NewInt(int64(len(template.RevokedCertificateEntries)) + 1)
	return x509.CreateRevocationList(rand.Reader, template, a.Certificate, a.Key)
}

// Revocation returns a checker that answers from the books of the PKI's CAs, as
// they stand when it is asked: without lists, responders or network. It says
// "unknown" of certificates that no CA of the PKI issued.
//
//	verifier := pki.Verifier(certchain.WithRevocation(pki.Revocation()))
func (p *PKI) Revocation() certchain.Revocation { return books{p} }

type books struct{ pki *PKI }

// Check implements [certchain.Revocation].
func (b books) Check(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	issuer, serial := q.Issuer(), q.Certificate().SerialNumber
	p := b.pki
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.authorities {
		if !bytes.Equal(a.Certificate.Raw, issuer.Raw) {
			continue
		}
		answer := certchain.RevocationAnswer{
			Status: certchain.StatusGood, Source: fmt.Sprintf("trusttest: the books of %s", certchain.SubjectText(issuer)),
			ThisUpdate: p.now.Add(-statusAge), NextUpdate: p.now.Add(statusLife),
		}
		if at := a.issued[serial.String()]; !at.IsZero() {
			answer.Status, answer.RevokedAt, answer.Code = certchain.StatusRevoked, at, keyRevoked
		}
		return answer
	}
	return certchain.RevocationAnswer{Detail: "trusttest: no CA of this PKI issued it"}
}
