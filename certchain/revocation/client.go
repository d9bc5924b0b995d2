package revocation

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// guard returns a client that goes only where it may. The host's own is copied
// and not changed.
func (a addresses) guard(client *http.Client) (*http.Client, error) {
	own := http.Client{}
	if client != nil {
		own = *client
	}
	g := guarded{addresses: a}
	switch t := own.Transport.(type) {
	case nil:
		g.next = a.defaultTransport()
	case *http.Transport:
		guardedTransport, err := a.transport(t)
		if err != nil {
			return nil, err
		}
		g.next = guardedTransport
	default:
		g.next, g.lookUp = t, net.DefaultResolver.LookupNetIP
	}
	own.Transport = g
	hosts := own.CheckRedirect
	own.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > MaxRedirects {
			return fmt.Errorf("more than %d redirects", MaxRedirects)
		}
		if hosts != nil {
			return hosts(r, via)
		}
		return nil
	}
	return &own, nil
}

func (a addresses) dialer() *net.Dialer {
	return &net.Dialer{Timeout: 5 * time.Second, Control: a.control}
}

// defaultTransport keeps no connection, so no goroutine outlives a fetch; it
// heeds no proxy of the environment, behind which the address could not be
// seen.
func (a addresses) defaultTransport() *http.Transport {
	return &http.Transport{
		DialContext:            a.dialer().DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  DefaultTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
}

// transport puts the check under a copy of the host's transport.
func (a addresses) transport(hosts *http.Transport) (*http.Transport, error) {
	t := hosts.Clone()
	//lint:ignore SA1019 the old hook would be used where the new one is not set
	if t.DialTLS != nil && t.DialTLSContext == nil {
		return nil, errors.New("revocation: the transport has DialTLS, whose address cannot be checked; use DialTLSContext")
	}
	if t.DialContext == nil {
		t.DialContext = a.dialer().DialContext
	} else {
		t.DialContext = a.wrap(t.DialContext)
	}
	if t.DialTLSContext != nil {
		t.DialTLSContext = a.wrap(t.DialTLSContext)
	}
	return t, nil
}
