package certchain_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// altered returns a copy of a parsed certificate with one extension set. The
// standard parser would refuse most of these values; the rules must not rely
// on it.
func altered(c *x509.Certificate, oid asn1.ObjectIdentifier, value []byte) *x509.Certificate {
	copied := *c
	copied.Extensions = append(append([]pkix.Extension{}, c.Extensions...), pkix.Extension{Id: oid, Critical: true, Value: value})
	return &copied
}

func TestMalformedExtensions(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	tooMany := func(one ...byte) []byte {
		var list []byte
		for range 4097 {
			list = append(list, one...)
		}
		return list
	}
	wrap := func(tag byte, b []byte) []byte {
		return append([]byte{tag, 0x83, byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b))}, b...)
	}
	for name, tc := range map[string]struct {
		oid   asn1.ObjectIdentifier
		value []byte
	}{
		"SAN: not DER":              {oidSAN, []byte("example.com")},
		"SAN: trailing data":        {oidSAN, []byte{0x30, 3, 0x82, 1, 'x', 0}},
		"SAN: empty":                {oidSAN, []byte{0x30, 0}},
		"SAN: truncated name":       {oidSAN, []byte{0x30, 2, 0x82, 5}},
		"SAN: universal tag":        {oidSAN, []byte{0x30, 3, 0x0c, 1, 'x'}},
		"SAN: unknown choice":       {oidSAN, []byte{0x30, 3, 0x89, 1, 'x'}},
		"SAN: constructed dNSName":  {oidSAN, []byte{0x30, 3, 0xa2, 1, 'x'}},
		"SAN: primitive directory":  {oidSAN, []byte{0x30, 4, 0x84, 2, 0x30, 0}},
		"SAN: not ASCII":            {oidSAN, []byte{0x30, 3, 0x82, 1, 0xe9}},
		"SAN: directory not a name": {oidSAN, []byte{0x30, 4, 0xa4, 2, 0x02, 0}},
		"SAN: too many":             {oidSAN, wrap(0x30, tooMany(0x82, 1, 'x'))},
		"NC: data after it":         {oidNC, []byte{0x30, 7, 0xa1, 5, 0x30, 3, 0x82, 1, 'x', 5, 0}},
		"NC: not DER":               {oidNC, []byte("x")},
		"NC: neither list":          {oidNC, []byte{0x30, 0}},
		"NC: empty permitted":       {oidNC, []byte{0x30, 2, 0xa0, 0}},
		"NC: empty excluded":        {oidNC, []byte{0x30, 2, 0xa1, 0}},
		"NC: trailing data":         {oidNC, []byte{0x30, 9, 0xa1, 5, 0x30, 3, 0x82, 1, 'x', 5, 0}},
		"NC: subtree not DER":       {oidNC, []byte{0x30, 4, 0xa0, 2, 0x82, 0}},
		"NC: excluded not DER":      {oidNC, []byte{0x30, 4, 0xa1, 2, 0x82, 0}},
		"NC: base unknown":          {oidNC, []byte{0x30, 7, 0xa0, 5, 0x30, 3, 0x89, 1, 'x'}},
		"NC: too many":              {oidNC, wrap(0x30, wrap(0xa0, tooMany(0x30, 3, 0x82, 1, 'x')))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := altered(leaf, tc.oid, tc.value)
			_, err := verifier(anchors(root)).Verify(ctx, "AUTH", bad)
			first(t, err, certchain.Malformed, bad, 0)
		})
	}
	badSubject := *leaf
	badSubject.RawSubject = []byte{1}
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", &badSubject)
	require.ErrorIs(t, err, certchain.Malformed)
	require.Contains(t, refusal(t, err).Explain(), "unreadable name")
	badIssuer := *leaf
	badIssuer.RawIssuer = []byte{1}
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", &badIssuer)
	require.ErrorIs(t, err, certchain.Malformed)
}

// Constraints that are well-formed DER and mean nothing forbid the names of
// their form, and no others.
func TestMeaninglessConstraints(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	for name, tc := range map[string]struct {
		tree  []byte // a GeneralSubtree
		meets gn
	}{
		"minimum":             {[]byte{0x30, 6, 0x82, 1, 'x', 0x80, 1, 1}, gn{2, "x"}},
		"maximum":             {[]byte{0x30, 6, 0x82, 1, 'x', 0x81, 1, 9}, gn{2, "x"}},
		"mask with a hole":    {[]byte{0x30, 10, 0x87, 8, 192, 0, 2, 0, 255, 0, 255, 0}, gn{7, "\xc0\x00\x02\x01"}},
		"address and no mask": {[]byte{0x30, 6, 0x87, 4, 192, 0, 2, 0}, gn{7, "\xc0\x00\x02\x01"}},
		"URI with spaces":     {[]byte{0x30, 5, 0x86, 3, 'a', ' ', 'b'}, gn{6, "https://x/"}},
		"empty mailbox":       {[]byte{0x30, 4, 0x81, 2, '@', 'x'}, gn{1, "a@x"}},
	} {
		for kind, tag := range map[string]byte{"permitted": 0xa0, "excluded": 0xa1} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				list := append([]byte{tag, byte(len(tc.tree))}, tc.tree...)
				inter := root.IssueCA(t, "inter")
				odd := altered(inter.Certificate, oidNC, append([]byte{0x30, byte(len(list))}, list...))
				v := certchain.New(trust.Static(pkitest.Certificates(root), nil), certchain.WithClock(pkitest.Clock), certchain.Intermediates(odd))
				_, err := v.Verify(ctx, "AUTH", inter.Issue(t, "leaf", san(tc.meets)).Certificate)
				require.ErrorIs(t, err, certchain.NameConstraint)
				_, err = v.Verify(ctx, "AUTH", inter.Issue(t, "leaf").Certificate)
				require.NoError(t, err, explain(err))
			})
		}
	}
	// An address that is none cannot be judged either.
	inter := root.IssueCA(t, "inter", subtrees([]gn{{7, "\xc0\x00\x02\x00\xff\xff\xff\x00"}}, nil))
	leaf := altered(inter.Issue(t, "leaf").Certificate, oidSAN, []byte{0x30, 5, 0x87, 3, 192, 0, 2})
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, bring(inter))
	require.ErrorIs(t, err, certchain.NameConstraint)
}

