package revocation_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"iter"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

var (
	ctx = context.Background()
	now = pkitest.Now

	oidPoints   = asn1.ObjectIdentifier{2, 5, 29, 31}
	oidIDP      = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidDelta    = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidNumber   = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidReason   = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidOwner    = asn1.ObjectIdentifier{2, 5, 29, 29}
	oidFreshest = asn1.ObjectIdentifier{2, 5, 29, 46}
	oidAuthKey  = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidStrange  = asn1.ObjectIdentifier{1, 3, 9999, 1}

	loopback = revocation.AllowPrivateAddresses(netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
)

const hold, removed = 6, 8

func build(f func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	f(&b)
	return b.BytesOrPanic()
}

func seq(parts ...[]byte) []byte { return tagged(cbasn1.SEQUENCE, parts...) }

func tagged(tag cbasn1.Tag, parts ...[]byte) []byte {
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(tag, func(b *cryptobyte.Builder) {
			for _, p := range parts {
				b.AddBytes(p)
			}
		})
	})
}

// contextual and explicit are [n] IMPLICIT primitive and [n] constructed.
func contextual(n uint8, parts ...[]byte) []byte {
	return tagged(cbasn1.Tag(n).ContextSpecific(), parts...)
}

func explicit(n uint8, parts ...[]byte) []byte {
	return tagged(cbasn1.Tag(n).ContextSpecific().Constructed(), parts...)
}

func integer(n int64) []byte { return build(func(b *cryptobyte.Builder) { b.AddASN1Int64(n) }) }

func enum(n int64) []byte { return build(func(b *cryptobyte.Builder) { b.AddASN1Enum(n) }) }

func bigint(n *big.Int) []byte { return build(func(b *cryptobyte.Builder) { b.AddASN1BigInt(n) }) }

func octets(v []byte) []byte { return tagged(cbasn1.OCTET_STRING, v) }

func oid(id asn1.ObjectIdentifier) []byte {
	return build(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
}

func when(t time.Time) []byte {
	return build(func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(t) })
}

func utc(t time.Time) []byte { return build(func(b *cryptobyte.Builder) { b.AddASN1UTCTime(t) }) }

func extension(id asn1.ObjectIdentifier, critical bool, value []byte) pkix.Extension {
	return pkix.Extension{Id: id, Critical: critical, Value: value}
}

func extensions(list []pkix.Extension) []byte {
	var parts [][]byte
	for _, e := range list {
		body := oid(e.Id)
		if e.Critical {
			body = append(body, 1, 1, 0xff)
		}
		parts = append(parts, seq(body, octets(e.Value)))
	}
	return seq(parts...)
}

// Names for points: a URL, a directory name.
func uri(u string) []byte             { return contextual(6, []byte(u)) }
func directory(name []byte) []byte    { return explicit(4, name) }
func fullName(names ...[]byte) []byte { return explicit(0, explicit(0, names...)) }

// flags is ReasonFlags under the tag [n].
func flags(n uint8, reasons ...int) []byte {
	v := make([]byte, 2)
	for _, r := range reasons {
		v[r/8] |= 0x80 >> (r % 8)
	}
	return contextual(n, []byte{7}, v)
}

// points is a mod with CRLDistributionPoints.
func points(list ...[]byte) pkitest.Mod { return pkitest.Extension(oidPoints, false, seq(list...)) }

func at(urls ...string) pkitest.Mod {
	var names [][]byte
	for _, u := range urls {
		names = append(names, uri(u))
	}
	return points(seq(fullName(names...)))
}

func idp(parts ...[]byte) pkix.Extension { return extension(oidIDP, true, seq(parts...)) }

var isTrue = []byte{0xff}

func deltaOf(base int64) pkix.Extension { return extension(oidDelta, true, integer(base)) }

// crl is a list to be.
type crl struct {
	signer     *pkitest.Cert
	issuer     []byte // nil: the signer's subject
	number     int64  // negative: none
	this, next time.Time
	forever    bool // no nextUpdate
	entries    []entry
	exts       []pkix.Extension
	hash       crypto.Hash
	tail       []byte // after the fields of the TBSCertList
}

type entry struct {
	serial *big.Int
	code   int64 // 0: no reason
	owner  []byte
	exts   []pkix.Extension
}

func revoked(certs ...*pkitest.Cert) (list []entry) {
	for _, c := range certs {
		list = append(list, entry{serial: c.Certificate.SerialNumber, code: 1})
	}
	return list
}

