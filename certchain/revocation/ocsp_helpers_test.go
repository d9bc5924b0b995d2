package revocation_test

import (
	"crypto"
	"crypto/fips140"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/pkitest"
)

var (
	oidNonce   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	oidNoCheck = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	oidEKU     = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidAIA     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidOCSP    = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	oidBasic   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}

	ocspSigning = pkitest.Extension(oidEKU, false, seq(oid(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9})))
	noCheck     = pkitest.Extension(oidNoCheck, false, []byte{5, 0})
)

// responders is a mod with the URLs of responders.
func responders(urls ...string) pkitest.Mod {
	var list [][]byte
	for _, u := range urls {
		list = append(list, seq(oid(oidOCSP), uri(u)))
	}
	return pkitest.Extension(oidAIA, false, seq(list...))
}

// answer is a response to be.
type answer struct {
	signer   *pkitest.Cert
	certs    []*pkitest.Cert // that come along
	byName   bool            // the responder id
	id       []byte          // in place of it
	singles  []one
	exts     []pkix.Extension
	nonce    []byte
	hash     crypto.Hash
	version  []byte
	tail     []byte // after ResponseData's fields
	kind     asn1.ObjectIdentifier
	status   int64
	noBytes  bool
	rawCerts []byte
	claimed  []byte // the AlgorithmIdentifier, in place of the true one
}

// one is a SingleResponse to be.
type one struct {
	cert, issuer *pkitest.Cert
	hash         crypto.Hash
	keyOf        *pkitest.Cert
	status       []byte // nil: good
	this, next   time.Time
	forever      bool
	exts         []pkix.Extension
	tail         []byte
}

func revokedStatus(code int64) []byte { return explicit(1, when(revokedAt), explicit(0, enum(code))) }

func digest(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

func publicBits(c *x509.Certificate) []byte {
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &spki); err != nil {
		panic(err)
	}
	return spki.Bits.RightAlign()
}

func hashID(h crypto.Hash) []byte {
	id := map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
		crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
		crypto.SHA224: {2, 16, 840, 1, 101, 3, 4, 2, 4},
	}[h]
	return seq(oid(id), []byte{5, 0})
}

func (o one) der() []byte {
	if o.hash == 0 {
		o.hash = crypto.SHA1
	}
	if o.keyOf == nil {
		o.keyOf = o.issuer
	}
	if o.status == nil {
		o.status = contextual(0)
	}
	if o.this.IsZero() {
		o.this = now.Add(-time.Hour)
	}
	if o.next.IsZero() {
		o.next = o.this.Add(24 * time.Hour)
	}
	id := seq(hashID(o.hash), octets(digest(o.hash, o.issuer.Certificate.RawSubject)),
		octets(digest(o.hash, publicBits(o.keyOf.Certificate))), bigint(o.cert.Certificate.SerialNumber))
	parts := [][]byte{id, o.status, when(o.this)}
	if !o.forever {
		parts = append(parts, explicit(0, when(o.next)))
	}
	if len(o.exts) > 0 {
		parts = append(parts, explicit(1, extensions(o.exts)))
	}
	return seq(append(parts, o.tail)...)
}

func (a answer) der(tb testing.TB) []byte {
	tb.Helper()
	if a.status != 0 {
		return seq(enum(a.status))
	}
	if a.hash == 0 {
		a.hash = crypto.SHA256
	}
	if a.kind == nil {
		a.kind = oidBasic
	}
	id := a.id
	if id == nil {
		var key [sha1.Size]byte
		fips140.WithoutEnforcement(func() { key = sha1.Sum(publicBits(a.signer.Certificate)) })
		id = explicit(2, octets(key[:]))
		if a.byName {
			id = explicit(1, a.signer.Certificate.RawSubject)
		}
	}
	var singles [][]byte
	for _, s := range a.singles {
		singles = append(singles, s.der())
	}
	exts := a.exts
	if a.nonce != nil {
		exts = append(exts, extension(oidNonce, false, a.nonce))
	}
	data := [][]byte{a.version, id, when(now), seq(singles...)}
	if len(exts) > 0 {
		data = append(data, explicit(1, extensions(exts)))
	}
	tbs := seq(append(data, a.tail)...)
	algorithm := seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}))
	if a.hash == crypto.SHA1 {
		algorithm = seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}))
	}
	if a.claimed != nil {
		algorithm = a.claimed
	}
	basic := [][]byte{tbs, algorithm, bits(sign(tb, a.signer, a.hash, tbs))}
	var certs [][]byte
	for _, c := range a.certs {
		certs = append(certs, c.Certificate.Raw)
	}
	if a.rawCerts != nil {
		basic = append(basic, explicit(0, a.rawCerts))
	} else if len(certs) > 0 {
		basic = append(basic, explicit(0, seq(certs...)))
	}
	if a.noBytes {
		return seq(enum(0))
	}
	return seq(enum(0), explicit(0, seq(oid(a.kind), octets(seq(basic...)))))
}

// asked is an OCSP request as a responder sees it.
type asked struct {
	hash              asn1.ObjectIdentifier
	nameHash, keyHash []byte
	serial            *big.Int
	nonce             []byte
}

func readRequest(der []byte) (a asked, ok bool) {
	input := cryptobyte.String(der)
	var request, tbs, list, one, id, algorithm, name, key, exts cryptobyte.String
	var has bool
	a.serial = new(big.Int)
	ok = input.ReadASN1(&request, cbasn1.SEQUENCE) && input.Empty() && request.ReadASN1(&tbs, cbasn1.SEQUENCE) && request.Empty() &&
		tbs.ReadASN1(&list, cbasn1.SEQUENCE) && list.ReadASN1(&one, cbasn1.SEQUENCE) && list.Empty() &&
		one.ReadASN1(&id, cbasn1.SEQUENCE) && one.Empty() && id.ReadASN1(&algorithm, cbasn1.SEQUENCE) &&
		algorithm.ReadASN1ObjectIdentifier(&a.hash) && id.ReadASN1(&name, cbasn1.OCTET_STRING) &&
		id.ReadASN1(&key, cbasn1.OCTET_STRING) && id.ReadASN1Integer(a.serial) && id.Empty() &&
		tbs.ReadOptionalASN1(&exts, &has, cbasn1.Tag(2).ContextSpecific().Constructed()) && tbs.Empty()
	a.nameHash, a.keyHash = name, key
	if has {
		var all, ext, value cryptobyte.String
		var kind asn1.ObjectIdentifier
		ok = ok && exts.ReadASN1(&all, cbasn1.SEQUENCE) && all.ReadASN1(&ext, cbasn1.SEQUENCE) && all.Empty() &&
			ext.ReadASN1ObjectIdentifier(&kind) && kind.Equal(oidNonce) && ext.ReadASN1(&value, cbasn1.OCTET_STRING)
		a.nonce = value
	}
	return a, ok
}
