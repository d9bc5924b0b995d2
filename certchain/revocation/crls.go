package revocation

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// CRLs returns a checker over revocation lists that the host has at hand: DER or
// PEM, complete or delta, partitioned, indirect. A list that cannot be read is
// an error that names it; one that is stale or that uses what is not
// understood is kept, and answers that the status is unknown.
func CRLs(lists ...[]byte) (certchain.Revocation, error) {
	c := &lister{byIssuer: map[dn.Key][]*list{}}
	count := 0
	for i, data := range lists {
		ders, err := unwrap(data)
		if err != nil {
			return nil, fmt.Errorf("list %d: %w", i+1, err)
		}
		for _, der := range ders {
			if count++; count > MaxLists {
				return nil, fmt.Errorf("%w: more than %d lists", ErrList, MaxLists)
			}
			l, err := parseList(der)
			if err != nil {
				return nil, fmt.Errorf("list %d: %w", i+1, err)
			}
			c.add(l)
		}
	}
	return c, nil
}

// FromDir returns a checker over the lists in a folder, its files ending in
// .crl, .der or .pem. It reads them once: a host that gets new lists makes a
// new checker.
func FromDir(dir string) (certchain.Revocation, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("revocation: %w", err)
	}
	var lists [][]byte
	var read []string
	for _, f := range files {
		switch filepath.Ext(f.Name()) {
		case ".crl", ".der", ".pem":
		default:
			continue
		}
		if info, err := f.Info(); err != nil || info.Size() > MaxListBytes {
			return nil, fmt.Errorf("%w: %s is larger than %d bytes or cannot be read", ErrList, f.Name(), MaxListBytes)
		}
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("revocation: %w", err)
		}
		if _, err := CRLs(data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		lists, read = append(lists, data), append(read, f.Name())
	}
	if len(read) == 0 {
		return nil, fmt.Errorf("%w: no list in %s", ErrList, dir)
	}
	return CRLs(lists...)
}

func unwrap(data []byte) ([][]byte, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		return [][]byte{data}, nil
	}
	var ders [][]byte
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		if block.Type != "X509 CRL" {
			return nil, fmt.Errorf("%w: a PEM block of type %q", ErrList, block.Type)
		}
		ders, data = append(ders, block.Bytes), rest
	}
	if len(ders) == 0 || bytes.Contains(data, []byte("-----BEGIN ")) {
		return nil, fmt.Errorf("%w: broken PEM", ErrList)
	}
	return ders, nil
}

// lister answers from a fixed set of lists.
type lister struct {
	byIssuer map[dn.Key][]*list
	verified sync.Map // signature → bool
}

type signature struct {
	list   *list
	signer string // the certificate's bytes
}

func (c *lister) add(l *list) {
	c.byIssuer[l.issuer] = append(c.byIssuer[l.issuer], l)
	// Newer lists first; of two that hold, the newer knows more.
	slices.SortStableFunc(c.byIssuer[l.issuer], func(a, b *list) int { return b.ThisUpdate.Compare(a.ThisUpdate) })
}

// Check implements [certchain.Revocation].
func (c *lister) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	issuer, err := dn.Canonical(q.Certificate().RawIssuer)
	if err != nil {
		return unknown(err.Error())
	}
	points, err := pointsOf(q.Certificate(), issuer)
	if err != nil {
		return unknown(err.Error())
	}
	e := &examination{lister: c, ctx: ctx, q: q, issuer: issuer}
	// RFC 5280 §6.3.3: the points of the certificate first, then whatever else
	// its issuer published, as if a point had the issuer's own name.
	for _, p := range points {
		e.consult(p)
	}
	e.consult(distributionPoint{names: names{directoryEntry(issuer)}, reasons: allReasons})
	return e.answer()
}

func unknown(why string) certchain.RevocationAnswer {
	return certchain.RevocationAnswer{Detail: why}
}

// verify checks a list's signature under a certificate's key, once for each
// pair.
func (c *lister) verify(l *list, signer *x509.Certificate) bool {
	key := signature{l, string(signer.Raw)}
	if known, ok := c.verified.Load(key); ok {
		return known.(bool)
	}
	ok := signer.CheckSignature(l.SignatureAlgorithm, l.RawTBSRevocationList, l.Signature) == nil
	if ok {
		// Only what verifies is remembered: that many lists have that many
		// signers, while anybody can offer a wrong one.
		c.verified.Store(key, true)
	}
	return ok
}
