package certchain_test

import (
	"encoding/asn1"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// gn is a GeneralName: the context tag and its content.
type gn struct {
	tag     int
	content string
}

func (n gn) add(b *cryptobyte.Builder) {
	tag := cbasn1.Tag(n.tag).ContextSpecific()
	if n.tag == 0 || n.tag == 3 || n.tag == 4 || n.tag == 5 {
		tag = tag.Constructed()
	}
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(n.content)) })
}

func san(names ...gn) pkitest.Mod {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, n := range names {
			n.add(b)
		}
	})
	return pkitest.Extension(oidSAN, false, b.BytesOrPanic())
}

func subtrees(permitted, excluded []gn) pkitest.Mod {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i, list := range [][]gn{permitted, excluded} {
			if len(list) == 0 {
				continue
			}
			b.AddASN1(cbasn1.Tag(i).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				for _, n := range list {
					b.AddASN1(cbasn1.SEQUENCE, n.add)
				}
			})
		}
	})
	return pkitest.Extension(oidNC, true, b.BytesOrPanic())
}

// RFC 5280 §4.2.1.10, each form at its edges: the name of the leaf, one
// constraint, and what each kind of constraint must say of it.
func TestNameConstraintForms(t *testing.T) {
	t.Parallel()
	dns := func(s string) gn { return gn{2, s} }
	mail := func(s string) gn { return gn{1, s} }
	uri := func(s string) gn { return gn{6, s} }
	ip := func(b ...byte) gn { return gn{7, string(b)} }
	dir := func(name []byte) gn { return gn{4, string(name)} }
	other := gn{0, "\x06\x01\x2a\xa0\x02\x05\x00"}
	const in, out, refuse = "in", "out", "refuse" // refuse: neither kind accepts
	for _, tc := range []struct {
		name, constraint gn
		want             string
	}{
		{dns("host.example.com"), dns("example.com"), in},
		{dns("example.com"), dns("example.com"), in},
		{dns("EXAMPLE.com"), dns("example.COM"), in},
		{dns("badexample.com"), dns("example.com"), out},
		{dns("example.com"), dns("host.example.com"), out},
		{dns("any.where"), dns(""), in},
		{dns("*.example.com"), dns("example.com"), in},
		{dns("host.example.com"), dns(".example.com"), refuse},
		{dns("host.example.com"), dns("*.example.com"), refuse},
		{dns("-bad-.example.com"), dns("example.com"), refuse},
		{dns("a..example.com"), dns("example.com"), refuse},
		{mail("user@example.com"), mail("example.com"), in},
		{mail("user@host.example.com"), mail("example.com"), out},
		{mail("user@host.example.com"), mail(".example.com"), in},
		{mail("user@example.com"), mail(".example.com"), out},
		{mail("user@example.com"), mail("user@EXAMPLE.com"), in},
		{mail("User@example.com"), mail("user@example.com"), out},
		{mail("user@example.com"), mail(""), in},
		{mail("nobody"), mail("example.com"), refuse},
		{mail(`"joe"@example.com`), mail("joe@example.com"), refuse},
		{mail(`"j\oe"@example.com`), mail("joe@example.com"), refuse},
		{mail("joe@evil.com\x00@example.com"), mail("example.com"), refuse},
		{mail("joe@evil.com, x@example.com"), mail("example.com"), refuse},
		{mail("<joe@evil.com>x@example.com"), mail("example.com"), refuse},
		{gn{0, "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09\xa0\x0e\x0c\x0cjoe@evil.com"}, mail("example.com"), refuse},
		{uri("https://host.example.com/x"), uri("host.example.com"), in},
		{uri("https://sub.host.example.com/x"), uri("host.example.com"), out},
		{uri("https://sub.host.example.com:8080/x"), uri(".host.example.com"), in},
		{uri("https://any.where/"), uri(""), in},
		{uri("https://192.0.2.1/"), uri("example.com"), refuse},
		{uri("urn:isbn:1"), uri("example.com"), refuse},
		{ip(192, 0, 2, 7), ip(192, 0, 2, 0, 255, 255, 255, 0), in},
		{ip(192, 0, 3, 7), ip(192, 0, 2, 0, 255, 255, 255, 0), out},
		{ip(192, 0, 2, 7), ip(192, 0, 2, 4, 255, 255, 255, 252), in},
		{ip(192, 0, 2, 8), ip(192, 0, 2, 4, 255, 255, 255, 252), out},
		{ip(192, 0, 2, 7), ip(0, 0, 0, 0, 0, 0, 0, 0), in},
		{ip(192, 0, 2, 7), ip(append(make([]byte, 16), make([]byte, 16)...)...), out},
		{ip(append(append(make([]byte, 10), 0xff, 0xff), 10, 0, 0, 1)...), ip(10, 0, 0, 0, 255, 0, 0, 0), refuse}, // permits nothing of the other family, excludes what it reaches
		{dir(pkitest.Name(pkitest.O("Acme"), pkitest.CN("x"))), dir(pkitest.Name(pkitest.Printable("ACME"))), in},
		{dir(pkitest.Name(pkitest.O("Acme Bank"))), dir(pkitest.Name(pkitest.O("Acme"))), out},
		{dir(pkitest.Name(pkitest.CN("x"), pkitest.O("Acme"))), dir(pkitest.Name(pkitest.O("Acme"))), out},
		{other, other, refuse},
		{gn{8, "\x2a\x03"}, gn{8, "\x2a\x03"}, refuse},
	} {
		t.Run(fmt.Sprintf("%q under %q", tc.name.content, tc.constraint.content), func(t *testing.T) {
			t.Parallel()
			for kind, constraint := range map[string]pkitest.Mod{
				"permitted": subtrees([]gn{tc.constraint}, nil),
				"excluded":  subtrees(nil, []gn{tc.constraint}),
			} {
				root := pkitest.NewRoot(t, "root")
				inter := root.IssueCA(t, "inter", constraint)
				// The subject is empty, so that directory constraints meet the
				// alternative name alone.
				leaf := inter.Issue(t, "", pkitest.Subject(pkitest.Name()), san(tc.name))
				_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate, bring(inter))
				accepted := tc.want == in && kind == "permitted" || tc.want == out && kind == "excluded"
				if accepted {
					require.NoError(t, err, "%s: %s", kind, explain(err))
				} else {
					first(t, err, certchain.NameConstraint, leaf.Certificate, 0)
				}
			}
		})
	}
}

