package certchain_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
)

var (
	oidUnknown = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 1}
	oidSAN     = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidNC      = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidEKU     = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidFresh   = asn1.ObjectIdentifier{2, 5, 29, 46}
	oidPC      = asn1.ObjectIdentifier{2, 5, 29, 36}
)

// One defect in one certificate of root > upper > lower > leaf: it is refused,
// the first finding names the defect and the certificate that carries it, and
// without the defect the same chain is accepted.
func TestOneDefect(t *testing.T) {
	t.Parallel()
	now := pkitest.Now
	past := pkitest.Validity(now.AddDate(-5, 0, 0), now.Add(-time.Second))
	future := pkitest.Validity(now.Add(time.Second), now.AddDate(5, 0, 0))
	critical := pkitest.Extension(oidUnknown, true, []byte{5, 0})
	for name, tc := range map[string]struct {
		at     int // depth of the defect: 0 leaf … 3 root
		defect []pkitest.Mod
		want   certchain.Reason
	}{
		"leaf expired":                   {0, []pkitest.Mod{past}, certchain.Expired},
		"leaf not yet valid":             {0, []pkitest.Mod{future}, certchain.NotYetValid},
		"leaf critical extension":        {0, []pkitest.Mod{critical}, certchain.CriticalExtension},
		"leaf forged":                    {0, []pkitest.Mod{pkitest.Tampered()}, certchain.BadSignature},
		"leaf RSA 1024":                  {0, []pkitest.Mod{pkitest.Key(pkitest.RSA(1024, 0))}, certchain.WeakKey},
		"leaf P-224":                     {0, []pkitest.Mod{pkitest.Key(pkitest.EC(elliptic.P224()))}, certchain.WeakKey},
		"leaf SHA-1":                     {0, []pkitest.Mod{pkitest.Hash(crypto.SHA1)}, certchain.WeakSignature},
		"leaf version 1":                 {0, []pkitest.Mod{pkitest.Version(1)}, certchain.NotV3},
		"lower expired":                  {1, []pkitest.Mod{past}, certchain.Expired},
		"lower not yet valid":            {1, []pkitest.Mod{future}, certchain.NotYetValid},
		"lower CA:FALSE":                 {1, []pkitest.Mod{pkitest.NotCA()}, certchain.NotCA},
		"lower without basicConstraints": {1, []pkitest.Mod{pkitest.NoBasicConstraints()}, certchain.NotCA},
		"lower without keyCertSign":      {1, []pkitest.Mod{pkitest.Usage(x509.KeyUsageCRLSign)}, certchain.KeyUsage},
		"lower critical extension":       {1, []pkitest.Mod{critical}, certchain.CriticalExtension},
		"lower forged":                   {1, []pkitest.Mod{pkitest.Tampered()}, certchain.BadSignature},
		"lower RSA 1024":                 {1, []pkitest.Mod{pkitest.Key(pkitest.RSA(1024, 0))}, certchain.WeakKey},
		"lower SHA-1":                    {1, []pkitest.Mod{pkitest.Hash(crypto.SHA1)}, certchain.WeakSignature},
		"lower version 1":                {1, []pkitest.Mod{pkitest.Version(1)}, certchain.NotV3},
		"upper with path length 0":       {2, []pkitest.Mod{pkitest.CA(0)}, certchain.PathTooLong},
		"upper expired":                  {2, []pkitest.Mod{past}, certchain.Expired},
		"upper forged":                   {2, []pkitest.Mod{pkitest.Tampered()}, certchain.BadSignature},
		"upper CA:FALSE without usage":   {2, []pkitest.Mod{pkitest.NotCA(), pkitest.Usage(0)}, certchain.NotCA},
		"root expired":                   {3, []pkitest.Mod{past}, certchain.Expired},
		"root not yet valid":             {3, []pkitest.Mod{future}, certchain.NotYetValid},
		"root CA:FALSE":                  {3, []pkitest.Mod{pkitest.NotCA()}, certchain.NotCA},
		"root without keyCertSign":       {3, []pkitest.Mod{pkitest.Usage(x509.KeyUsageCRLSign)}, certchain.KeyUsage},
		"root with path length 1":        {3, []pkitest.Mod{pkitest.CA(1)}, certchain.PathTooLong},
		"root critical extension":        {3, []pkitest.Mod{critical}, certchain.CriticalExtension},
		"root RSA 1024":                  {3, []pkitest.Mod{pkitest.Key(pkitest.RSA(1024, 0))}, certchain.WeakKey},
		"root version 1":                 {3, []pkitest.Mod{pkitest.Version(1)}, certchain.NotV3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chain := fourLevels(t, tc.at, tc.defect)
			_, err := verifier(anchors(chain[3])).Verify(ctx, "AUTH", chain[0].Certificate, bring(chain[2], chain[1]))
			first(t, err, tc.want, chain[tc.at].Certificate, tc.at)
			e := refusal(t, err)
			require.True(t, e.Complete, "the path reached the anchor")
			require.Len(t, e.Path, 4)

			_, again := verifier(anchors(chain[3])).Verify(ctx, "AUTH", chain[0].Certificate, bring(chain[1], chain[2], chain[1], chain[3]))
			require.Equal(t, e.Explain(), refusal(t, again).Explain(), "the order of what comes along does not show")
		})
	}
	sound := fourLevels(t, -1, nil)
	got, err := verifier(anchors(sound[3])).Verify(ctx, "AUTH", sound[0].Certificate, bring(sound[1], sound[2]))
	require.NoError(t, err)
	require.Equal(t, []string{"leaf", "lower", "upper", "root"}, names(got))
}

