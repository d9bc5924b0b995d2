package certchain

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// nameConstraints is the extension of RFC 5280 §4.2.1.10.
type nameConstraints struct {
	permitted, excluded []subtree
}

// subtree is one GeneralSubtree. A subtree that cannot be evaluated stands
// with its fault: it forbids every name of its form, and no other.
type subtree struct {
	generalName
	prefix netip.Prefix // ipAddress
	fault  error
}

var errSubtree = errors.New("malformed subtree")

func parseNameConstraints(der []byte) (*nameConstraints, error) {
	input := cryptobyte.String(der)
	var seq, permitted, excluded cryptobyte.String
	var hasPermitted, hasExcluded bool
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() ||
		!seq.ReadOptionalASN1(&permitted, &hasPermitted, cbasn1.Tag(0).Constructed().ContextSpecific()) ||
		!seq.ReadOptionalASN1(&excluded, &hasExcluded, cbasn1.Tag(1).Constructed().ContextSpecific()) ||
		!seq.Empty() {
		return nil, errSubtree
	}
	// GeneralSubtrees has SIZE (1..MAX), and one of the two must be there.
	if !hasPermitted && !hasExcluded || hasPermitted && permitted.Empty() || hasExcluded && excluded.Empty() {
		return nil, errSubtree
	}
	nc := &nameConstraints{}
	var err error
	if nc.permitted, err = parseSubtrees(permitted); err != nil {
		return nil, err
	}
	nc.excluded, err = parseSubtrees(excluded)
	return nc, err
}

func parseSubtrees(list cryptobyte.String) ([]subtree, error) {
	var trees []subtree
	for !list.Empty() {
		if len(trees) == maxSubtrees {
			return nil, fmt.Errorf("more than %d subtrees", maxSubtrees)
		}
		var one, base cryptobyte.String
		var tag cbasn1.Tag
		if !list.ReadASN1(&one, cbasn1.SEQUENCE) || !one.ReadAnyASN1(&base, &tag) {
			return nil, errSubtree
		}
		t := subtree{}
		name, err := parseGeneralName(tag, base)
		if err != nil {
			return nil, err
		}
		t.generalName = name
		t.fault = t.prepare()
		if !one.Empty() {
			// minimum must be 0, which DER leaves out, and maximum absent.
			t.fault = errors.New("it has a minimum or maximum, which RFC 5280 forbids")
		}
		trees = append(trees, t)
	}
	return trees, nil
}

// prepare checks the base once and puts it into the form it is compared in.
func (t *subtree) prepare() error {
	switch t.form {
	case dnsName:
		// The empty constraint covers every name. RFC 5280 knows no leading
		// dot here: whether "." + domain covers the domain itself is nowhere
		// said, so it is not guessed.
		if t.text != "" && !validDNS(t.text, false) {
			return errors.New("it is not a host name")
		}
	case uriName:
		if host := strings.TrimPrefix(t.text, "."); host != "" && !validDNS(host, false) {
			return errors.New("it is not a host or domain")
		}
	case emailName:
		local, host, mailbox := cutLast(t.text, "@")
		if mailbox && (local == "" || !validDNS(host, false)) ||
			!mailbox && t.text != "" && !validDNS(strings.TrimPrefix(t.text, "."), false) {
			return errors.New("it is neither mailbox, host nor domain")
		}
	case ipAddress:
		return t.prepareIP()
	case directoryName:
	default:
		return errors.New("names of this form cannot be compared")
	}
	return nil
}

// RFC 5280 §4.2.1.10: address and mask, as in RFC 4632 (CIDR).
func (t *subtree) prepareIP() error {
	size := len(t.octet) / 2
	if len(t.octet) != 8 && len(t.octet) != 32 {
		return errors.New("it is not an address with a mask")
	}
	address, _ := netip.AddrFromSlice(t.octet[:size])
	ones := 0
	for i, m := range t.octet[size:] {
		if ones == i*8 {
			for bit := byte(0x80); bit != 0 && m&bit != 0; bit >>= 1 {
				ones++
			}
		}
		want := byte(0)
		if left := ones - i*8; left > 0 {
			want = ^byte(0xff >> min(left, 8))
		}
		if m != want {
			return errors.New("its mask is not contiguous")
		}
	}
	t.prefix = netip.PrefixFrom(address, ones).Masked()
	return nil
}

