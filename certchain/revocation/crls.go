package revocation

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"slices"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// CRLs returns a checker over revocation lists that the host has at hand: DER or
// PEM, complete or delta, partitioned, indirect (RFC 5280 §5 and §6.3). A list
// that cannot be read is an error that names it; one that is stale or that uses
// what is not understood is kept, and answers that the status is unknown.
//
// Of lists for the same certificates the newest counts. Nothing is fetched.
func CRLs(lists ...[]byte) (certchain.Revocation, error) {
	c := &lister{byIssuer: map[dn.Key][]*list{}}
	for i, data := range lists {
		if err := c.read(data); err != nil {
			return nil, fmt.Errorf("list %d: %w", i+1, err)
		}
	}
	return c, nil
}

// lister answers from a fixed set of lists.
type lister struct {
	count    int
	byIssuer map[dn.Key][]*list
}

// read adds the lists in DER or PEM.
func (c *lister) read(data []byte) error {
	ders, err := unwrap(data)
	if err != nil {
		return err
	}
	for _, der := range ders {
		if c.count++; c.count > MaxLists {
			return fmt.Errorf("%w: more than %d lists", ErrList, MaxLists)
		}
		l, err := parseList(der)
		if err != nil {
			return err
		}
		c.byIssuer[l.issuer] = withList(c.byIssuer[l.issuer], l)
	}
	return nil
}

// withList inserts a list, newer ones first: of two that hold, the newer knows
// more.
func withList(sorted []*list, l *list) []*list {
	at, _ := slices.BinarySearchFunc(sorted, l, func(a, b *list) int {
		if a.ThisUpdate.Before(b.ThisUpdate) {
			return 1
		}
		return -1
	})
	return slices.Insert(sorted, at, l)
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

// Check implements [certchain.Revocation].
func (c *lister) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	e, err := examine(ctx, q)
	if err != nil {
		return unknown(err.Error())
	}
	e.byIssuer = c.byIssuer
	for _, p := range e.points {
		e.consult(p)
	}
	e.consult(e.ownPoint())
	return e.answer()
}