var revokedAt = now.AddDate(0, 0, -3)

func (l crl) der(tb testing.TB) []byte {
	tb.Helper()
	if l.issuer == nil {
		l.issuer = l.signer.Certificate.RawSubject
	}
	if l.this.IsZero() {
		l.this = now.AddDate(0, 0, -1)
	}
	if l.next.IsZero() {
		l.next = l.this.AddDate(0, 0, 7)
	}
	if l.hash == 0 {
		l.hash = crypto.SHA256
	}
	algorithm := seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}))
	if l.hash == crypto.SHA1 {
		algorithm = seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}))
	}
	parts := [][]byte{integer(1), algorithm, l.issuer, utc(l.this)}
	if !l.forever {
		parts = append(parts, utc(l.next))
	}
	var entries [][]byte
	for _, e := range l.entries {
		list := e.exts
		if e.code != 0 {
			list = append(list, extension(oidReason, false, enum(e.code)))
		}
		if e.owner != nil {
			list = append(list, extension(oidOwner, true, seq(directory(e.owner))))
		}
		one := [][]byte{bigint(e.serial), utc(revokedAt)}
		if len(list) > 0 {
			one = append(one, extensions(list))
		}
		entries = append(entries, seq(one...))
	}
	if len(entries) > 0 {
		parts = append(parts, seq(entries...))
	}
	exts := l.exts
	if l.number >= 0 {
		exts = append(exts, extension(oidNumber, false, integer(l.number)))
	}
	if len(exts) > 0 {
		parts = append(parts, explicit(0, extensions(exts)))
	}
	tbs := seq(append(parts, l.tail)...)
	return seq(tbs, algorithm, bits(sign(tb, l.signer, l.hash, tbs)))
}

func bits(v []byte) []byte { return tagged(cbasn1.BIT_STRING, []byte{0}, v) }

func sign(tb testing.TB, by *pkitest.Cert, h crypto.Hash, data []byte) []byte {
	tb.Helper()
	w := h.New()
	w.Write(data)
	signature, err := by.Key.Sign(rand.Reader, w.Sum(nil), h)
	require.NoError(tb, err)
	return signature
}

// question is a query about path[0], whose path is the rest, with signers that
// are known and all trusted.
func question(path []*pkitest.Cert, others ...*pkitest.Cert) certchain.RevocationQuery {
	all := pkitest.Certificates(append(append([]*pkitest.Cert{}, path[1:]...), others...)...)
	return certchain.RevocationQuery{
		Path: pkitest.Certificates(path...), At: now,
		Signers: func(subject []byte) iter.Seq[*x509.Certificate] {
			return func(yield func(*x509.Certificate) bool) {
				for _, c := range all {
					if string(c.RawSubject) == string(subject) && !yield(c) {
						return
					}
				}
			}
		},
		TrustSigner: func(*x509.Certificate) bool { return true },
	}
}

func chain(certs ...*pkitest.Cert) []*pkitest.Cert { return certs }

// lists makes an offline checker.
func lists(tb testing.TB, all ...crl) certchain.Revocation {
	tb.Helper()
	var ders [][]byte
	for _, l := range all {
		ders = append(ders, l.der(tb))
	}
	c, err := revocation.CRLs(ders...)
	require.NoError(tb, err)
	return c
}

func status(tb testing.TB, want certchain.RevocationStatus, a certchain.RevocationAnswer) certchain.RevocationAnswer {
	tb.Helper()
	require.Equal(tb, want, a.Status, "%+v", a)
	if want == certchain.StatusUnknown {
		require.NotEmpty(tb, a.Detail, "what is unknown says why")
	} else {
		require.NotEmpty(tb, a.Source)
	}
	return a
}

// verifier trusts the anchors at the tests' fixed time, by the standard alone.
func verifier(r certchain.Revocation, anchors ...*pkitest.Cert) *certchain.Verifier {
	return certchain.New(trust.Static(pkitest.Certificates(anchors...), nil),
		certchain.WithClock(pkitest.Clock), certchain.WithProfile(certchain.RFC5280), certchain.WithRevocation(r))
}

func bring(certs ...*pkitest.Cert) certchain.Option {
	return certchain.Intermediates(pkitest.Certificates(certs...)...)
}

func extList(list ...pkix.Extension) []pkix.Extension { return list }

func pemList(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})
}

func tlsDial(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	d := tls.Dialer{Config: config}
	return d.DialContext(ctx, network, address)
}
