package revocation

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// reasonFlags is a set of revocation reasons: bit i is flag i of ReasonFlags
// (RFC 5280 §4.2.1.13). Flag 0 is unused.
type reasonFlags uint16

const allReasons reasonFlags = 0x1fe

// distributionPoint is one element of a certificate's CRLDistributionPoints.
type distributionPoint struct {
	names   names // empty where the point has none
	reasons reasonFlags
	issuer  names // cRLIssuer
	urls    []string
}

// issuingDistributionPoint is the extension of a list: RFC 5280 §5.2.5.
type issuingDistributionPoint struct {
	names                   names
	onlyUser, onlyCA        bool
	onlyAttribute, indirect bool
	reasons                 reasonFlags
}

func contextTag(n uint8) cbasn1.Tag  { return cbasn1.Tag(n).ContextSpecific() }
func constructed(n uint8) cbasn1.Tag { return contextTag(n).Constructed() }

// pointsOf reads the distribution points in an extension of a certificate or
// list; without the extension there are none.
func pointsOf(extensions []pkix.Extension, id asn1.ObjectIdentifier, issuer dn.Key) ([]distributionPoint, error) {
	for _, e := range extensions {
		if e.Id.Equal(id) {
			return parsePoints(e.Value, issuer)
		}
	}
	return nil, nil
}

// parsePoints reads CRLDistributionPoints: RFC 5280 §4.2.1.13.
func parsePoints(der []byte, issuer dn.Key) ([]distributionPoint, error) {
	bad := fmt.Errorf("%w: distribution points", ErrList)
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, bad
	}
	var points []distributionPoint
	for !seq.Empty() {
		var one, name, reasons, crlIssuer cryptobyte.String
		var hasName, hasReasons, hasIssuer bool
		if len(points) == maxPoints || !seq.ReadASN1(&one, cbasn1.SEQUENCE) ||
			!one.ReadOptionalASN1(&name, &hasName, constructed(0)) ||
			!one.ReadOptionalASN1(&reasons, &hasReasons, contextTag(1)) ||
			!one.ReadOptionalASN1(&crlIssuer, &hasIssuer, constructed(2)) || !one.Empty() {
			return nil, bad
		}
		p := distributionPoint{reasons: allReasons}
		var err error
		if hasReasons {
			if p.reasons, err = parseReasons(reasons); err != nil {
				return nil, err
			}
		}
		relativeTo := issuer
		if hasIssuer {
			if p.issuer, err = parseNameList(crlIssuer); err != nil {
				return nil, err
			}
			if directories := p.issuer.directories(); len(directories) > 0 {
				relativeTo = directories[0]
			}
		}
		if hasName {
			if p.names, p.urls, err = parsePointName(name, relativeTo); err != nil {
				return nil, err
			}
		}
		points = append(points, p)
	}
	if len(points) == 0 {
		return nil, bad // RFC 5280 §4.2.1.13: at least one
	}
	return points, nil
}

// parsePointName reads a DistributionPointName: full names, or a name relative
// to that of the list's issuer.
func parsePointName(name cryptobyte.String, relativeTo dn.Key) (names, []string, error) {
	bad := fmt.Errorf("%w: distribution point name", ErrList)
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !name.ReadAnyASN1(&content, &tag) || !name.Empty() {
		return nil, nil, bad
	}
	switch tag {
	case constructed(0):
		found, err := parseNameList(content)
		return found, urlsOf(content), err
	case constructed(1):
		// A name of one RDN: its key is what follows the issuer's.
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(content) })
		})
		der, err := b.Bytes()
		if err != nil {
			return nil, nil, bad
		}
		rdn, err := dn.Canonical(der)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", bad, err)
		}
		return names{directoryEntry(relativeTo + rdn)}, nil, nil
	}
	return nil, nil, bad
}

func urlsOf(seq cryptobyte.String) (urls []string) {
	for !seq.Empty() {
		var content cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1(&content, &tag) {
			return urls
		}
		if tag == contextTag(6) {
			urls = append(urls, string(content))
		}
	}
	return urls
}

func parseReasons(content []byte) (reasonFlags, error) {
	if len(content) < 1 || len(content) > 3 || content[0] > 7 || content[0] > 0 && len(content) == 1 {
		return 0, fmt.Errorf("%w: reason flags", ErrList)
	}
	var flags reasonFlags
	for i, octet := range content[1:] {
		for bit := range 8 {
			if octet&(0x80>>bit) != 0 {
				flags |= 1 << (8*i + bit)
			}
		}
	}
	return flags & allReasons, nil
}

func parseIssuingDistributionPoint(der []byte, issuer dn.Key) (issuingDistributionPoint, error) {
	bad := fmt.Errorf("%w: issuing distribution point", ErrList)
	input := cryptobyte.String(der)
	var seq, name, reasons cryptobyte.String
	var hasName, hasReasons bool
	idp := issuingDistributionPoint{reasons: allReasons}
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() ||
		!seq.ReadOptionalASN1(&name, &hasName, constructed(0)) ||
		!readOptionalFlag(&seq, &idp.onlyUser, 1) ||
		!readOptionalFlag(&seq, &idp.onlyCA, 2) ||
		!seq.ReadOptionalASN1(&reasons, &hasReasons, contextTag(3)) ||
		!readOptionalFlag(&seq, &idp.indirect, 4) ||
		!readOptionalFlag(&seq, &idp.onlyAttribute, 5) || !seq.Empty() {
		return idp, bad
	}
	var err error
	if hasName {
		if idp.names, _, err = parsePointName(name, issuer); err != nil {
			return idp, err
		}
	}
	if hasReasons {
		idp.reasons, err = parseReasons(reasons)
	}
	return idp, err
}

// readOptionalFlag reads [n] BOOLEAN DEFAULT FALSE.
func readOptionalFlag(s *cryptobyte.String, flag *bool, n uint8) bool {
	var content cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&content, &present, contextTag(n)) {
		return false
	}
	if present {
		// X.690 §11.1: TRUE is 0xff; a FALSE that is written although it is
		// the default is let through.
		if len(content) != 1 || content[0] != 0 && content[0] != 0xff {
			return false
		}
		*flag = content[0] != 0
	}
	return true
}
