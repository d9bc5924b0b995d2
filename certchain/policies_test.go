package certchain_test

import (
	"crypto/x509"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// NIST's suite covers the algorithm (TestPKITS); here is what it leaves out.

var (
	policyA   = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 2, 1}
	policyB   = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 2, 2}
	policyAny = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
)

func oid(t *testing.T, id asn1.ObjectIdentifier) x509.OID {
	t.Helper()
	o, err := x509.ParseOID(id.String())
	require.NoError(t, err)
	return o
}

func policies(ids ...asn1.ObjectIdentifier) pkitest.Mod {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, id := range ids {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
		}
	})
	return pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 32}, false, b.BytesOrPanic())
}

func mappings(pairs ...[2]asn1.ObjectIdentifier) pkitest.Mod {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range pairs {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(p[0])
				b.AddASN1ObjectIdentifier(p[1])
			})
		}
	})
	return pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 33}, true, b.BytesOrPanic())
}

func TestPoliciesOfTheChain(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "inter", policies(policyA, policyB))
	leaf := inter.Issue(t, "leaf", policies(policyA)).Certificate
	v := verifier(anchors(root), bring(inter))

	chain, err := v.Verify(ctx, "AUTH", leaf)
	require.NoError(t, err)
	require.Equal(t, []x509.OID{oid(t, policyA)}, chain.Policies)

	_, err = v.Verify(ctx, "AUTH", leaf, certchain.RequireExplicitPolicy(), certchain.Policies(oid(t, policyB)))
	f := first(t, err, certchain.PolicyRejected, leaf, 0)
	require.Contains(t, f.Detail, policyA.String())
	require.Contains(t, f.Detail, policyB.String())

	chain, err = v.Verify(ctx, "AUTH", leaf, certchain.Policies(oid(t, policyB)))
	require.NoError(t, err, "nobody requires a policy")
	require.Empty(t, chain.Policies)

	// The certificate that has none is the culprit, not the one below it.
	bare := root.IssueCA(t, "bare")
	_, err = v.Verify(ctx, "AUTH", bare.Issue(t, "leaf", policies(policyA)).Certificate, bring(bare), certchain.RequireExplicitPolicy())
	first(t, err, certchain.PolicyRejected, bare.Certificate, 1)

	anyone := root.IssueCA(t, "any", policies(policyAny))
	chain, err = v.Verify(ctx, "AUTH", anyone.Issue(t, "leaf", policies(policyAny)).Certificate, bring(anyone), certchain.Policies(oid(t, policyB)))
	require.NoError(t, err)
	require.Equal(t, []x509.OID{oid(t, policyB)}, chain.Policies)
	_, err = v.Verify(ctx, "AUTH", anyone.Issue(t, "leaf", policies(policyA)).Certificate, bring(anyone),
		certchain.RequireExplicitPolicy(), certchain.InhibitAnyPolicy())
	first(t, err, certchain.PolicyRejected, anyone.Certificate, 1)

	mapper := root.IssueCA(t, "mapper", policies(policyA), mappings([2]asn1.ObjectIdentifier{policyA, policyB}))
	mapped := mapper.Issue(t, "leaf", policies(policyB)).Certificate
	_, err = v.Verify(ctx, "AUTH", mapped, bring(mapper), certchain.RequireExplicitPolicy())
	require.NoError(t, err, explain(err))
	_, err = v.Verify(ctx, "AUTH", mapped, bring(mapper), certchain.RequireExplicitPolicy(), certchain.InhibitPolicyMapping())
	first(t, err, certchain.PolicyRejected, mapper.Certificate, 1)
	fromAny := root.IssueCA(t, "from any", policies(policyA), mappings([2]asn1.ObjectIdentifier{policyAny, policyB}))
	_, err = v.Verify(ctx, "AUTH", fromAny.Issue(t, "leaf").Certificate, bring(fromAny))
	first(t, err, certchain.PolicyRejected, fromAny.Certificate, 1)
}

// A leaf may itself require a policy (§6.1.5 (b)), and a mapping works on what
// only anyPolicy stands for (§6.1.4 (b)(1)).
func TestPoliciesAtTheEnds(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	demanding := root.Issue(t, "leaf", pkitest.Extension(oidPC, true, []byte{0x30, 3, 0x80, 1, 0})).Certificate
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", demanding)
	first(t, err, certchain.PolicyRejected, demanding, 0)

	mapper := root.IssueCA(t, "mapper", policies(policyAny), mappings([2]asn1.ObjectIdentifier{policyA, policyB}))
	leaf := mapper.Issue(t, "leaf", policies(policyB)).Certificate
	chain, err := verifier(anchors(root), bring(mapper)).Verify(ctx, "AUTH", leaf, certchain.RequireExplicitPolicy(), certchain.Policies(oid(t, policyA)))
	require.NoError(t, err, explain(err))
	require.Equal(t, []x509.OID{oid(t, policyA)}, chain.Policies)
}

