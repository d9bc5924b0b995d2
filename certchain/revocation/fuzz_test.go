package revocation_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"slices"
	"testing"

	"golang.org/x/crypto/ocsp"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// FuzzParseList: what is read is what the standard library reads, entry by
// entry, and what it does not read is refused.
func FuzzParseList(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	leaf := root.Issue(f, "leaf")
	owner := pkitest.Name(pkitest.CN("owner"))
	for _, l := range []crl{
		{signer: root, number: 1},
		{signer: root, number: -1, forever: true},
		{signer: root, entries: []entry{{serial: leaf.Certificate.SerialNumber, code: 6}, {serial: big.NewInt(-5)}, {serial: big.NewInt(0), code: 1}}},
		{signer: root, exts: extList(idp(fullName(uri("http://x.test/")), contextual(4, isTrue))), entries: []entry{{serial: big.NewInt(1), owner: owner}, {serial: big.NewInt(2)}}},
		{signer: root, number: 3, exts: extList(deltaOf(2)), entries: []entry{{serial: big.NewInt(1), code: removed}}},
		{signer: root, exts: extList(idp(contextual(1, isTrue), flags(3, 1, 2)), extension(oidStrange, true, nil))},
	} {
		f.Add(l.der(f))
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		before := bytes.Clone(der)
		l, err := revocation.ParseList(der)
		if !bytes.Equal(before, der) {
			t.Fatal("the input was changed")
		}
		other, otherErr := x509.ParseRevocationList(der)
		if err != nil {
			if !errors.Is(err, revocation.ErrList) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if otherErr != nil {
			t.Fatalf("read although the standard library does not: %v", otherErr)
		}
		if !bytes.Equal(l.Raw(), der) {
			t.Fatal("bytes that belong to no field")
		}
		again, err := revocation.ParseList(der)
		if err != nil || again.Entries() != l.Entries() || again.Unusable() != l.Unusable() {
			t.Fatal("the same bytes are read differently")
		}
		if l.Entries() > len(other.RevokedCertificateEntries) {
			t.Fatal("more entries than there are")
		}
		revoking := map[string]bool{}
		owned := false
		for _, e := range other.RevokedCertificateEntries {
			for _, x := range e.Extensions {
				owned = owned || x.Id.Equal(oidOwner)
			}
			if owned {
				break // from here on entries are of others
			}
			_, code, found := l.Find(l.OwnIssuer(), e.SerialNumber)
			if !found {
				t.Fatalf("entry %v is not found", e.SerialNumber)
			}
			if e.ReasonCode != removed {
				revoking[e.SerialNumber.String()] = true
			}
			if code == removed && revoking[e.SerialNumber.String()] {
				t.Fatalf("entry %v is taken off although it is revoked", e.SerialNumber)
			}
			if e.ReasonCode == removed && l.CompleteList() && !l.Unusable() {
				t.Fatal("removeFromCRL in a complete list")
			}
		}
		if owned && !l.Indirect() && !l.Unusable() {
			t.Fatal("entries of others in a list that is not indirect")
		}
	})
}