func fourLevels(t *testing.T, at int, defect []pkitest.Mod) [4]*pkitest.Cert {
	t.Helper()
	mods := func(level int, own ...pkitest.Mod) []pkitest.Mod {
		if level == at {
			return append(own, defect...)
		}
		return own
	}
	rsa := pkitest.Key(pkitest.RSA(2048, 1))
	root := pkitest.NewRoot(t, "root", mods(3, rsa)...)
	upper := root.IssueCA(t, "upper", mods(2, pkitest.Key(pkitest.RSA(2048, 2)))...)
	lower := upper.IssueCA(t, "lower", mods(1, pkitest.Key(pkitest.RSA(2048, 3)))...)
	return [4]*pkitest.Cert{lower.Issue(t, "leaf", mods(0)...), lower, upper, root}
}

// Both ends belong to the period (RFC 5280 §4.1.2.5); fractions of a second do
// not exist.
func TestValidityBoundaries(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", pkitest.Validity(from, until))
	for at, want := range map[time.Time]error{
		from.Add(-time.Second):            certchain.NotYetValid,
		from.Add(-time.Millisecond):       certchain.NotYetValid,
		from:                              nil,
		until:                             nil,
		until.Add(999 * time.Millisecond): nil,
		until.Add(time.Second):            certchain.Expired,
	} {
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate, certchain.At(at))
		require.ErrorIs(t, err, want, at)
	}
	chain, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate)
	require.NoError(t, err)
	require.Equal(t, from, chain.NotBefore)
	require.Equal(t, until, chain.NotAfter)
	require.Equal(t, leaf.Certificate, chain.Leaf())
	require.Equal(t, root.Certificate.Raw, chain.Anchor().Raw)
	require.Equal(t, "Acme Bank", chain.Organization)
}

