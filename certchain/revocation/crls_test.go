package revocation_test

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

func TestListSaysGoodOrRevoked(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	good, bad := root.Issue(t, "good"), root.Issue(t, "bad")
	negative := root.Issue(t, "negative", pkitest.RawSerial([]byte{0xff, 0x01}))
	onHold := root.Issue(t, "hold")
	c := lists(t, crl{signer: root, number: 7, entries: append(revoked(bad, negative), entry{serial: onHold.Certificate.SerialNumber, code: hold})})

	a := status(t, certchain.StatusGood, c.Check(ctx, question(chain(good, root))))
	require.Equal(t, now.AddDate(0, 0, -1), a.ThisUpdate)
	require.Equal(t, now.AddDate(0, 0, 6), a.NextUpdate)
	a = status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(bad, root))))
	require.Equal(t, revokedAt, a.RevokedAt)
	require.Equal(t, 1, a.Code)
	status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(negative, root))))
	a = status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(onHold, root))))
	require.Equal(t, hold, a.Code, "a certificate on hold counts as revoked (RFC 5280 §5.3.1)")

	// The positive number with the same magnitude is another certificate.
	positive := root.Issue(t, "positive", pkitest.RawSerial(new(big.Int).Abs(negative.Certificate.SerialNumber).FillBytes(make([]byte, 2))))
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(positive, root))))
}

// Every way in which the only list cannot be used leaves the status unknown.
func TestListThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	root, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root")
	noSign := pkitest.NewRoot(t, "no sign", pkitest.Usage(x509.KeyUsageCertSign))
	leaf := root.Issue(t, "leaf", pkitest.Subject(pkitest.Name(pkitest.CN("leaf"))))
	ca := root.IssueCA(t, "ca")
	for name, l := range map[string]crl{
		"stale":                   {signer: root, this: now.AddDate(0, 0, -9)},
		"stale by a second":       {signer: root, next: now.Add(-time.Second)},
		"future":                  {signer: root, this: now.Add(time.Second)},
		"no nextUpdate":           {signer: root, forever: true},
		"no number":               {signer: root, number: -1},
		"critical number":         {signer: root, number: -1, exts: []pkix.Extension{extension(oidNumber, true, integer(4))}},
		"unknown critical":        {signer: root, exts: []pkix.Extension{extension(oidStrange, true, nil)}},
		"unknown critical entry":  {signer: root, entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidStrange, true, nil)}}}},
		"owner, not indirect":     {signer: root, entries: []entry{{serial: big.NewInt(1), owner: pkitest.Name(pkitest.CN("x"))}}},
		"takes off complete list": {signer: root, entries: []entry{{serial: leaf.Certificate.SerialNumber, code: removed}}},
		"SHA-1":                   {signer: root, hash: crypto.SHA1},
		"signed by another":       {signer: other},
		"of another issuer":       {signer: noSign, issuer: noSign.Certificate.RawSubject},
		"only CAs":                {signer: root, exts: []pkix.Extension{idp(contextual(2, isTrue))}},
		"only attributes":         {signer: root, exts: []pkix.Extension{idp(contextual(5, isTrue))}},
		"only users, only CAs":    {signer: root, exts: []pkix.Extension{idp(contextual(1, isTrue), contextual(2, isTrue))}},
		"another point":           {signer: root, exts: []pkix.Extension{idp(fullName(uri("http://x.test/1")))}},
		"some reasons":            {signer: root, exts: []pkix.Extension{idp(flags(3, 1, 2))}},
		"no reasons":              {signer: root, exts: []pkix.Extension{idp(flags(3))}},
		"a delta list alone":      {signer: root, number: 5, exts: []pkix.Extension{deltaOf(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status(t, certchain.StatusUnknown, lists(t, l).Check(ctx, question(chain(leaf, root))))
			// The same list does not revoke either, nor hide one that is fit.
			both := lists(t, l, crl{signer: root, number: 9, this: now.Add(-time.Hour), entries: revoked(leaf)})
			status(t, certchain.StatusRevoked, both.Check(ctx, question(chain(leaf, root))))
		})
	}
	t.Run("only users, of a CA", func(t *testing.T) {
		t.Parallel()
		c := lists(t, crl{signer: root, exts: []pkix.Extension{idp(contextual(1, isTrue))}})
		status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(ca, root))))
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
	})
	t.Run("only CAs, of a CA", func(t *testing.T) {
		t.Parallel()
		c := lists(t, crl{signer: root, exts: []pkix.Extension{idp(contextual(2, isTrue))}})
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(ca, root))))
	})
	t.Run("signer without cRLSign", func(t *testing.T) {
		t.Parallel()
		below := noSign.Issue(t, "below")
		c := lists(t, crl{signer: noSign})
		status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(below, noSign))))
	})
	t.Run("signer without key usage", func(t *testing.T) {
		t.Parallel()
		bare := pkitest.NewRoot(t, "bare", pkitest.Usage(0))
		c := lists(t, crl{signer: bare})
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(bare.Issue(t, "below"), bare))))
	})
	t.Run("signer that is not trusted", func(t *testing.T) {
		t.Parallel()
		q := question(chain(leaf, root))
		q.TrustSigner = func(*x509.Certificate) bool { return false }
		c := lists(t, crl{signer: root, entries: revoked(leaf)})
		status(t, certchain.StatusUnknown, c.Check(ctx, q))
		// That another question trusted it does not matter to this one.
		status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(leaf, root))))
		status(t, certchain.StatusUnknown, c.Check(ctx, q))
	})
	t.Run("non-critical unknown extensions", func(t *testing.T) {
		t.Parallel()
		c := lists(t, crl{signer: root, exts: []pkix.Extension{extension(oidStrange, false, nil)},
			entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidStrange, false, nil)}}}})
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
	})
}