// What the anchor's own certificate says of policies is part of the input
// (RFC 5937 §3), unless a host opens that by name.
func TestAnchorPolicies(t *testing.T) {
	t.Parallel()
	requireExplicit := pkitest.Extension(oidPC, true, []byte{0x30, 3, 0x80, 1, 0})
	root := pkitest.NewRoot(t, "root", policies(policyA), requireExplicit)
	good, bad := root.Issue(t, "leaf", policies(policyA)).Certificate, root.Issue(t, "leaf", policies(policyB)).Certificate
	v := verifier(anchors(root))
	chain, err := v.Verify(ctx, "AUTH", good)
	require.NoError(t, err, explain(err))
	require.Equal(t, []x509.OID{oid(t, policyA)}, chain.Policies)
	_, err = v.Verify(ctx, "AUTH", bad)
	first(t, err, certchain.PolicyRejected, bad, 0)
	_, err = v.Verify(ctx, "AUTH", good, certchain.Policies(oid(t, policyB)))
	require.ErrorIs(t, err, certchain.PolicyRejected)
	_, err = v.Verify(ctx, "AUTH", root.Issue(t, "leaf").Certificate)
	require.ErrorIs(t, err, certchain.PolicyRejected)
	_, err = verifier(anchors(root), certchain.WithProfile(certchain.Partner.DangerouslyIgnoreAnchorConstraints())).Verify(ctx, "AUTH", bad)
	require.NoError(t, err)
	open := pkitest.NewRoot(t, "open", policies(policyAny), requireExplicit)
	openLeaf := open.Issue(t, "leaf", policies(policyB)).Certificate
	_, err = verifier(anchors(open)).Verify(ctx, "AUTH", openLeaf)
	require.NoError(t, err)
	_, err = verifier(anchors(open)).Verify(ctx, "AUTH", openLeaf, certchain.Policies(oid(t, policyB)))
	require.NoError(t, err, "an anchor for any policy narrows nothing: %s", explain(err))
}

// RFC 9618: mappings from every policy to every policy, floor by floor, make
// exponentially many paths through a tree and few nodes in a graph.
func TestPolicyGraphDoesNotExplode(t *testing.T) {
	t.Parallel()
	const wide, deep = 16, 8
	var ids []asn1.ObjectIdentifier
	var all [][2]asn1.ObjectIdentifier
	for i := range wide {
		ids = append(ids, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 3, i + 1})
	}
	for _, from := range ids {
		for _, to := range ids {
			all = append(all, [2]asn1.ObjectIdentifier{from, to})
		}
	}
	root := pkitest.NewRoot(t, "root")
	issuer := root
	var along []*pkitest.Cert
	for range deep {
		issuer = issuer.IssueCA(t, "floor", policies(ids...), mappings(all...), pkitest.Subject(pkitest.Name(pkitest.O("floor"), pkitest.CN(string(rune('a'+len(along)))))))
		along = append(along, issuer)
	}
	v := verifier(anchors(root), bring(along...))
	_, err := v.Verify(ctx, "AUTH", issuer.Issue(t, "leaf", policies(ids[0])).Certificate, certchain.RequireExplicitPolicy())
	require.NoError(t, err, explain(err))
	_, err = v.Verify(ctx, "AUTH", issuer.Issue(t, "leaf", policies(policyB)).Certificate, certchain.RequireExplicitPolicy())
	require.ErrorIs(t, err, certchain.PolicyRejected)

	tooMany := make([]asn1.ObjectIdentifier, 257)
	for i := range tooMany {
		tooMany[i] = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 4, i + 1}
	}
	crowded := root.IssueCA(t, "crowded", policies(tooMany...))
	_, err = v.Verify(ctx, "AUTH", crowded.Issue(t, "leaf").Certificate, bring(crowded))
	first(t, err, certchain.PolicyRejected, crowded.Certificate, 1)
	full := root.IssueCA(t, "full", policies(tooMany[:256]...))
	_, err = v.Verify(ctx, "AUTH", full.Issue(t, "leaf").Certificate, bring(full))
	require.NoError(t, err)
}
