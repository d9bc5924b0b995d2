package certchain

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// nameForm is the choice of a GeneralName (RFC 5280 §4.2.1.6).
type nameForm uint8

const (
	otherName nameForm = iota
	emailName
	dnsName
	x400Address
	directoryName
	ediPartyName
	uriName
	ipAddress
	registeredID
)

func (f nameForm) String() string {
	return [...]string{"otherName", "rfc822Name", "dNSName", "x400Address", "directoryName",
		"ediPartyName", "uniformResourceIdentifier", "iPAddress", "registeredID"}[f]
}

// generalName is one name, in the shape that its form is compared in.
type generalName struct {
	form    nameForm
	text    string // emailName, dnsName, uriName
	dn      dn.Key // directoryName
	octet   []byte // ipAddress
	host    string // uriName, if it has one
	mailbox bool   // otherName: it is a mailbox (RFC 8398)
	raw     []byte // directoryName: the DER, for people
}

func (n generalName) String() string {
	switch n.form {
	case directoryName:
		return subjectText(n.raw)
	case ipAddress:
		if ip, ok := netip.AddrFromSlice(n.octet); ok {
			return ip.String()
		}
		return fmt.Sprintf("%x", n.octet)
	case emailName, dnsName, uriName:
		return n.text
	}
	return "a name of form " + n.form.String()
}

// smtpUTF8Mailbox is the OID id-on-SmtpUTF8Mailbox, encoded.
const smtpUTF8Mailbox = "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09"

var errGeneralName = errors.New("malformed general name")

// parseGeneralNames reads the value of a subjectAltName extension.
func parseGeneralNames(der []byte) ([]generalName, error) {
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() || seq.Empty() {
		return nil, errGeneralName
	}
	var names []generalName
	for !seq.Empty() {
		if len(names) == maxNames {
			return nil, fmt.Errorf("more than %d names", maxNames)
		}
		var content cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1(&content, &tag) {
			return nil, errGeneralName
		}
		n, err := parseGeneralName(tag, content)
		if err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, nil
}

// parseGeneralName reads the content of one GeneralName.
func parseGeneralName(tag cbasn1.Tag, content []byte) (generalName, error) {
	const number = 0x1f
	form := nameForm(tag & number)
	if tag&0xc0 != 0x80 || form > registeredID {
		return generalName{}, errGeneralName
	}
	// otherName, x400Address, directoryName and ediPartyName are constructed.
	constructed := form == otherName || form == x400Address || form == directoryName || form == ediPartyName
	if (tag&0x20 != 0) != constructed {
		return generalName{}, errGeneralName
	}
	n := generalName{form: form}
	switch form {
	case emailName, dnsName, uriName:
		for _, c := range content {
			if c >= 0x80 {
				return generalName{}, fmt.Errorf("%w: %s is not ASCII", errGeneralName, form)
			}
		}
		n.text = string(content)
		if form == uriName {
			n.host, _ = uriHost(n.text)
		}
	case otherName:
		n.mailbox = strings.HasPrefix(string(content), smtpUTF8Mailbox)
	case ipAddress:
		n.octet = content
	case directoryName:
		// Name is a CHOICE, so its tag is explicit whatever the module says.
		key, err := dn.Canonical(content)
		if err != nil {
			return generalName{}, err
		}
		n.dn, n.raw = key, content
	}
	return n, nil
}

// validDNS reports whether s is a host name of letters, digits, hyphens and
// underscores, whose first label may be "*" where a wildcard is allowed.
func validDNS(s string, wildcard bool) bool {
	if wildcard {
		s = strings.TrimPrefix(s, "*.")
	}
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}
