package revocation

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// ErrList is returned for bytes that are no revocation list.
var ErrList = errors.New("revocation: malformed revocation list")

// list is a CertificateList with all that RFC 5280 §6.3 asks of it, read once.
type list struct {
	*x509.RevocationList
	issuer dn.Key
	idp    issuingDistributionPoint
	rawIDP string
	base   *big.Int // of a delta list: BaseCRLNumber
	// fault is what makes the list unusable although it can be read.
	fault   error
	entries map[entryKey]entry
}

// entryKey names a revoked certificate. The issuer is the list's own, except in
// an indirect list.
type entryKey struct {
	issuer dn.Key
	serial string
}

type entry struct {
	at   time.Time
	code int
}

const removeFromCRL = 8

var (
	oidIssuingDistributionPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidDeltaCRLIndicator        = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidCRLNumber                = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidAuthorityKeyID           = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidFreshestCRL              = asn1.ObjectIdentifier{2, 5, 29, 46}
	oidReasonCode               = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidCertificateIssuer        = asn1.ObjectIdentifier{2, 5, 29, 29}
	oidKeyUsage                 = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidCRLDistributionPoints    = asn1.ObjectIdentifier{2, 5, 29, 31}
)

// parseList reads one list in DER.
func parseList(der []byte) (*list, error) {
	if len(der) > MaxListBytes {
		return nil, fmt.Errorf("%w: %d bytes, the limit is %d", ErrList, len(der), MaxListBytes)
	}
	parsed, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	l := &list{RevocationList: parsed, idp: issuingDistributionPoint{reasons: allReasons}, entries: make(map[entryKey]entry, len(parsed.RevokedCertificateEntries))}
	if l.issuer, err = dn.Canonical(parsed.RawIssuer); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	if err := l.readExtensions(); err != nil {
		return nil, err
	}
	return l, l.readEntries()
}

// readExtensions: RFC 5280 §5.2.
func (l *list) readExtensions() (err error) {
	numbered := false
	for _, e := range l.Extensions {
		switch {
		case e.Id.Equal(oidIssuingDistributionPoint):
			if l.idp, err = parseIssuingDistributionPoint(e.Value, l.issuer); err != nil {
				return err
			}
			l.rawIDP = string(e.Value)
		case e.Id.Equal(oidDeltaCRLIndicator):
			l.base = new(big.Int)
			if value := cryptobyte.String(e.Value); !value.ReadASN1Integer(l.base) || !value.Empty() {
				return fmt.Errorf("%w: delta CRL indicator", ErrList)
			}
		case e.Id.Equal(oidCRLNumber):
			// §5.2.3: conforming issuers include it in all lists, and mark it
			// non-critical. Without it no delta list and no rollback is seen.
			if numbered = true; e.Critical {
				l.fault = errors.New("its CRL number is critical")
			}
		case e.Id.Equal(oidAuthorityKeyID), e.Id.Equal(oidFreshestCRL):
		case e.Critical:
			l.fault = fmt.Errorf("it has a critical extension %s that is not understood", e.Id)
		}
	}
	switch {
	case !numbered:
		l.fault = errors.New("it has no CRL number")
	case l.NextUpdate.IsZero():
		// §5.1.2.5: every conforming list says until when it holds.
		l.fault = errors.New("it does not say until when it holds")
	}
	return nil
}

// readEntries: RFC 5280 §5.3. In an indirect list an entry is of the issuer
// that was named last.
func (l *list) readEntries() error {
	issuer := l.issuer
	for _, r := range l.RevokedCertificateEntries {
		found := entry{at: r.RevocationTime, code: r.ReasonCode}
		for _, e := range r.Extensions {
			switch {
			case e.Id.Equal(oidCertificateIssuer):
				names, err := parseNames(e.Value)
				if err != nil {
					return err
				}
				if !l.idp.indirect {
					l.fault = errors.New("an entry names another issuer in a list that is not indirect")
				}
				directory, ok := names.directory()
				if !ok {
					return fmt.Errorf("%w: certificate issuer without a directory name", ErrList)
				}
				issuer = directory
			case e.Critical && !e.Id.Equal(oidReasonCode):
				// §5.3: the list must not be used to determine a status.
				l.fault = fmt.Errorf("an entry has a critical extension %s that is not understood", e.Id)
			}
		}
		l.entries[entryKey{issuer, r.SerialNumber.String()}] = found
	}
	return nil
}

// current says what keeps the list from being used at that time.
func (l *list) current(at time.Time) error {
	switch {
	case l.fault != nil:
		return l.fault
	case at.Before(l.ThisUpdate):
		return fmt.Errorf("it is of the future: issued %s", day(l.ThisUpdate))
	case at.After(l.NextUpdate):
		return fmt.Errorf("it is stale since %s", day(l.NextUpdate))
	}
	return nil
}

// lookUp finds what the list says of a certificate.
func (l *list) lookUp(issuer dn.Key, serial *big.Int) (entry, bool) {
	e, ok := l.entries[entryKey{issuer, serial.String()}]
	return e, ok
}

// deltaOf reports whether l is a delta list that brings the complete list up to
// date: RFC 5280 §5.2.4 and §6.3.3 (c).
func (l *list) deltaOf(complete *list) bool {
	return l.base != nil && complete.base == nil &&
		l.issuer == complete.issuer && l.rawIDP == complete.rawIDP &&
		string(l.AuthorityKeyId) == string(complete.AuthorityKeyId) &&
		l.Number != nil && complete.Number != nil &&
		l.base.Cmp(complete.Number) <= 0 && complete.Number.Cmp(l.Number) < 0
}

// name says which list this is, for people.
func (l *list) name() string {
	kind := "CRL"
	if l.base != nil {
		kind = "delta CRL"
	}
	return fmt.Sprintf("the %s %v of %s", kind, l.Number, issuerText(l.RawIssuer))
}

func issuerText(raw []byte) string {
	n, err := dn.Parse(raw)
	if err != nil {
		return "(unreadable name)"
	}
	return n.String()
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// names is a set of GeneralNames in a form that compares.
type names []string

// parseNames reads the DER of GeneralNames.
func parseNames(der []byte) (names, error) {
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, fmt.Errorf("%w: general names", ErrList)
	}
	return parseNameList(seq)
}

const directoryTag = 0xa4

func parseNameList(seq cryptobyte.String) (names, error) {
	var found names
	for !seq.Empty() {
		var content cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1(&content, &tag) || len(found) == maxPoints {
			return nil, fmt.Errorf("%w: general names", ErrList)
		}
		value := string(content)
		if tag == directoryTag {
			key, err := dn.Canonical(content)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrList, err)
			}
			value = string(key)
		}
		found = append(found, string(rune(tag))+value)
	}
	return found, nil
}

// directoryEntry is a directory name as an element of names.
func directoryEntry(key dn.Key) string { return string(rune(directoryTag)) + string(key) }

// directory returns the first directory name.
func (n names) directory() (dn.Key, bool) {
	prefix := string(rune(directoryTag))
	for _, one := range n {
		if len(one) >= len(prefix) && one[:len(prefix)] == prefix {
			return dn.Key(one[len(prefix):]), true
		}
	}
	return "", false
}

// meet reports whether the two sets share a name.
func (n names) meet(o names) bool {
	for _, a := range n {
		for _, b := range o {
			if a == b {
				return true
			}
		}
	}
	return false
}