// covers reports whether the name lies in the subtree. An error says that the
// name cannot be judged, which refuses it.
func (t *subtree) covers(n *generalName) (bool, error) {
	switch t.form {
	case dnsName:
		return coversDNS(t.text, n.text), nil
	case uriName:
		return coversHost(t.text, n.host), nil
	case emailName:
		return coversEmail(t.text, n.text), nil
	case ipAddress:
		// A subtree of one family says nothing of the other's addresses.
		address, ok := netip.AddrFromSlice(n.octet)
		if !ok {
			return false, errors.New("it is not an address")
		}
		return t.prefix.Contains(address), nil
	case directoryName:
		return strings.HasPrefix(string(n.dn), string(t.dn)), nil
	}
	return false, errors.New("names of this form cannot be compared")
}

// mayMeet is covers for excluded subtrees: a wildcard stands for many names,
// and one of them may be the excluded one although the wildcard itself is not
// below it.
func (t *subtree) mayMeet(n *generalName) (bool, error) {
	switch t.form {
	case dnsName:
		if base, ok := strings.CutPrefix(n.text, "*."); ok && coversDNS(base, t.text) {
			return true, nil
		}
	case ipAddress:
		// An IPv4-mapped address reaches the IPv4 host, and the reverse.
		if address, ok := netip.AddrFromSlice(n.octet); ok && overlapsMapped(t.prefix, address) {
			return true, nil
		}
	}
	return t.covers(n)
}

// overlapsMapped compares an address and a subtree as IPv4 where either is
// IPv4-mapped (RFC 4291 §2.5.5.2).
func overlapsMapped(prefix netip.Prefix, address netip.Addr) bool {
	const mappedBits = 96
	if prefix.Addr().Is4In6() && prefix.Bits() >= mappedBits {
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mappedBits)
	}
	return prefix.Contains(address.Unmap())
}

// Any name made by adding labels on the left (RFC 5280 §4.2.1.10).
func coversDNS(constraint, name string) bool {
	if constraint == "" {
		return true
	}
	cut := len(name) - len(constraint)
	return cut >= 0 && strings.EqualFold(name[cut:], constraint) && (cut == 0 || name[cut-1] == '.')
}

// A host, or with a leading dot any host in that domain but not the domain
// itself.
func coversHost(constraint, host string) bool {
	switch {
	case constraint == "":
		return true
	case constraint[0] == '.':
		return len(host) > len(constraint) && strings.EqualFold(host[len(host)-len(constraint):], constraint)
	}
	return strings.EqualFold(host, constraint)
}

// A mailbox, all mailboxes of a host, or all of a domain. The local part is
// compared to the letter (RFC 5280 §7.5), the host without case.
func coversEmail(constraint, mailbox string) bool {
	local, host, _ := cutLast(mailbox, "@")
	if wantLocal, wantHost, exact := cutLast(constraint, "@"); exact {
		return local == wantLocal && strings.EqualFold(host, wantHost)
	}
	return coversHost(constraint, host)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// uriHost returns the host of a URI. RFC 5280 §4.2.1.10: a URI without a host
// name, or with an IP address, cannot satisfy a constraint.
func uriHost(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", errors.New("it is no URI with a host")
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || !validDNS(host, false) {
		return "", errors.New("its host is not a domain name")
	}
	return host, nil
}

// wellFormed refuses a name that cannot be held against any subtree.
func (n *generalName) wellFormed() error {
	switch n.form {
	case dnsName:
		if !validDNS(n.text, true) {
			return errors.New("it is not a host name")
		}
	case emailName:
		if local, host, ok := cutLast(n.text, "@"); !ok || !plainLocalPart(local) || !validDNS(host, false) {
			return errors.New("it is not a mailbox in its plain form")
		}
	case uriName:
		if n.host == "" {
			return errors.New("it is no URI with a domain name as its host")
		}
	case ipAddress:
		if len(n.octet) != 4 && len(n.octet) != 16 {
			return errors.New("it is not an address")
		}
	}
	return nil
}

// plainLocalPart: a dot-atom (RFC 5321 §4.1.2), so that one mailbox has one
// spelling. What needs quotes could be another mailbox in disguise. The
// asterisk is an ordinary character in it.
func plainLocalPart(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r))
	}) < 0
}