// Keys and algorithms of the Partner profile, from the platform's documented
// rules.
func TestPartnerKeysAndSignatures(t *testing.T) {
	t.Parallel()
	rsaRoot := pkitest.NewRoot(t, "rsa root", pkitest.Key(pkitest.RSA(2048, 1)))
	ecRoot := pkitest.NewRoot(t, "ec root")
	edRoot := pkitest.NewRoot(t, "ed root", pkitest.Key(pkitest.Ed25519()))
	for name, tc := range map[string]struct {
		issuer    *pkitest.Cert
		mods      []pkitest.Mod
		partner   error
		release13 error
		rfc       error
	}{
		"RSA 2048":       {rsaRoot, []pkitest.Mod{pkitest.Key(pkitest.RSA(2048, 2))}, nil, nil, nil},
		"RSA 3072":       {rsaRoot, []pkitest.Mod{pkitest.Key(pkitest.RSA(3072, 0))}, nil, nil, nil},
		"RSA 1024":       {rsaRoot, []pkitest.Mod{pkitest.Key(pkitest.RSA(1024, 0))}, certchain.WeakKey, certchain.WeakKey, nil},
		"P-256":          {ecRoot, []pkitest.Mod{pkitest.Key(pkitest.EC(elliptic.P256()))}, nil, nil, nil},
		"P-384":          {ecRoot, []pkitest.Mod{pkitest.Key(pkitest.EC(elliptic.P384()))}, nil, nil, nil},
		"P-521":          {ecRoot, []pkitest.Mod{pkitest.Key(pkitest.EC(elliptic.P521()))}, nil, nil, nil},
		"P-224":          {ecRoot, []pkitest.Mod{pkitest.Key(pkitest.EC(elliptic.P224()))}, certchain.WeakKey, certchain.WeakKey, nil},
		"Ed25519 key":    {ecRoot, []pkitest.Mod{pkitest.Key(pkitest.Ed25519())}, nil, nil, nil},
		"SHA-384 RSA":    {rsaRoot, []pkitest.Mod{pkitest.Hash(crypto.SHA384)}, nil, certchain.WeakSignature, nil},
		"SHA-512 RSA":    {rsaRoot, []pkitest.Mod{pkitest.Hash(crypto.SHA512)}, nil, certchain.WeakSignature, nil},
		"SHA-512 ECDSA":  {ecRoot, []pkitest.Mod{pkitest.Hash(crypto.SHA512)}, nil, certchain.WeakSignature, nil},
		"RSASSA-PSS":     {rsaRoot, []pkitest.Mod{pkitest.PSS(), pkitest.Hash(crypto.SHA256)}, nil, certchain.WeakSignature, nil},
		"Ed25519 issuer": {edRoot, nil, nil, certchain.WeakSignature, nil},
		"SHA-1 RSA":      {rsaRoot, []pkitest.Mod{pkitest.Hash(crypto.SHA1)}, certchain.WeakSignature, certchain.WeakSignature, certchain.WeakSignature},
		"SHA-1 ECDSA":    {ecRoot, []pkitest.Mod{pkitest.Hash(crypto.SHA1)}, certchain.WeakSignature, certchain.WeakSignature, certchain.WeakSignature},
		"version 1":      {ecRoot, []pkitest.Mod{pkitest.Version(1)}, certchain.NotV3, certchain.NotV3, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leaf := tc.issuer.Issue(t, "leaf", tc.mods...)
			for _, p := range []struct {
				profile certchain.Profile
				want    error
			}{{certchain.Partner, tc.partner}, {certchain.PartnerRelease13, tc.release13}, {certchain.RFC5280, tc.rfc}} {
				_, err := verifier(anchors(tc.issuer), certchain.WithProfile(p.profile)).Verify(ctx, "AUTH", leaf.Certificate)
				require.ErrorIs(t, err, p.want, "%s: %s", p.profile.Name(), explain(err))
			}
		})
	}
}

func TestSelfSignedAndAnchorLeaves(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	stranger := pkitest.NewRoot(t, "stranger")
	crossed := root.IssueCA(t, "anchored intermediate")
	v := verifier(anchors(root, crossed))

	_, err := v.Verify(ctx, "AUTH", stranger.Certificate)
	first(t, err, certchain.SelfSigned, stranger.Certificate, 0)
	require.ErrorIs(t, err, certchain.UnknownIssuer)

	for _, profile := range []certchain.Profile{certchain.Partner, certchain.RFC5280} {
		for _, anchor := range []*pkitest.Cert{root, crossed} {
			_, err = v.Verify(ctx, "AUTH", anchor.Certificate, certchain.WithProfile(profile))
			require.ErrorIs(t, err, certchain.TrustAnchor)
		}
	}
	_, err = v.Verify(ctx, "AUTH", root.IssueCA(t, "a CA as leaf").Certificate)
	require.NoError(t, err, "the platform's re-signed partner certificates are CAs")

	// Issuer and subject are one name, but the key is another: issued, not
	// self-signed. The platform's corpora have such pairs.
	same := pkitest.Name(pkitest.O("Acme"), pkitest.CN("same"))
	sameRoot := pkitest.NewRoot(t, "", pkitest.Subject(same))
	_, err = verifier(anchors(sameRoot)).Verify(ctx, "AUTH", sameRoot.Issue(t, "", pkitest.Subject(same)).Certificate)
	require.NoError(t, err)
}

