package revocation

import (
	"context"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// CRLs returns a checker that fetches the lists that a certificate names in its
// CRLDistributionPoints (RFC 5280 §4.2.1.13), and the delta lists that the
// certificate or its list names in freshestCRL (§4.2.1.15, §5.2.6).
//
// A list serves until its nextUpdate; from [RefreshAfter] on a newer one is
// asked for, conditionally. A list that is older than one seen before is
// refused. A delta list that cannot be had leaves its base list valid, as its
// issuer said.
func (f *Fetcher) CRLs() certchain.Revocation { return fetchedLists{f} }

type fetchedLists struct{ *Fetcher }

// Check implements [certchain.Revocation].
func (c fetchedLists) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	if !c.made() {
		return unknown(errNoFetcher.Error())
	}
	e, err := examine(ctx, q)
	if err != nil {
		return unknown(err.Error())
	}
	e.byIssuer = map[dn.Key][]*list{}
	g := &gathering{fetchedLists: c, examination: e, asked: map[string]bool{}}
	for _, p := range e.points {
		if e.settled() {
			break
		}
		g.gather(p)
		e.consult(p)
	}
	e.consult(e.ownPoint())
	if len(g.asked) == 0 {
		e.notes.add("the certificate names no distribution point that can be fetched")
	}
	return e.answer()
}

// gathering is the fetching for one question.
type gathering struct {
	fetchedLists
	*examination
	asked map[string]bool
}

// gather brings the list of one point, and its delta list. The URLs of a point
// are ways to the same list (§4.2.1.13).
func (g *gathering) gather(p distributionPoint) {
	issuers := g.listIssuers(p)
	complete := g.firstOf(p.urls, issuers)
	if complete == nil {
		return
	}
	g.gatherDeltas(g.q.Certificate().Extensions, g.issuer, complete)
	g.gatherDeltas(complete.Extensions, complete.issuer, complete)
}

func (g *gathering) gatherDeltas(extensions []pkix.Extension, issuer dn.Key, complete *list) {
	points, err := pointsOf(extensions, oidFreshestCRL, issuer)
	if err != nil {
		g.notes.add("freshest CRL: %v", err)
	}
	for _, p := range points {
		g.firstOf(p.urls, []dn.Key{complete.issuer})
	}
}

// firstOf adds the first list that can be used of those at the URLs.
func (g *gathering) firstOf(urls []string, issuers []dn.Key) (last *list) {
	for _, url := range urls {
		if !isHTTP(url) || g.ctx.Err() != nil {
			continue
		}
		if !g.asked[url] && len(g.asked) == MaxFetchesPerCheck {
			g.notes.add("more than %d URLs", MaxFetchesPerCheck)
			break
		}
		l, found, err := g.listAt(url, issuers)
		g.asked[url] = true
		if err != nil {
			g.notes.add("%q: %v", url, err)
		}
		if !found {
			continue
		}
		last = l
		if !slices.Contains(g.byIssuer[l.issuer], l) {
			g.byIssuer[l.issuer] = withList(g.byIssuer[l.issuer], l)
		}
		if l.current(g.q.At) == nil {
			return l
		}
	}
	return last
}

func isHTTP(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// listAt obtains the list at one URL. What it gives is of one of the issuers and
// signed by somebody who may sign it.
func (g *gathering) listAt(url string, issuers []dn.Key) (*list, bool, error) {
	key := listKey(url, issuers)
	return g.lists.obtain(g.ctx, want[*list]{
		key:  key,
		load: func() *fetched[*list] { return g.readBack(key, issuers) },
		keep: func(l *fetched[*list]) { g.writeBack(key, issuers, l) },
		fetch: func(ctx context.Context, have *fetched[*list]) (*fetched[*list], error) {
			return g.fetchList(ctx, url, issuers, have)
		},
		proves: func(l *list) error {
			if g.signerOf(l) == nil {
				return fmt.Errorf("%s is signed by nobody who may sign it", l.name())
			}
			return nil
		},
		holds:  func(l *list) bool { return l.current(g.q.At) == nil },
		usable: func(l *list) bool { return l.current(g.q.At) == nil },
		older:  func(a, b *list) bool { return a.rollsBack(b, g.clock()) },
	})
}

// listKey is the name of a list in memory and on disk. The issuers are part of
// it: what one CA has at a URL must not displace what another looks for there.
func listKey(url string, issuers []dn.Key) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", url)
	for _, issuer := range issuers {
		fmt.Fprintf(h, " %q", issuer)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (c fetchedLists) fetchList(ctx context.Context, url string, issuers []dn.Key, have *fetched[*list]) (*fetched[*list], error) {
	r := request{url: url, limit: c.maxBytes, header: map[string]string{}}
	// That a stale list was not modified helps nobody, and the times of some
	// servers' files say nothing.
	if have != nil && have.value.current(c.clock()) == nil {
		if have.etag != "" {
			r.header["If-None-Match"] = have.etag
		}
		if have.modified != "" {
			r.header["If-Modified-Since"] = have.modified
		}
	}
	got, err := c.get(ctx, r)
	if err != nil {
		return nil, err
	}
	if got.unmodified {
		same := *have
		same.at = c.clock()
		return &same, nil
	}
	l, err := listOf(got.body, issuers)
	if err != nil {
		return nil, err
	}
	return &fetched[*list]{value: l, bytes: int64(len(got.body)), at: c.clock(), etag: got.etag, modified: got.modified}, nil
}

// listOf reads one list, which some servers give as PEM, of one of the issuers.
func listOf(data []byte, issuers []dn.Key) (*list, error) {
	ders, err := unwrap(data)
	if err != nil {
		return nil, err
	}
	if len(ders) != 1 {
		return nil, fmt.Errorf("%w: %d lists in one file", ErrList, len(ders))
	}
	l, err := parseList(ders[0])
	if err != nil {
		return nil, err
	}
	if !slices.Contains(issuers, l.issuer) {
		return nil, fmt.Errorf("%w: %s, which is not the issuer that was looked for", ErrList, l.name())
	}
	return l, nil
}

// rollsBack reports whether the list is older than one that was seen before. A
// lower number on a newer list is an issuer that began to count anew (RFC 5280
// §5.2.3 forbids it): believed only when the list with the higher number has
// run out.
func (l *list) rollsBack(seen *list, now time.Time) bool {
	if l.ThisUpdate.Before(seen.ThisUpdate) {
		return true
	}
	return l.Number != nil && seen.Number != nil && l.Number.Cmp(seen.Number) < 0 && seen.current(now) == nil
}
