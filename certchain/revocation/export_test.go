package revocation

import (
	"crypto/x509"
	"math/big"
	"net/http"
	"net/netip"
	"time"

	"github.com/mosip/partnertrust/internal/dn"
)

const (
	MaxPoints    = maxPoints
	MaxSigners   = maxSigners
	MaxNamesakes = maxNamesakes
	MaxSingles   = maxSingles
	MaxDelegates = maxDelegates
	MaxStapled   = maxStapled
	MaxNotes     = maxNotes
)

// Impatience shortens how long a call waits for a newer list.
func Impatience(d time.Duration) FetchOption { return func(s *fetchSettings) { s.patience = d } }

// CacheFiles bounds the files of the cache.
func CacheFiles(n int) FetchOption { return func(s *fetchSettings) { s.maxFiles = n } }

func CheckAddress(ip netip.Addr, allowed ...netip.Prefix) error { return addresses{allowed}.check(ip) }

func CheckAddressText(s string) error { return addresses{}.checkText(s) }

func CheckedClient(f *Fetcher) *http.Client { return f.client }

type List struct{ *list }

func ParseList(der []byte) (List, error) {
	l, err := parseList(der)
	return List{l}, err
}

func (l List) Find(issuer []byte, serial *big.Int) (at time.Time, code int, found bool) {
	key, err := dn.Canonical(issuer)
	if err != nil {
		return at, 0, false
	}
	e, found := l.lookUp(key, serial)
	return e.at, e.code, found
}

func (l List) Unusable() bool     { return l.fault != nil }
func (l List) Entries() int       { return len(l.entries) }
func (l List) Indirect() bool     { return l.idp.indirect }
func (l List) Raw() []byte        { return l.list.Raw }
func (l List) OwnIssuer() []byte  { return l.RawIssuer }
func (l List) CompleteList() bool { return l.base == nil }

type Response struct{ *response }

func ParseResponse(der []byte) (Response, error) {
	r, err := parseResponse(der)
	return Response{r}, err
}

func (r Response) Algorithm() x509.SignatureAlgorithm { return r.algorithm }
func (r Response) TBS() []byte                        { return r.tbs }
func (r Response) Signature() []byte                  { return r.signature }
func (r Response) Singles() int                       { return len(r.singles) }
func (r Response) Unusable() bool                     { return r.fault != nil }
func (r Response) Single(i int) (serial *big.Int, status int, this, next, revoked time.Time, code int) {
	s := r.singles[i]
	return s.serial, s.status, s.thisUpdate, s.nextUpdate, s.revokedAt, s.code
}

// Point is a distribution point as it was read.
type Point struct {
	Names, Issuers int
	Reasons        uint16
	URLs           []string
}

func ParsePoints(der, issuer []byte) (points []Point, err error) {
	key, err := dn.Canonical(issuer)
	if err != nil {
		return nil, err
	}
	read, err := parsePoints(der, key)
	for _, p := range read {
		points = append(points, Point{len(p.names), len(p.issuer), uint16(p.reasons), p.urls})
	}
	return points, err
}

// LRU is the bounded map.
type LRU struct{ *lru[int, string] }

func NewLRU(count int, bytes int64) LRU { return LRU{newLRU[int, string](count, bytes)} }

func (c LRU) Get(k int) (string, bool)         { return c.get(k) }
func (c LRU) Put(k int, v string, bytes int64) { c.put(k, v, bytes) }
func (c LRU) GetOrPut(k int, v string) string  { return c.getOrPut(k, v) }