func TestNameConstraintsAlongThePath(t *testing.T) {
	t.Parallel()
	email := pkitest.UTF8(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, "user@evil.example")
	evil := pkitest.Name(pkitest.O("Evil"), pkitest.CN("leaf"))
	acmeOnly := subtrees([]gn{{4, string(pkitest.Name(pkitest.O("Acme Bank")))}}, nil)
	noEvilMail := subtrees(nil, []gn{{1, "evil.example"}})
	root := pkitest.NewRoot(t, "root", acmeOnly)
	inter := root.IssueCA(t, "inter")

	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", inter.Issue(t, "leaf").Certificate, bring(inter))
	require.NoError(t, err, explain(err))
	outside := inter.Issue(t, "", pkitest.Subject(evil))
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", outside.Certificate, bring(inter))
	first(t, err, certchain.NameConstraint, outside.Certificate, 0)
	_, err = verifier(anchors(root), certchain.WithProfile(certchain.Partner.DangerouslyIgnoreAnchorConstraints())).
		Verify(ctx, "AUTH", outside.Certificate, bring(inter))
	require.NoError(t, err)

	// An intermediate is subject to them too …
	stray := root.IssueCA(t, "", pkitest.Subject(pkitest.Name(pkitest.O("Evil"))))
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", stray.Issue(t, "leaf").Certificate, bring(stray))
	first(t, err, certchain.NameConstraint, stray.Certificate, 1)

	// … but not a self-issued one, unless it is the leaf (§6.1.3 (b)).
	noRoot := subtrees(nil, []gn{{4, string(pkitest.Name(pkitest.O("Acme Bank"), pkitest.CN("self")))}})
	self := pkitest.NewRoot(t, "self", noRoot)
	rolled := self.IssueCA(t, "self")
	_, err = verifier(anchors(self)).Verify(ctx, "AUTH", rolled.Issue(t, "leaf").Certificate, bring(rolled))
	require.NoError(t, err, explain(err))
	_, err = verifier(anchors(self)).Verify(ctx, "AUTH", rolled.Certificate)
	require.ErrorIs(t, err, certchain.NameConstraint)

	// Mailboxes in the subject count where no alternative name has one.
	mailRoot := pkitest.NewRoot(t, "mail", noEvilMail)
	inSubject := pkitest.Subject(pkitest.Name(pkitest.O("Acme"), email))
	_, err = verifier(anchors(mailRoot)).Verify(ctx, "AUTH", mailRoot.Issue(t, "", inSubject).Certificate)
	require.ErrorIs(t, err, certchain.NameConstraint)
	_, err = verifier(anchors(mailRoot)).Verify(ctx, "AUTH", mailRoot.Issue(t, "", inSubject, san(gn{1, "user@good.example"})).Certificate)
	require.NoError(t, err)

	// A wildcard may stand for the excluded name.
	wild := pkitest.NewRoot(t, "wild", subtrees(nil, []gn{{2, "secret.example.com"}}))
	_, err = verifier(anchors(wild)).Verify(ctx, "AUTH", wild.Issue(t, "leaf", san(gn{2, "*.example.com"})).Certificate)
	require.ErrorIs(t, err, certchain.NameConstraint)
	_, err = verifier(anchors(wild)).Verify(ctx, "AUTH", wild.Issue(t, "leaf", san(gn{2, "*.example.org"})).Certificate)
	require.NoError(t, err)
}
