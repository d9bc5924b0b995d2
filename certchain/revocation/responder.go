package revocation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// about finds what the response says of the certificate: the status whose
// CertID has the certificate's serial number and the hashes of its issuer's
// name and key (RFC 6960 §3.2 (1)). Of several the newest counts.
func (r *response) about(q certchain.RevocationQuery) *single {
	var found *single
	for i := range r.singles {
		s := &r.singles[i]
		if s.hash != 0 && s.serial.Cmp(q.Certificate().SerialNumber) == 0 &&
			(found == nil || s.thisUpdate.After(found.thisUpdate)) &&
			bytes.Equal(s.nameHash, sum(s.hash, q.Certificate().RawIssuer)) &&
			bytes.Equal(s.keyHash, sum(s.hash, keyBits(q.Issuer()))) {
			found = s
		}
	}
	return found
}

var errResponder = errors.New("it is signed by nobody who may answer for the issuer")

// provenFor says why the response proves nothing about the certificate: RFC
// 6960 §3.2 (1) to (4).
func (r *response) provenFor(ctx context.Context, q certchain.RevocationQuery) error {
	switch s := r.about(q); {
	case s == nil:
		return errors.New("it does not speak of the certificate")
	case r.fault != nil:
		return r.fault
	case s.fault != nil:
		return s.fault
	case weak(r.algorithm):
		return errors.New("its signature is of a kind that proves nothing")
	}
	// §4.2.2.2: the issuer itself, or somebody whom it made a responder.
	if r.isResponder(q.Issuer()) && r.signedBy(q.Issuer()) {
		r.trusted(q.Issuer())
		return nil
	}
	refusal := errResponder
	for _, d := range r.delegates {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !r.isResponder(d) || d.Equal(q.Issuer()) {
			continue
		}
		if err := delegated(d, q); err != nil {
			refusal = err
			continue
		}
		if !r.signedBy(d) {
			continue
		}
		if !q.TrustSigner(d) {
			refusal = errors.New("its responder's certificate is not trusted: it has no valid path, or its own revocation status is not known")
			continue
		}
		r.trusted(d)
		return nil
	}
	return refusal
}

// isResponder reports whether the response names the certificate as its
// responder.
func (r *response) isResponder(c *x509.Certificate) bool {
	if r.responderKey != nil {
		return bytes.Equal(r.responderKey, sum(crypto.SHA1, keyBits(c)))
	}
	subject, err := dn.Canonical(c.RawSubject)
	return err == nil && subject == r.responderName
}

func (r *response) trusted(c *x509.Certificate) {
	digest := digestOf(c)
	r.proven.Store(&digest)
}

// signedBy checks the signature, once for the key that is trusted.
func (r *response) signedBy(c *x509.Certificate) bool {
	if known := r.proven.Load(); known != nil && *known == digestOf(c) {
		return true
	}
	return !oversized(c) && c.CheckSignature(r.algorithm, r.tbs, r.signature) == nil
}

// delegated says what keeps a certificate from making its holder a responder
// for the issuer: RFC 6960 §4.2.2.2. It must have been issued directly, under
// the same key as the certificate that is asked about.
func delegated(d *x509.Certificate, q certchain.RevocationQuery) error {
	issuer := q.Issuer()
	issued, err := dn.Canonical(d.RawIssuer)
	if err != nil {
		return err
	}
	subject, err := dn.Canonical(issuer.RawSubject)
	switch {
	case err != nil:
		return err
	case d.Equal(q.Certificate()):
		return errors.New("its responder vouches for itself")
	case !slices.Contains(d.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
		return errors.New("its responder's certificate is not for signing OCSP responses")
	case hasKeyUsage(d) && d.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return errors.New("its responder's key usage does not include signatures")
	case q.At.Before(d.NotBefore) || q.At.After(d.NotAfter):
		return errors.New("its responder's certificate is not valid at that time")
	case issued != subject || weak(d.SignatureAlgorithm) ||
		issuer.CheckSignature(d.SignatureAlgorithm, d.RawTBSCertificate, d.Signature) != nil:
		return errors.New("its responder's certificate was not issued by the certificate's issuer")
	}
	return nil
}

// mayGoUnchecked reports whether the question is about a responder of whom its
// issuer says that its revocation is not checked (RFC 6960 §4.2.2.2.1).
func mayGoUnchecked(c *x509.Certificate) bool {
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) && !(c.BasicConstraintsValid && c.IsCA) &&
		slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidNoCheck) })
}

// current says what keeps the status from being used at that time: RFC 6960
// §3.2 (5), (6) and §4.2.2.1. A responder makes its answer after the question,
// hence the skew.
func (s *single) current(at time.Time) error {
	switch {
	case s.thisUpdate.After(at.Add(ClockSkew)):
		return fmt.Errorf("it is of the future: made %s", day(s.thisUpdate))
	case at.After(s.until()):
		return fmt.Errorf("it is stale since %s", day(s.until()))
	}
	return nil
}

// until: a status without nextUpdate is one of which newer information is always
// available.
func (s *single) until() time.Time {
	if s.nextUpdate.IsZero() {
		return s.thisUpdate.Add(ClockSkew)
	}
	return s.nextUpdate
}

// answer says what a proven response says.
func (r *response) answer(q certchain.RevocationQuery, source string) certchain.RevocationAnswer {
	s := r.about(q)
	if err := s.current(q.At); err != nil {
		return unknown(fmt.Sprintf("%s cannot be used: %v", source, err))
	}
	a := certchain.RevocationAnswer{Source: source, ThisUpdate: s.thisUpdate, NextUpdate: s.until()}
	switch s.status {
	case certGood:
		a.Status = certchain.StatusGood
	case certRevoked:
		a.Status, a.RevokedAt, a.Code = certchain.StatusRevoked, s.revokedAt, s.code
	default:
		return unknown(source + " does not know the certificate")
	}
	return a
}