func TestMinRemaining(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	until := time.Date(2027, 2, 28, 12, 0, 0, 0, time.UTC)
	leaf := root.Issue(t, "leaf", pkitest.Validity(pkitest.Now.AddDate(-1, 0, 0), until))
	v := verifier(anchors(root), certchain.WithProfile(certchain.Partner.WithMinRemaining(6)))
	// Six months after 31 August is the last of February, not 3 March.
	_, err := v.Verify(ctx, "AUTH", leaf.Certificate, certchain.At(time.Date(2026, 8, 31, 12, 0, 0, 0, time.UTC)))
	require.NoError(t, err)
	_, err = v.Verify(ctx, "AUTH", leaf.Certificate, certchain.At(time.Date(2026, 8, 31, 12, 0, 1, 0, time.UTC)))
	f := first(t, err, certchain.ShortValidity, leaf.Certificate, 0)
	require.Contains(t, f.Detail, "2027-02-28 12:00:01")
	_, err = v.Verify(ctx, "AUTH", leaf.Certificate, certchain.At(until.Add(time.Second)))
	first(t, err, certchain.Expired, leaf.Certificate, 0)
	require.NotErrorIs(t, err, certchain.ShortValidity, "of the dead nothing more")
}

func TestExtKeyUsage(t *testing.T) {
	t.Parallel()
	serverAuth, anyUsage := []byte{0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1}, []byte{0x30, 6, 6, 4, 0x55, 0x1d, 0x25, 0}
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "inter", pkitest.Extension(oidEKU, false, serverAuth))
	plain := certchain.Partner.WithExtKeyUsage(x509.ExtKeyUsageClientAuth)
	nested := certchain.Partner.WithNestedExtKeyUsage(x509.ExtKeyUsageClientAuth)
	for name, tc := range map[string]struct {
		leaf          *pkitest.Cert
		plain, nested error
	}{
		"no EKU":        {inter.Issue(t, "leaf"), nil, certchain.ExtKeyUsage},
		"another usage": {inter.Issue(t, "leaf", pkitest.Extension(oidEKU, false, serverAuth)), certchain.ExtKeyUsage, certchain.ExtKeyUsage},
		"any usage":     {root.Issue(t, "leaf", pkitest.Extension(oidEKU, false, anyUsage)), nil, nil},
		"right usage":   {root.Issue(t, "leaf", pkitest.Extension(oidEKU, true, []byte{0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2})), nil, nil},
	} {
		_, err := verifier(anchors(root), certchain.WithProfile(plain)).Verify(ctx, "AUTH", tc.leaf.Certificate, bring(inter))
		require.ErrorIs(t, err, tc.plain, name)
		_, err = verifier(anchors(root), certchain.WithProfile(nested)).Verify(ctx, "AUTH", tc.leaf.Certificate, bring(inter))
		require.ErrorIs(t, err, tc.nested, name)
	}
	// RFC 5280 gives the extension no meaning for the path.
	_, err := verifier(anchors(root), certchain.WithProfile(certchain.RFC5280)).Verify(ctx, "AUTH",
		inter.Issue(t, "leaf", pkitest.Extension(oidEKU, true, serverAuth)).Certificate, bring(inter))
	require.NoError(t, err)
}

// Legacy anchors and anchors' constraints are opened by name only.
func TestDangerousOptions(t *testing.T) {
	t.Parallel()
	v1 := pkitest.NewRoot(t, "v1", pkitest.Version(1))
	noBasic := pkitest.NewRoot(t, "no bc", pkitest.NoBasicConstraints(), pkitest.Usage(x509.KeyUsageDigitalSignature))
	for _, root := range []*pkitest.Cert{v1, noBasic} {
		leaf := root.Issue(t, "leaf").Certificate
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf)
		require.ErrorIs(t, err, certchain.NotCA)
		_, err = verifier(anchors(root), certchain.WithProfile(certchain.Partner.DangerouslyAdmitLegacyAnchors())).Verify(ctx, "AUTH", leaf)
		require.NoError(t, err)
		_, err = verifier(anchors(root), certchain.WithProfile(certchain.PartnerRelease13)).Verify(ctx, "AUTH", leaf)
		require.NoError(t, err)

		// It opens the door for anchors, not for intermediates.
		top := pkitest.NewRoot(t, "top")
		notCA := top.IssueCA(t, "not ca", pkitest.NoBasicConstraints())
		_, err = verifier(anchors(top), certchain.WithProfile(certchain.Partner.DangerouslyAdmitLegacyAnchors())).
			Verify(ctx, "AUTH", notCA.Issue(t, "leaf").Certificate, bring(notCA))
		require.ErrorIs(t, err, certchain.NotCA)
	}
	narrow := pkitest.NewRoot(t, "narrow", pkitest.CA(0))
	inter := narrow.IssueCA(t, "inter")
	leaf := inter.Issue(t, "leaf").Certificate
	_, err := verifier(anchors(narrow)).Verify(ctx, "AUTH", leaf, bring(inter))
	require.ErrorIs(t, err, certchain.PathTooLong)
	_, err = verifier(anchors(narrow), certchain.WithProfile(certchain.Partner.DangerouslyIgnoreAnchorConstraints())).Verify(ctx, "AUTH", leaf, bring(inter))
	require.NoError(t, err)
}