func TestOldestMomentAndLast(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	c := lists(t, crl{signer: root, this: now, next: now})
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
}

// Of two lists that hold, the newer counts, whichever came first.
func TestNewestListCounts(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	older := crl{signer: root, number: 1, this: now.Add(-2 * time.Hour), entries: []entry{{serial: leaf.Certificate.SerialNumber, code: hold}}}
	newer := crl{signer: root, number: 2, this: now.Add(-time.Hour)}
	for _, order := range [][]crl{{older, newer}, {newer, older}} {
		status(t, certchain.StatusGood, lists(t, order...).Check(ctx, question(chain(leaf, root))))
	}
}

// A key that the list names is found among more namesakes than are tried.
func TestSignerAmongNamesakes(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	signer := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	var namesakes []*pkitest.Cert
	for range revocation.MaxSigners {
		namesakes = append(namesakes, pkitest.NewRoot(t, "root"))
	}
	id := extension(oidAuthKey, false, seq(contextual(0, signer.Certificate.SubjectKeyId)))
	named := lists(t, crl{signer: signer, exts: []pkix.Extension{id}})
	status(t, certchain.StatusGood, named.Check(ctx, question(chain(leaf, root), append(namesakes, signer)...)))

	// Without the identifier they are tried up to the limit, and no further.
	bare := lists(t, crl{signer: signer})
	status(t, certchain.StatusGood, bare.Check(ctx, question(chain(leaf, root), append(namesakes[:revocation.MaxSigners-2:revocation.MaxSigners-2], signer)...)))
	bare = lists(t, crl{signer: signer})
	status(t, certchain.StatusUnknown, bare.Check(ctx, question(chain(leaf, root), append(namesakes[:revocation.MaxSigners-1:revocation.MaxSigners-1], signer)...)))

	// Nor is the list of namesakes read for ever.
	same := make([]*pkitest.Cert, revocation.MaxNamesakes-1)
	for i := range same {
		same[i] = pkitest.NewRoot(t, "root", pkitest.Usage(x509.KeyUsageCertSign), pkitest.Key(signer.Key))
		if i > 0 {
			same[i] = same[0]
		}
	}
	status(t, certchain.StatusUnknown, named.Check(ctx, question(chain(leaf, root), append(same, signer)...)))
	status(t, certchain.StatusGood, named.Check(ctx, question(chain(leaf, root), append(same[1:], signer)...)))
}

func TestOversizedSignerIsNotTried(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	huge := *root.Certificate
	key := *pkitest.RSA(2048, 0)
	key.N = new(big.Int).Lsh(big.NewInt(1), 8193)
	huge.PublicKey = &key.PublicKey
	q := question(chain(leaf, root))
	q.Path[1] = &huge
	q.Signers = question(chain(leaf, &pkitest.Cert{Certificate: &huge})).Signers
	status(t, certchain.StatusUnknown, lists(t, crl{signer: root}).Check(ctx, q))
}

