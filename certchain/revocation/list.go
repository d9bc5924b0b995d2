package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// ErrList is returned for bytes that are no revocation list, and for
// extensions about them that cannot be read.
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
	proven  atomic.Pointer[keyDigest] // of the trusted key that it verified under
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
	if len(parsed.Raw) != len(der) || !exact(parsed.RawTBSRevocationList) {
		return nil, fmt.Errorf("%w: bytes that belong to no field", ErrList)
	}
	l := &list{RevocationList: parsed, idp: issuingDistributionPoint{reasons: allReasons}, entries: make(map[entryKey]entry, len(parsed.RevokedCertificateEntries))}
	if l.issuer, err = dn.Canonical(parsed.RawIssuer); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	if err := l.readExtensions(); err != nil {
		return nil, err
	}
	if err := l.readEntries(); err != nil {
		return nil, err
	}
	// The map has what they say; a list of a million would be held thrice.
	l.RevokedCertificateEntries, l.RevokedCertificates = nil, nil
	return l, nil
}

// exact reports whether a TBSCertList has its fields and nothing after or
// between them: RFC 5280 §5.1. The standard library's parser passes over what
// follows, and a revoked certificate must not hide there.
func exact(tbs cryptobyte.String) bool {
	var seq cryptobyte.String
	if !tbs.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.INTEGER) ||
		!seq.SkipASN1(cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.SEQUENCE) {
		return false
	}
	for range 2 { // thisUpdate, nextUpdate
		if !seq.SkipOptionalASN1(cbasn1.UTCTime) || !seq.SkipOptionalASN1(cbasn1.GeneralizedTime) {
			return false
		}
	}
	return seq.SkipOptionalASN1(cbasn1.SEQUENCE) && seq.SkipOptionalASN1(constructed(0)) && seq.Empty()
}

// readExtensions: RFC 5280 §5.2.
func (l *list) readExtensions() (err error) {
	numbered := false
	for i, e := range l.Extensions {
		if slices.ContainsFunc(l.Extensions[:i], func(o pkix.Extension) bool { return o.Id.Equal(e.Id) }) {
			return fmt.Errorf("%w: extension %s twice", ErrList, e.Id)
		}
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
	case weak(l.SignatureAlgorithm):
		l.fault = fmt.Errorf("its signature is made with %s", l.SignatureAlgorithm)
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
				directories := names.directories()
				if len(directories) == 0 {
					return fmt.Errorf("%w: certificate issuer without a directory name", ErrList)
				}
				issuer = directories[0]
			case e.Critical && !e.Id.Equal(oidReasonCode):
				// §5.3: the list must not be used to determine a status.
				l.fault = fmt.Errorf("an entry has a critical extension %s that is not understood", e.Id)
			}
		}
		if found.code == removeFromCRL && l.base == nil {
			// §5.3.1: it may appear in delta lists only.
			l.fault = errors.New("an entry takes a certificate off a complete list")
		}
		key := entryKey{issuer, serialText(r.SerialNumber)}
		if before, twice := l.entries[key]; twice && before.code != removeFromCRL {
			continue // of two entries the one that revokes counts
		}
		l.entries[key] = found
	}
	return nil
}

// serialText is a serial number, which may be negative, as a key.
func serialText(n *big.Int) string {
	if n.Sign() < 0 {
		return "-" + string(n.Bytes())
	}
	return "+" + string(n.Bytes())
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
	e, ok := l.entries[entryKey{issuer, serialText(serial)}]
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

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