// The MUSTs of RFC 5280 §4 that path validation does not need: RFC5280 holds
// certificates to them, Partner does not, because the platform's break them.
func TestCertificateProfile(t *testing.T) {
	t.Parallel()
	empty := pkitest.Subject(pkitest.Name())
	san := []byte{0x30, 0x0b, 0x82, 9, 'a', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e'}
	policy := []byte{0x30, 0x03, 0x80, 0x01, 0x05}
	constraints := []byte{0x30, 0x0d, 0xa0, 0x0b, 0x30, 0x09, 0x82, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e'}
	// pathTo is an intermediate and a leaf with one of them modified.
	for name, tc := range map[string]struct {
		leaf, inter, root []pkitest.Mod
	}{
		"zero serial":                     {leaf: []pkitest.Mod{pkitest.RawSerial([]byte{0})}},
		"serial of 21 octets":             {leaf: []pkitest.Mod{pkitest.RawSerial(append([]byte{1}, make([]byte, 20)...))}},
		"CA with empty subject":           {inter: []pkitest.Mod{empty, pkitest.Extension(oidSAN, true, san)}},
		"empty subject, SAN not critical": {leaf: []pkitest.Mod{empty, pkitest.Extension(oidSAN, false, san)}},
		"no authorityKeyIdentifier":       {leaf: []pkitest.Mod{pkitest.AuthorityKeyID(nil)}},
		"CA without subjectKeyIdentifier": {inter: []pkitest.Mod{pkitest.SubjectKeyID(nil)}},
		"keyCertSign in a leaf":           {leaf: []pkitest.Mod{pkitest.Usage(x509.KeyUsageCertSign)}},
		"constraints in a leaf":           {leaf: []pkitest.Mod{pkitest.Extension(oidNC, true, constraints)}},
		"constraints not critical":        {inter: []pkitest.Mod{pkitest.Extension(oidNC, false, constraints)}},
		"policyConstraints not critical":  {inter: []pkitest.Mod{pkitest.Extension(oidPC, false, policy)}},
		"critical freshestCRL":            {leaf: []pkitest.Mod{pkitest.Extension(oidFresh, true, []byte{0x30, 0})}},
		"anchor's basicConstraints not critical": {root: []pkitest.Mod{pkitest.NoBasicConstraints(),
			pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 19}, false, []byte{0x30, 3, 1, 1, 0xff})}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := pkitest.NewRoot(t, "root", tc.root...)
			inter := root.IssueCA(t, "inter", tc.inter...)
			leaf := inter.Issue(t, "leaf", tc.leaf...)
			_, err := verifier(anchors(root), certchain.WithProfile(certchain.RFC5280)).Verify(ctx, "AUTH", leaf.Certificate, bring(inter))
			require.ErrorIs(t, err, certchain.NonConforming, explain(err))
			_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate, bring(inter))
			require.NoError(t, err, explain(err))
		})
	}
	root := pkitest.NewRoot(t, "root", pkitest.RawSerial([]byte{0}))
	_, err := verifier(anchors(root), certchain.WithProfile(certchain.RFC5280)).Verify(ctx, "AUTH", root.Issue(t, "leaf").Certificate)
	require.NoError(t, err, "an anchor's serial number identifies nothing")
}