// constrained returns the names of a certificate that constraints apply to:
// the subject (where it is not empty), the alternative names, and mailboxes in
// the subject where the alternative names have none.
func (c *certificate) constrained() []generalName {
	if len(c.alternatives) == 0 && !strings.Contains(string(c.RawSubject), dn.EmailAddress) {
		if c.subject == "" {
			return nil
		}
		return []generalName{{form: directoryName, dn: c.subject, raw: c.RawSubject}}
	}
	var names []generalName
	if c.subject != "" {
		names = append(names, generalName{form: directoryName, dn: c.subject, raw: c.RawSubject})
	}
	names = append(names, c.alternatives...)
	for _, n := range c.alternatives {
		if n.form == emailName {
			return names
		}
	}
	if subject, err := dn.Parse(c.RawSubject); err == nil {
		for _, a := range subject.Values(dn.EmailAddress) {
			text, _ := a.Text()
			names = append(names, generalName{form: emailName, text: text})
		}
	}
	return names
}

// check holds the names against the constraints and counts the comparisons.
// It returns what stands against the first name that fails, in words.
func (nc *nameConstraints) check(names []generalName, spend func(int) bool) (violation string, ok bool) {
	for i := range names {
		n := &names[i]
		if v, ok := nc.checkOne(n, spend); !ok {
			return v, false
		}
	}
	return "", true
}

func (nc *nameConstraints) limitsMailboxes() bool {
	isMailbox := func(t subtree) bool { return t.form == emailName }
	return slices.ContainsFunc(nc.permitted, isMailbox) || slices.ContainsFunc(nc.excluded, isMailbox)
}

func (nc *nameConstraints) checkOne(n *generalName, spend func(int) bool) (string, bool) {
	if !spend(len(nc.permitted) + len(nc.excluded)) {
		return "too many comparisons", false
	}
	if n.mailbox && nc.limitsMailboxes() {
		// RFC 8398 §6: constraints on mailboxes hold for these, too.
		return "a mailbox in an otherName cannot be judged", false
	}
	judged := false
	relevant := func(t *subtree) (string, bool) {
		if t.fault != nil {
			return fmt.Sprintf("%s %q cannot be judged: the constraint %q is malformed: %v", n.form, n, t.generalName, t.fault), false
		}
		if !judged {
			if err := n.wellFormed(); err != nil {
				return fmt.Sprintf("%s %q cannot be judged: %v", n.form, n, err), false
			}
			judged = true
		}
		return "", true
	}
	for i := range nc.excluded {
		t := &nc.excluded[i]
		if t.form != n.form {
			continue
		}
		if v, ok := relevant(t); !ok {
			return v, false
		}
		if in, err := t.mayMeet(n); in || err != nil {
			return fmt.Sprintf("%s %q is excluded by %q", n.form, n, t.generalName), false
		}
	}
	limited, permitted := false, false
	for i := range nc.permitted {
		t := &nc.permitted[i]
		if t.form != n.form {
			continue
		}
		if v, ok := relevant(t); !ok {
			return v, false
		}
		limited = true
		if in, err := t.covers(n); in && err == nil {
			permitted = true
			break
		}
	}
	if limited && !permitted {
		return fmt.Sprintf("%s %q is outside what is permitted", n.form, n), false
	}
	return "", true
}