func TestMalformedLists(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	fine := crl{signer: root}.der(t)
	_, err := revocation.CRLs(fine)
	require.NoError(t, err)
	for name, l := range map[string][]byte{
		"nothing":               nil,
		"garbage":               []byte("garbage"),
		"bytes after it":        append(append([]byte{}, fine...), 0),
		"bytes in it":           crl{signer: root, tail: integer(1)}.der(t),
		"a second list in it":   crl{signer: root, tail: seq()}.der(t),
		"issuer":                crl{signer: root, issuer: seq(tagged(0x31))}.der(t),
		"point":                 crl{signer: root, exts: []pkix.Extension{extension(oidIDP, true, []byte{1})}}.der(t),
		"point, tail":           crl{signer: root, exts: []pkix.Extension{idp(contextual(9))}}.der(t),
		"point, flag":           crl{signer: root, exts: []pkix.Extension{idp(contextual(1, []byte{1, 2}))}}.der(t),
		"point, odd flag":       crl{signer: root, exts: []pkix.Extension{idp(contextual(1, []byte{1}))}}.der(t),
		"point, broken flag":    crl{signer: root, exts: []pkix.Extension{idp([]byte{0x81, 9})}}.der(t),
		"point, name":           crl{signer: root, exts: []pkix.Extension{idp(explicit(0, integer(1)))}}.der(t),
		"point, empty name":     crl{signer: root, exts: []pkix.Extension{idp(explicit(0, explicit(0)))}}.der(t),
		"point, relative name":  crl{signer: root, exts: []pkix.Extension{idp(explicit(0, explicit(1, integer(1))))}}.der(t),
		"point, reasons":        crl{signer: root, exts: []pkix.Extension{idp(contextual(3))}}.der(t),
		"point, unused bits":    crl{signer: root, exts: []pkix.Extension{idp(contextual(3, []byte{8, 0}))}}.der(t),
		"point, bits of none":   crl{signer: root, exts: []pkix.Extension{idp(contextual(3, []byte{1}))}}.der(t),
		"delta indicator":       crl{signer: root, exts: []pkix.Extension{extension(oidDelta, true, []byte{1})}}.der(t),
		"extension twice":       crl{signer: root, exts: []pkix.Extension{idp(), idp()}}.der(t),
		"owner":                 crl{signer: root, entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidOwner, true, []byte{1})}}}}.der(t),
		"owner without a name":  crl{signer: root, entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidOwner, true, seq(uri("x")))}}}}.der(t),
		"owner of no names":     crl{signer: root, entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidOwner, true, seq())}}}}.der(t),
		"owner, broken name":    crl{signer: root, entries: []entry{{serial: big.NewInt(1), exts: []pkix.Extension{extension(oidOwner, true, seq(directory(integer(1))))}}}}.der(t),
		"another PEM block":     root.PEM(),
		"broken PEM":            []byte("-----BEGIN X509 CRL-----\n"),
		"PEM and half a second": append(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: fine}), "-----BEGIN X509 CRL-----\n"...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := revocation.CRLs(fine, l)
			require.ErrorIs(t, err, revocation.ErrList)
			require.Nil(t, c)
		})
	}
}

func TestListsInPEM(t *testing.T) {
	t.Parallel()
	root, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other")
	bundle := append([]byte("first\n"), pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: crl{signer: root}.der(t)})...)
	bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: crl{signer: other}.der(t)})...)
	c, err := revocation.CRLs(bundle)
	require.NoError(t, err)
	for _, ca := range chain(root, other) {
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(ca.Issue(t, "leaf"), ca))))
	}
}

func TestListLimits(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	one := crl{signer: root}.der(t)
	many := make([][]byte, revocation.MaxLists)
	for i := range many {
		many[i] = one
	}
	_, err := revocation.CRLs(many...)
	require.NoError(t, err)
	_, err = revocation.CRLs(append(many, one)...)
	require.ErrorIs(t, err, revocation.ErrList)

	// At the limit the bytes are read, and found wanting; one past they are not.
	_, err = revocation.CRLs(make([]byte, revocation.MaxListBytes))
	require.ErrorIs(t, err, revocation.ErrList)
	require.NotContains(t, err.Error(), "limit")
	_, err = revocation.CRLs(make([]byte, revocation.MaxListBytes+1))
	require.ErrorIs(t, err, revocation.ErrList)
	require.Contains(t, err.Error(), "limit")
}

func TestQuestionsAboutNothing(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	f, err := revocation.NewFetcher(nil)
	require.NoError(t, err)
	ocsp, err := f.OCSP()
	require.NoError(t, err)
	stapled, err := revocation.OCSPResponses()
	require.NoError(t, err)
	whole := question(chain(leaf, root))
	beyond, below, unsigned, untrusted, empty := whole, whole, whole, whole, whole
	beyond.Depth, below.Depth = 1, -1
	unsigned.Signers, untrusted.TrustSigner = nil, nil
	empty.Path = []*x509.Certificate{nil, nil}
	for _, c := range []certchain.Revocation{lists(t, crl{signer: root}), f.CRLs(), ocsp, stapled} {
		for _, q := range []certchain.RevocationQuery{{}, beyond, below, unsigned, untrusted, empty} {
			status(t, certchain.StatusUnknown, c.Check(ctx, q))
		}
	}
	broken := *leaf.Certificate
	broken.RawIssuer = []byte{1}
	whole.Path = []*x509.Certificate{&broken, root.Certificate}
	for _, c := range []certchain.Revocation{lists(t, crl{signer: root}), f.CRLs(), ocsp, stapled} {
		status(t, certchain.StatusUnknown, c.Check(ctx, whole))
	}
}
