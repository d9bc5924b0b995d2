package revocation

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
)

// errAddress is the refusal of an address that is not public.
var errAddress = errors.New("the address is not public and was not allowed by name")

// addresses says where a fetch may go. A certificate names URLs, and whoever
// gets one issued must not make this process knock on doors that only it can
// reach.
type addresses struct{ allowed []netip.Prefix }

// special are the ranges of the IANA special-purpose registries (RFC 6890) that
// are not covered by the methods of netip.Addr.
func special(ip netip.Addr) bool {
	if !ip.Is4() {
		b := ip.As16()
		return b[0]>>5 != 1 // outside 2000::/3, all that is global unicast today
	}
	b := ip.As4()
	switch {
	case b[0] == 0,
		b[0] == 100 && b[1]&0xc0 == 64,            // shared with a carrier, RFC 6598
		b[0] == 192 && b[1] == 0 && b[2] == 0,     // protocol assignments
		b[0] == 198 && (b[1] == 18 || b[1] == 19), // benchmarks, RFC 2544
		b[0] >= 240:
		return true
	}
	return false
}

// embedded returns the IPv4 address to which an IPv6 address of a transition
// mechanism leads: NAT64 (RFC 6052), 6to4 (RFC 3056).
func embedded(ip netip.Addr) (netip.Addr, bool) {
	b := ip.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(ip):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}

// check refuses an address that is not a public one.
func (a addresses) check(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if slices.ContainsFunc(a.allowed, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return nil
	}
	if ip.Is6() {
		if inner, ok := embedded(ip); ok {
			return a.check(inner)
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || special(ip) {
		return fmt.Errorf("%s: %w", ip, errAddress)
	}
	return nil
}

// control is for net.Dialer: it sees the address that is about to be dialled,
// after all resolving, so that a name cannot lead elsewhere between a check and
// its use.
func (a addresses) control(_, address string, _ syscall.RawConn) error {
	return a.checkText(address)
}

func (a addresses) checkText(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q: %w", address, errAddress)
	}
	return a.check(ap.Addr())
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// wrap checks where a dial function of the host has led, before a byte is sent.
func (a addresses) wrap(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if err := a.checkText(conn.RemoteAddr().String()); err != nil {
			conn.Close()
			return nil, err
		}
		return conn, nil
	}
}

// guarded checks every request, the redirected ones too.
type guarded struct {
	addresses
	next http.RoundTripper
	// lookUp resolves a name, where dialling is out of our hands.
	lookUp func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// RoundTrip implements [http.RoundTripper].
func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := g.permit(r.Context(), r.URL); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	return g.next.RoundTrip(r)
}

func (g guarded) permit(ctx context.Context, u *url.URL) error {
	if err := fetchable(u); err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.check(ip)
	}
	if g.lookUp == nil {
		return nil
	}
	ips, err := g.lookUp(ctx, "ip", u.Hostname())
	if err != nil {
		return err
	}
	for _, ip := range ips {
		if err := g.check(ip); err != nil {
			return err
		}
	}
	return nil
}

// fetchable refuses what is no plain HTTP(S) URL.
func fetchable(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("scheme %q; only http and https are fetched", u.Scheme)
	case u.Hostname() == "" || u.User != nil || u.Opaque != "":
		return errors.New("a URL without a plain host")
	}
	return nil
}
