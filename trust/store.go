package trust

import (
	"context"
	"errors"
)

// What a [Store] answers when it cannot do what was asked.
var (
	// ErrExists: the certificate is in that domain already, or the id is
	// taken. Nothing was added.
	ErrExists = errors.New("trust: CA is in the store already")
	// ErrNotFound: no CA has that id in that domain. Nothing was removed.
	ErrNotFound = errors.New("trust: no such CA")
)

// Source answers the one question that verification asks: whom do we trust in
// this domain, now?
//
// Snapshot returns the newest version that the source knows. A domain that
// holds no CA gives an empty snapshot, under which every verification fails; a
// name that is no domain gives [ErrDomain]. A source that cannot tell (its
// database is away and its patience is over) gives an error and never an empty
// snapshot in its place. Implementations are safe for concurrent use and honour
// cancellation of ctx.
type Source interface {
	Snapshot(ctx context.Context, d Domain) (*Snapshot, error)
}

// Store is a Source that can be changed.
//
// Add is atomic: either all of the CAs are in the store when it returns nil, or
// none is and the error says why: [ErrInvalidCA] for one that cannot be kept,
// [ErrExists] for one whose certificate its domain holds already or whose id is
// taken in any domain (also twice in one call). It does not judge; that is what
// package admit is for.
//
// Remove takes one CA out; [ErrNotFound] if there is none of that id in that
// domain. Certificates below a removed CA stay, and lead nowhere.
//
// Every change is seen by the next Snapshot and List of the same Store
// (read-your-writes); snapshots handed out before do not change. All methods
// are safe for concurrent use, and a call whose ctx has ended changes nothing.
type Store interface {
	Source
	Add(ctx context.Context, cas ...CA) error
	Remove(ctx context.Context, d Domain, id string) error
	List(ctx context.Context, q Query) (Page, error)
}

// DomainLister is an optional interface of a [Source] that knows which domains
// it holds. Verification uses it only to say, of an issuer that is unknown in
// one domain, that another domain knows it; a Source without it is asked for
// the platform's domains.
type DomainLister interface {
	Domains(ctx context.Context) ([]Domain, error)
}
