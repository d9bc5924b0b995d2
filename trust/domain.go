package trust

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Domain is a partner domain: a set of CA certificates that the platform
// trusts for one purpose and for no other. The zero value is no domain and is
// refused everywhere.
type Domain string

// The platform's domains.
const (
	Auth   Domain = "AUTH"   // relying parties, credential partners, MISPs and the platform's own partners
	Device Domain = "DEVICE" // biometric device providers
	FTM    Domain = "FTM"    // makers of the foundational trust module, the chip in an L1 device
	MISP   Domain = "MISP"   // infrastructure providers, where a country keeps them apart from AUTH
)

// ErrDomain is returned for a name that is no known domain.
var ErrDomain = errors.New("trust: unknown partner domain")

// platform is the set that ParseDomain knows. It is never written to.
var platform = &Domains{known: []Domain{Auth, Device, FTM, MISP}}

// ParseDomain reads the name of one of the platform's domains in any case, as
// the platform's own services do. Any other name gives [ErrDomain].
func ParseDomain(s string) (Domain, error) { return platform.Parse(s) }

// Domains is a closed set of domain names, for countries that add their own to
// the platform's. It is immutable.
type Domains struct{ known []Domain }

// NewDomains returns the platform's domains and the given ones. A name is made
// of letters, digits, '-' and '_', at most [MaxDomainLength] of them, and is
// kept in upper case; any other name gives [ErrDomain].
func NewDomains(names ...string) (*Domains, error) {
	d := &Domains{known: slices.Clone(platform.known)}
	for _, name := range names {
		domain := Domain(upperASCII(name))
		if err := domain.validate(); err != nil {
			return nil, err
		}
		if !slices.Contains(d.known, domain) {
			d.known = append(d.known, domain)
		}
	}
	return d, nil
}

// upperASCII leaves letters beyond ASCII as they are, for validate to refuse:
// some of them have an ASCII letter as their upper case.
func upperASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// Parse is [ParseDomain] over this set.
func (d *Domains) Parse(s string) (Domain, error) {
	for _, known := range d.known {
		if strings.EqualFold(s, string(known)) && len(s) == len(known) {
			return known, nil
		}
	}
	return "", fmt.Errorf("%w: %q is none of %s", ErrDomain, clip(s), d)
}

// All returns the set: the platform's domains first, then the added ones.
func (d *Domains) All() []Domain { return slices.Clone(d.known) }

// String lists the domains with commas.
func (d *Domains) String() string {
	names := make([]string, len(d.known))
	for i, k := range d.known {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// validate refuses what cannot be a domain's name: a store must never be asked
// for the domain that somebody forgot to set.
func (d Domain) validate() error {
	if d == "" || len(d) > MaxDomainLength {
		return fmt.Errorf("%w: %q", ErrDomain, clip(string(d)))
	}
	for _, c := range []byte(d) {
		if !('A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return fmt.Errorf("%w: %q is not made of upper-case letters, digits, '-' and '_'", ErrDomain, clip(string(d)))
		}
	}
	return nil
}

// clip keeps a sender's text from filling a log.
func clip(s string) string {
	const most = 64
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