// FuzzOCSPResponse: what is read, the standard's other implementation reads the
// same, where it reads it at all; and nothing that the issuer did not sign says
// anything.
func FuzzOCSPResponse(f *testing.F) {
	root, stranger := pkitest.NewRoot(f, "root"), pkitest.NewRoot(f, "root")
	leaf := root.Issue(f, "leaf")
	delegate := stranger.Issue(f, "responder", ocspSigning, noCheck)
	single := one{cert: leaf, issuer: root}
	revokedOne := one{cert: leaf, issuer: root, status: revokedStatus(4), forever: true}
	unknownOne := one{cert: leaf, issuer: root, status: contextual(2), exts: []pkix.Extension{extension(oidStrange, false, nil)}}
	for _, a := range []answer{
		{signer: stranger, singles: []one{single}},
		{signer: stranger, byName: true, singles: []one{revokedOne}, nonce: octets([]byte("nonce"))},
		{signer: delegate, certs: chain(delegate), singles: []one{unknownOne}, version: explicit(0, integer(0))},
		{signer: stranger, singles: []one{revokedOne, single}},
		{status: 3},
	} {
		f.Add(a.der(f))
	}
	q := question(chain(leaf, root))
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := revocation.ParseResponse(der)
		if err != nil {
			if !errors.Is(err, revocation.ErrResponse) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		for i := range r.Singles() {
			serial, status, this, next, at, code := r.Single(i)
			other, err := ocsp.ParseResponseForCert(der, &x509.Certificate{SerialNumber: serial}, nil)
			if err != nil {
				continue // it asks more of times, certificates and hashes
			}
			first, _, _, _, _, _ := r.Single(0)
			if i > 0 && first.Cmp(serial) == 0 {
				continue // it looks at the first of a number
			}
			if seenBefore(r, i, serial) {
				continue
			}
			if other.Status != status || !other.ThisUpdate.Equal(this) || !other.NextUpdate.Equal(next) ||
				status == 1 && (!other.RevokedAt.Equal(at) || other.RevocationReason != code) {
				t.Fatalf("read differently: %+v", other)
			}
			if !bytes.Equal(other.TBSResponseData, r.TBS()) || !bytes.Equal(other.Signature, r.Signature()) {
				t.Fatal("other bytes are signed")
			}
			if a := r.Algorithm(); a != x509.UnknownSignatureAlgorithm && other.SignatureAlgorithm != x509.UnknownSignatureAlgorithm && a != other.SignatureAlgorithm {
				t.Fatalf("%v, and not %v", a, other.SignatureAlgorithm)
			}
		}
		c, err := revocation.OCSPResponses(der)
		if err != nil {
			t.Fatal("read once and not twice")
		}
		if a := c.Check(ctx, q); a.Status != certchain.StatusUnknown {
			t.Fatalf("forged: %x", der)
		}
	})
}

func seenBefore(r revocation.Response, i int, serial *big.Int) bool {
	for j := range i {
		if s, _, _, _, _, _ := r.Single(j); s.Cmp(serial) == 0 {
			return true
		}
	}
	return false
}

// FuzzDistributionPoints: the URLs are those that the standard library finds, and
// more where it stops early, in the same order, and reasons and names are within their bounds.
func FuzzDistributionPoints(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	name := pkitest.Name(pkitest.CN("list"))
	url := uri("http://x.test/a.crl")
	for _, v := range [][]byte{
		seq(seq(fullName(url))), seq(seq(fullName(url, uri("ldap://y.test"))), seq(fullName(directory(name)), flags(1, 1, 8))),
		seq(seq(explicit(0, explicit(1, seqOf(name))), explicit(2, directory(name)))), seq(seq(flags(1, 3), explicit(2, url))), seq(), {1},
		seq(seq(fullName(directory(name), url))), seq(seq(fullName(contextual(10), url))),
	} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		points, err := revocation.ParsePoints(der, root.Certificate.RawSubject)
		if err != nil {
			if !errors.Is(err, revocation.ErrList) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		var urls []string
		onlyURLs := true
		if len(points) == 0 || len(points) > revocation.MaxPoints {
			t.Fatalf("%d points", len(points))
		}
		for _, p := range points {
			if p.Names > revocation.MaxPoints || p.Issuers > revocation.MaxPoints || p.Reasons&^0x1fe != 0 || len(p.URLs) > p.Names {
				t.Fatalf("%+v", p)
			}
			urls = append(urls, p.URLs...)
			onlyURLs = onlyURLs && len(p.URLs) == p.Names
		}
		raw := pkitest.RawCertificate(t, pkitest.Key(root.Key), pkitest.Extension(oidPoints, false, der))
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			return // it refuses URLs that are no IA5String, among others
		}
		// In each point it stops at the first name that is no URL.
		if onlyURLs && !slices.Equal(urls, c.CRLDistributionPoints) {
			t.Fatalf("%q and not %q", urls, c.CRLDistributionPoints)
		}
		rest := urls
		for _, u := range c.CRLDistributionPoints {
			i := slices.Index(rest, u)
			if i < 0 {
				t.Fatalf("%q and not %q", urls, c.CRLDistributionPoints)
			}
			rest = rest[i+1:]
		}
	})
}
