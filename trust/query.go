package trust

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SortField says what a list is ordered by. The values are the labels of the
// platform's trust list (sortFieldName), so that a host may hand them on.
type SortField string

// The sort fields. The zero value is SortByAddedAt. Names compare without
// regard to case; CAs that are equal in the field stand in the order in which
// they were added, then of their domains, then of their ids.
const (
	SortByAddedAt   SortField = "uploadedDateTime"
	SortByRole      SortField = "caCertificateType"
	SortByID        SortField = "certificateId"
	SortByDomain    SortField = "partnerDomain"
	SortByIssuedTo  SortField = "issuedTo"
	SortByIssuedBy  SortField = "issuedBy"
	SortByNotBefore SortField = "validFrom"
	SortByNotAfter  SortField = "validTill"
)

// SortFields returns every sort field.
func SortFields() []SortField {
	return []SortField{SortByRole, SortByID, SortByDomain, SortByIssuedTo, SortByIssuedBy, SortByNotBefore, SortByNotAfter, SortByAddedAt}
}

// ErrQuery is returned for a query that asks for what there is not: an unknown
// sort field, or a thumbprint that is none.
var ErrQuery = errors.New("trust: invalid query")

// Query selects CAs and orders them. The zero value of each field selects all.
type Query struct {
	Domain   Domain
	Role     Role
	ID       string
	IssuedTo string // contained in the subject as [Record.IssuedTo] writes it, in any case
	IssuedBy string // the same of the issuer

	// Half-open spans of time, each end of which may be the zero time for
	// none: from it on, and before it.
	ExpiresFrom, ExpiresBefore time.Time // of the certificate's notAfter
	AddedFrom, AddedBefore     time.Time

	// Exclude leaves out certificates by their thumbprints in hex: SHA-256, or
	// the platform's SHA-1. The length tells which.
	Exclude []string

	SortBy     SortField
	Descending bool // the same order backwards

	Page int // counted from 0
	Size int // CAs on a page; 0 is DefaultPageSize, more than MaxPageSize is MaxPageSize
}

// Page is one page of a list.
type Page struct {
	CAs   []CA
	Total int // how many the query selects on all pages
}

// Select answers a query over snapshots: what a store's List returns. It fails
// with [ErrQuery], and with [ErrDomain] for a domain that is none. Certificates
// are parsed only for the page that is returned.
func Select(q Query, snapshots ...*Snapshot) (Page, error) {
	if q.Domain != "" {
		if err := q.Domain.validate(); err != nil {
			return Page{}, err
		}
	}
	excluded, err := thumbprints(q.Exclude)
	if err != nil {
		return Page{}, err
	}
	key, err := q.SortBy.key()
	if err != nil {
		return Page{}, err
	}
	to, by := strings.ToLower(q.IssuedTo), strings.ToLower(q.IssuedBy)
	var found []sortable
	for _, s := range snapshots {
		if s == nil || q.Domain != "" && s.domain != q.Domain {
			continue
		}
		for r := range s.Records() {
			if q.selects(r, to, by) && !excluded.has(r) {
				found = append(found, sortable{r, key(r)})
			}
		}
	}
	sign := 1
	if q.Descending {
		sign = -1
	}
	slices.SortFunc(found, func(a, b sortable) int {
		return sign * cmp.Or(cmp.Compare(a.text, b.text), a.m.addedAt.Compare(b.m.addedAt), cmp.Compare(a.d, b.d), cmp.Compare(a.ID(), b.ID()))
	})
	page := Page{Total: len(found)}
	first, end := span(q.Page, q.Size, len(found))
	for _, r := range found[first:end] {
		page.CAs = append(page.CAs, r.CA())
	}
	return page, nil
}

// span says which of n entries are on a page.
func span(page, size, n int) (from, to int) {
	if size <= 0 {
		size = DefaultPageSize
	}
	size = min(size, MaxPageSize)
	if page < 0 || page > n/size {
		return 0, 0
	}
	return page * size, min((page+1)*size, n)
}

type sortable struct {
	Record
	text string // what it is ordered by first
}

func (q *Query) selects(r Record, to, by string) bool {
	return (q.Role == "" || q.Role == r.m.role) && (q.ID == "" || q.ID == r.ID()) &&
		within(r.NotAfter(), q.ExpiresFrom, q.ExpiresBefore) && within(r.m.addedAt, q.AddedFrom, q.AddedBefore) &&
		(to == "" || strings.Contains(strings.ToLower(r.IssuedTo()), to)) &&
		(by == "" || strings.Contains(strings.ToLower(r.IssuedBy()), by))
}

func within(t, from, before time.Time) bool {
	return (from.IsZero() || !t.Before(from)) && (before.IsZero() || t.Before(before))
}

// key returns what orders by the field.
func (f SortField) key() (func(Record) string, error) {
	switch f {
	case SortByAddedAt, "":
		return func(Record) string { return "" }, nil // the first of the ties
	case SortByRole:
		return func(r Record) string { return string(r.m.role) }, nil
	case SortByID:
		return Record.ID, nil
	case SortByDomain:
		return func(r Record) string { return string(r.d) }, nil
	case SortByIssuedTo:
		return func(r Record) string { return strings.ToLower(r.IssuedTo()) }, nil
	case SortByIssuedBy:
		return func(r Record) string { return strings.ToLower(r.IssuedBy()) }, nil
	case SortByNotBefore:
		return func(r Record) string { return ordered(r.m.notBefore) }, nil
	case SortByNotAfter:
		return func(r Record) string { return ordered(r.m.notAfter) }, nil
	}
	return nil, fmt.Errorf("%w: unknown sort field %q", ErrQuery, clip(string(f)))
}

// ordered writes a time so that texts compare as times do. Certificates reach
// from the year 0, before the Unix epoch, to 9999.
func ordered(unix int64) string {
	b := make([]byte, 8)
	for i, n := 7, uint64(unix)^1<<63; i >= 0; i, n = i-1, n>>8 {
		b[i] = byte(n)
	}
	return string(b)
}

// exclusion is a set of thumbprints.
type exclusion struct {
	sha256 map[[32]byte]bool
	sha1   map[[20]byte]bool
}

func thumbprints(texts []string) (exclusion, error) {
	x := exclusion{map[[32]byte]bool{}, map[[20]byte]bool{}}
	for _, text := range texts {
		sum, err := hex.DecodeString(text)
		switch {
		case err == nil && len(sum) == 32:
			x.sha256[[32]byte(sum)] = true
		case err == nil && len(sum) == 20:
			x.sha1[[20]byte(sum)] = true
		default:
			return x, fmt.Errorf("%w: %q is no SHA-256 or SHA-1 in hex", ErrQuery, clip(text))
		}
	}
	return x, nil
}

func (x exclusion) has(r Record) bool {
	return x.sha256[r.m.fingerprint] || len(x.sha1) > 0 && x.sha1[sha1Sum(r.m.der)]
}
