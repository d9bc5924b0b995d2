package revocation

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/trust"
)

// ErrResponse is returned for bytes that are no OCSP response, and for a
// response that says that there is none.
var ErrResponse = errors.New("revocation: no usable OCSP response")

// response is a BasicOCSPResponse: RFC 6960 §4.2.1. It is read here and not by
// a library because what decides (the hashes in CertID, all certificates that
// come along, the nonce, critical extensions) must all be seen.
type response struct {
	tbs       []byte
	algorithm x509.SignatureAlgorithm
	signature []byte

	responderName dn.Key // one of these two
	responderKey  []byte

	singles   []single
	nonce     []byte // the extension's value
	delegates []*x509.Certificate
	fault     error // what makes it unusable although it can be read
	proven    atomic.Pointer[keyDigest]
}

// single is a SingleResponse.
type single struct {
	hash                   crypto.Hash // zero: of a kind that is not known
	nameHash, keyHash      []byte
	serial                 *big.Int
	status                 int // the tag of CertStatus
	revokedAt              time.Time
	code                   int
	thisUpdate, nextUpdate time.Time
	fault                  error
}

// CertStatus, RFC 6960 §4.2.1.
const (
	certGood = iota
	certRevoked
	certUnknown
)

var (
	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNonce         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	oidNoCheck       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
)

// responseStatus names OCSPResponseStatus, RFC 6960 §4.2.1.
var responseStatus = [...]string{"successful", "malformedRequest", "internalError", "tryLater", "", "sigRequired", "unauthorized"}

func malformed(what string) error { return fmt.Errorf("%w: %s is malformed", ErrResponse, what) }

// parseResponse reads an OCSPResponse in DER.
func parseResponse(der []byte) (*response, error) {
	if len(der) > MaxResponseBytes {
		return nil, fmt.Errorf("%w: %d bytes, the limit is %d", ErrResponse, len(der), MaxResponseBytes)
	}
	input := cryptobyte.String(der)
	var outer, wrapped, octets, basic cryptobyte.String
	var status int
	var kind asn1.ObjectIdentifier
	var has bool
	if !input.ReadASN1(&outer, cbasn1.SEQUENCE) || !input.Empty() || !outer.ReadASN1Enum(&status) ||
		!outer.ReadOptionalASN1(&wrapped, &has, constructed(0)) || !outer.Empty() {
		return nil, malformed("the response")
	}
	if status != 0 {
		name := fmt.Sprint("status ", status)
		if status > 0 && status < len(responseStatus) {
			name = responseStatus[status]
		}
		return nil, fmt.Errorf("%w: the responder answers %s", ErrResponse, name)
	}
	if !has || !wrapped.ReadASN1(&outer, cbasn1.SEQUENCE) || !wrapped.Empty() || !outer.ReadASN1ObjectIdentifier(&kind) ||
		!outer.ReadASN1(&octets, cbasn1.OCTET_STRING) || !outer.Empty() {
		return nil, malformed("the response")
	}
	if !kind.Equal(oidBasicResponse) {
		return nil, fmt.Errorf("%w: of type %s, which is not the basic one", ErrResponse, kind)
	}
	if !octets.ReadASN1(&basic, cbasn1.SEQUENCE) || !octets.Empty() {
		return nil, malformed("the basic response")
	}
	return parseBasic(basic)
}

func parseBasic(basic cryptobyte.String) (*response, error) {
	r := &response{}
	var tbs, algorithm, certs cryptobyte.String
	var has bool
	if !basic.ReadASN1Element(&tbs, cbasn1.SEQUENCE) || !basic.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) ||
		!basic.ReadASN1BitStringAsBytes(&r.signature) ||
		!basic.ReadOptionalASN1(&certs, &has, constructed(0)) || !basic.Empty() {
		return nil, malformed("the basic response")
	}
	r.tbs, r.algorithm = tbs, algorithmOf(algorithm)
	if has {
		var list, one cryptobyte.String
		if !certs.ReadASN1(&list, cbasn1.SEQUENCE) || !certs.Empty() {
			return nil, malformed("the list of certificates")
		}
		for count := 0; !list.Empty(); count++ {
			if count == maxDelegates || !list.ReadASN1Element(&one, cbasn1.SEQUENCE) {
				return nil, malformed("the list of certificates")
			}
			// One that cannot be read helps nobody; the signature decides.
			if c, err := trust.ParseCertificate(one); err == nil {
				r.delegates = append(r.delegates, c)
			}
		}
	}
	return r, r.parseData(tbs)
}