// Keys that the parser reads and that no path may rest on.
func TestOddKeys(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	big8k := new(big.Int).Lsh(big.NewInt(1), 8192)
	for name, tc := range map[string]struct {
		key  any
		rfc  error
		both error
	}{
		"RSA above the limit":   {&rsa.PublicKey{N: big8k, E: 65537}, certchain.WeakKey, certchain.WeakKey},
		"RSA 512":               {&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 511), E: 65537}, certchain.WeakKey, certchain.WeakKey},
		"RSA with exponent 1":   {&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 1}, nil, certchain.WeakKey},
		"RSA with exponent 4":   {&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 4}, certchain.WeakKey, certchain.WeakKey},
		"a kind nobody knows":   {nil, certchain.WeakKey, certchain.WeakKey},
		"Ed25519":               {ed25519.PublicKey(make([]byte, 32)), nil, nil},
		"P-256 from the parser": {leaf.PublicKey.(*ecdsa.PublicKey), nil, nil},
	} {
		odd := *leaf
		odd.PublicKey = tc.key
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", &odd)
		require.ErrorIs(t, err, tc.both, name)
		_, err = verifier(anchors(root), certchain.WithProfile(certchain.RFC5280)).Verify(ctx, "AUTH", &odd)
		require.ErrorIs(t, err, tc.rfc, name)
	}
	odd := *leaf
	odd.SignatureAlgorithm = x509.UnknownSignatureAlgorithm
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", &odd)
	first(t, err, certchain.WeakSignature, &odd, 0)
}

func TestJudgeAnchor(t *testing.T) {
	t.Parallel()
	clock := certchain.WithClock(pkitest.Clock)
	require.NoError(t, certchain.JudgeAnchor("AUTH", pkitest.NewRoot(t, "root").Certificate, clock))
	root := pkitest.NewRoot(t, "root")
	require.NoError(t, certchain.JudgeAnchor("AUTH", root.IssueCA(t, "inter").Certificate, clock), "an anchor need not be self-signed")

	forged := pkitest.NewRoot(t, "root", pkitest.Tampered()).Certificate
	err := certchain.JudgeAnchor("AUTH", forged, clock)
	first(t, err, certchain.BadSignature, forged, 0)
	require.ErrorIs(t, certchain.JudgeAnchor("AUTH", nil, clock), certchain.Malformed)
	require.ErrorIs(t, certchain.JudgeAnchor("AUTH", root.Certificate, certchain.WithProfile(certchain.Profile{})), certchain.Misconfigured)
	require.ErrorIs(t, certchain.JudgeAnchor("AUTH", root.Certificate, certchain.At(pkitest.Now.AddDate(50, 0, 0))), certchain.Expired)

	// The same questions of a CA that is not self-signed, with its path.
	authority := verifier(anchors(root), certchain.WithProfile(certchain.Authority))
	_, err = authority.Verify(ctx, "AUTH", root.IssueCA(t, "inter").Certificate)
	require.NoError(t, err)
	for want, mod := range map[certchain.Reason]pkitest.Mod{
		certchain.NotCA:    pkitest.NotCA(),
		certchain.KeyUsage: pkitest.Usage(x509.KeyUsageCRLSign),
		certchain.NotV3:    pkitest.Version(1),
	} {
		bad := root.IssueCA(t, "inter", mod).Certificate
		_, err = authority.Verify(ctx, "AUTH", bad)
		first(t, err, want, bad, 0)
	}

	require.True(t, certchain.IsSelfSigned(root.Certificate))
	require.False(t, certchain.IsSelfSigned(root.IssueCA(t, "root").Certificate), "self-issued is not self-signed")
	require.False(t, certchain.IsSelfSigned(root.IssueCA(t, "inter").Certificate))
	require.False(t, certchain.IsSelfSigned(forged))
	sha1 := pkitest.NewRoot(t, "sha1", pkitest.Hash(crypto.SHA1)).Certificate
	require.True(t, certchain.IsSelfSigned(sha1), "a signature that is too weak to check is taken at its word")
	require.False(t, certchain.IsSelfSigned(root.IssueCA(t, "root", pkitest.Hash(crypto.SHA1)).Certificate))
	err = certchain.JudgeAnchor("AUTH", sha1, clock, certchain.WithPlatformCodes(func(certchain.Reason) string { return "X" }))
	require.Equal(t, "X", first(t, err, certchain.WeakSignature, sha1, 0).PlatformCode)
	require.False(t, certchain.IsSelfSigned(nil))
	require.False(t, certchain.IsSelfSigned(&x509.Certificate{}))
	require.Equal(t, "CN=root,O=Acme Bank", certchain.SubjectText(root.Certificate))
	require.Equal(t, "(empty name)", certchain.SubjectText(root.Issue(t, "", pkitest.Subject(pkitest.Name())).Certificate))
}
