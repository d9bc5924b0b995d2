package revocation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Fetcher gets revocation lists and OCSP responses over HTTP and keeps them. It
// goes to http and https URLs only, to public addresses only unless
// [AllowPrivateAddresses] says otherwise, reads no more than its limits, and
// asks each URL once however many wait for it. It is safe for concurrent use; a
// host has one.
//
// A fetch that several calls share is not ended when one of them is: it ends by
// its own timeout. Nothing else outlives a call.
type Fetcher struct {
	fetchSettings
	client    *http.Client
	gate      chan struct{}
	dead      *lru[string, time.Time]
	lists     *shelf[*list]
	responses *shelf[*response]
}

// NewFetcher returns a Fetcher that uses the client; nil is one with timeouts,
// without cookies, kept connections or a proxy. The client is copied, and the
// addresses that it dials are checked: under an [http.Transport] at the moment
// of dialling, where the host has no dial function of its own, or right after
// it, before anything is sent. Behind a proxy it is the proxy's address that is
// checked. Any other [http.RoundTripper] dials out of sight: there the name is
// resolved and checked before each request, which a name server that changes
// its answer in between can defeat.
func NewFetcher(client *http.Client, opts ...FetchOption) (*Fetcher, error) {
	f := &Fetcher{fetchSettings: defaultFetchSettings(), gate: make(chan struct{}, MaxConcurrentFetches)}
	for _, o := range opts {
		o(&f.fetchSettings)
	}
	if err := f.validate(); err != nil {
		return nil, err
	}
	var err error
	if f.client, err = (addresses{f.allowed}).guard(client); err != nil {
		return nil, err
	}
	f.dead = newLRU[string, time.Time](maxDeadHosts, 0)
	f.lists = newShelf[*list](&f.fetchSettings, MaxCachedLists, MaxCachedBytes)
	f.responses = newShelf[*response](&f.fetchSettings, MaxCachedResponses, MaxCachedBytes)
	return f, nil
}

var errNoFetcher = errors.New("revocation: a Fetcher that NewFetcher did not make")

func (f *Fetcher) made() bool { return f != nil && f.client != nil }

// request is what is asked of a server.
type request struct {
	url    string
	body   []byte // of a POST; nil: GET
	header map[string]string
	limit  int64
}

// reply is what it said: nothing, where what is at hand still holds.
type reply struct {
	unmodified     bool
	body           []byte
	etag, modified string
}

var errBusy = fmt.Errorf("%d fetches are under way already", MaxConcurrentFetches)

// get asks once.
func (f *Fetcher) get(ctx context.Context, r request) (*reply, error) {
	u, err := url.Parse(r.url)
	if err != nil || len(r.url) > MaxURLBytes {
		return nil, errors.New("a URL that cannot be read or is too long")
	}
	if err := fetchable(u); err != nil {
		return nil, err
	}
	// A dead server is asked again after a while, not by every call.
	server := u.Scheme + "://" + u.Host
	if until, dead := f.dead.get(server); dead && f.clock().Before(until) {
		return nil, fmt.Errorf("the server did not answer and is left alone until %s", day(until))
	}
	select {
	case f.gate <- struct{}{}:
		defer func() { <-f.gate }()
	default:
		return nil, errBusy
	}
	resp, err := f.send(ctx, r)
	if err != nil {
		f.dead.put(server, f.clock().Add(f.retry), 0)
		return nil, err
	}
	defer resp.Body.Close()
	return read(resp, r)
}

func (f *Fetcher) send(ctx context.Context, r request) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if r.body != nil {
		method, body = http.MethodPost, bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.url, body)
	if err != nil {
		return nil, err
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	return f.client.Do(req)
}

func read(resp *http.Response, r request) (*reply, error) {
	switch {
	case resp.StatusCode == http.StatusNotModified && (r.header["If-None-Match"] != "" || r.header["If-Modified-Since"] != ""):
		return &reply{unmodified: true}, nil
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answers %d", resp.StatusCode)
	case resp.ContentLength > r.limit:
		return nil, fmt.Errorf("%d bytes, the limit is %d", resp.ContentLength, r.limit)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, r.limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > r.limit {
		return nil, fmt.Errorf("more than %d bytes", r.limit)
	}
	got := &reply{body: body, etag: resp.Header.Get("ETag"), modified: resp.Header.Get("Last-Modified")}
	if len(got.etag)+len(got.modified) > maxValidatorBytes {
		got.etag, got.modified = "", "" // then the next request is unconditional
	}
	return got, nil
}