// parseData reads ResponseData.
func (r *response) parseData(tbs cryptobyte.String) error {
	var data, version, singles, one cryptobyte.String
	var has bool
	if !tbs.ReadASN1(&data, cbasn1.SEQUENCE) || !data.ReadOptionalASN1(&version, &has, constructed(0)) {
		return malformed("the response data")
	}
	if has && string(version) != "\x02\x01\x00" {
		return malformed("the version")
	}
	if err := r.parseResponder(&data); err != nil {
		return err
	}
	var producedAt time.Time
	if !data.ReadASN1GeneralizedTime(&producedAt) || !data.ReadASN1(&singles, cbasn1.SEQUENCE) {
		return malformed("the response data")
	}
	for !singles.Empty() {
		if len(r.singles) == maxSingles || !singles.ReadASN1(&one, cbasn1.SEQUENCE) {
			return malformed("the list of statuses")
		}
		s, err := parseSingle(one)
		if err != nil {
			return err
		}
		r.singles = append(r.singles, s)
	}
	var err error
	r.fault, err = readExtensions(&data, func(id asn1.ObjectIdentifier, value []byte) bool {
		if id.Equal(oidNonce) {
			r.nonce = value
		}
		return id.Equal(oidNonce)
	})
	if err == nil && !data.Empty() {
		err = malformed("the response data")
	}
	return err
}

// parseResponder reads ResponderID.
func (r *response) parseResponder(data *cryptobyte.String) (err error) {
	var id cryptobyte.String
	var tag cbasn1.Tag
	if !data.ReadAnyASN1(&id, &tag) {
		return malformed("the responder id")
	}
	switch tag {
	case constructed(1):
		if r.responderName, err = dn.Canonical(id); err != nil {
			return fmt.Errorf("%w: %w", ErrResponse, err)
		}
		return nil
	case constructed(2):
		var key cryptobyte.String
		if id.ReadASN1(&key, cbasn1.OCTET_STRING) && id.Empty() && len(key) > 0 {
			r.responderKey = key
			return nil
		}
	}
	return malformed("the responder id")
}

func parseSingle(one cryptobyte.String) (s single, err error) {
	var id, algorithm, nameHash, keyHash, status, next cryptobyte.String
	var hash asn1.ObjectIdentifier
	var tag cbasn1.Tag
	var has bool
	s.serial = new(big.Int)
	if !one.ReadASN1(&id, cbasn1.SEQUENCE) || !id.ReadASN1(&algorithm, cbasn1.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&hash) || !id.ReadASN1(&nameHash, cbasn1.OCTET_STRING) ||
		!id.ReadASN1(&keyHash, cbasn1.OCTET_STRING) || !id.ReadASN1Integer(s.serial) || !id.Empty() ||
		!one.ReadAnyASN1(&status, &tag) || !one.ReadASN1GeneralizedTime(&s.thisUpdate) ||
		!one.ReadOptionalASN1(&next, &has, constructed(0)) ||
		has && (!next.ReadASN1GeneralizedTime(&s.nextUpdate) || !next.Empty()) {
		return s, malformed("a status")
	}
	s.hash, s.nameHash, s.keyHash = hashOf(hash), nameHash, keyHash
	switch tag {
	case contextTag(certGood), contextTag(certUnknown):
		s.status = int(tag & 0x1f)
		if !status.Empty() {
			return s, malformed("a status")
		}
	case constructed(certRevoked):
		s.status = certRevoked
		var reason cryptobyte.String
		if !status.ReadASN1GeneralizedTime(&s.revokedAt) || !status.ReadOptionalASN1(&reason, &has, constructed(0)) ||
			!status.Empty() || has && (!reason.ReadASN1Enum(&s.code) || !reason.Empty()) {
			return s, malformed("a revocation")
		}
	default:
		return s, malformed("a status")
	}
	s.fault, err = readExtensions(&one, func(asn1.ObjectIdentifier, []byte) bool { return false })
	if err == nil && !one.Empty() {
		err = malformed("a status")
	}
	return s, err
}

// readExtensions reads [1] EXPLICIT Extensions OPTIONAL. fault is that one is
// critical and not understood.
func readExtensions(s *cryptobyte.String, understood func(asn1.ObjectIdentifier, []byte) bool) (fault, err error) {
	var wrapped, list, one, value cryptobyte.String
	var has bool
	if !s.ReadOptionalASN1(&wrapped, &has, constructed(1)) || has && (!wrapped.ReadASN1(&list, cbasn1.SEQUENCE) || !wrapped.Empty()) {
		return nil, malformed("the extensions")
	}
	for !list.Empty() {
		var id asn1.ObjectIdentifier
		var critical bool
		if !list.ReadASN1(&one, cbasn1.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&id) ||
			one.PeekASN1Tag(cbasn1.BOOLEAN) && !one.ReadASN1Boolean(&critical) || !one.ReadASN1(&value, cbasn1.OCTET_STRING) || !one.Empty() {
			return nil, malformed("an extension")
		}
		if !understood(id, value) && critical {
			fault = fmt.Errorf("it has a critical extension %s that is not understood", id)
		}
	}
	return fault, nil
}
