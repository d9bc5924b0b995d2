package certchain_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// The fuzzing engine draws a small PKI, byte by byte; crypto/x509 and this
// package judge its leaf. Whoever disagrees must have one of the reasons below.

var p256 = elliptic.P256()

var fuzzKeys = sync.OnceValue(func() (keys []crypto.Signer) {
	for range 5 {
		keys = append(keys, pkitest.EC(p256))
	}
	return keys
})

// plan reads decisions from the engine's bytes; when they run out all are 0.
type plan []byte

func (p *plan) next(n int) int {
	if len(*p) == 0 {
		return 0
	}
	b := (*p)[0]
	*p = (*p)[1:]
	return int(b) % n
}

type drawn struct {
	anchors, along []*pkitest.Cert
	leaf           *pkitest.Cert
}

func draw(t *testing.T, p plan) drawn {
	t.Helper()
	var d drawn
	var cas []*pkitest.Cert
	size := 2 + p.next(6)
	for i := range size {
		cn, key := fmt.Sprint("ca", p.next(4)), fuzzKeys()[p.next(5)]
		mods := append(oddities(&p), pkitest.Key(key))
		var c *pkitest.Cert
		if issuer := p.next(i + 1); i == 0 || issuer == i {
			c = pkitest.NewRoot(t, cn, mods...)
		} else {
			c = cas[issuer].IssueCA(t, cn, mods...)
		}
		cas = append(cas, c)
		if p.next(3) == 0 || i == 0 {
			d.anchors = append(d.anchors, c)
		} else {
			d.along = append(d.along, c)
		}
	}
	// A second certificate for a name and key that exist: cross-signs.
	for range p.next(4) {
		like, issuer := cas[p.next(size)], cas[p.next(size)]
		mods := append(oddities(&p), pkitest.Key(like.Key), pkitest.Subject(like.Certificate.RawSubject))
		d.along = append(d.along, issuer.IssueCA(t, "", mods...))
	}
	host := []string{"a.test", "b.test", "x.a.test"}[p.next(3)]
	leafMods := []pkitest.Mod{san(gn{2, host})}
	switch p.next(6) {
	case 1:
		leafMods = append(leafMods, pkitest.Tampered())
	case 2:
		leafMods = append(leafMods, pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	case 3:
		leafMods = append(leafMods, policies(policyA))
	}
	d.leaf = cas[p.next(size)].Issue(t, "leaf", leafMods...)
	return d
}

func oddities(p *plan) (mods []pkitest.Mod) {
	switch p.next(16) {
	case 1:
		mods = append(mods, pkitest.CA(0))
	case 2:
		mods = append(mods, pkitest.CA(1))
	case 3:
		mods = append(mods, pkitest.NotCA())
	case 4:
		mods = append(mods, pkitest.Usage(x509.KeyUsageDigitalSignature))
	case 5:
		mods = append(mods, pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	case 6:
		mods = append(mods, pkitest.Validity(pkitest.Now.AddDate(1, 0, 0), pkitest.Now.AddDate(2, 0, 0)))
	case 7:
		mods = append(mods, subtrees([]gn{{2, "a.test"}}, nil))
	case 8:
		mods = append(mods, subtrees(nil, []gn{{2, "a.test"}}))
	case 9:
		mods = append(mods, pkitest.Extension(oidUnknown, true, []byte{5, 0}))
	case 10:
		mods = append(mods, pkitest.Extension(oidPC, true, []byte{0x30, 3, 0x80, 1, byte(p.next(3))}))
	case 11:
		mods = append(mods, policies(policyA, policyB))
	case 12:
		mods = append(mods, pkitest.Tampered())
	case 13:
		mods = append(mods, pkitest.NoBasicConstraints())
	}
	switch p.next(6) {
	case 1:
		mods = append(mods, pkitest.SubjectKeyID(nil))
	case 2:
		mods = append(mods, pkitest.AuthorityKeyID(nil))
	case 3:
		mods = append(mods, pkitest.AuthorityKeyID([]byte("misleading")))
	}
	return mods
}

func (d drawn) standard() ([][]*x509.Certificate, error) {
	roots, inters := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range d.anchors {
		roots.AddCert(c.Certificate)
	}
	for _, c := range d.along {
		inters.AddCert(c.Certificate)
	}
	return d.leaf.Certificate.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: inters, CurrentTime: pkitest.Now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
}

func FuzzAgainstStandardLibrary(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 0, 0, 2, 1, 0, 0, 0, 0, 2})
	f.Add([]byte{5, 1, 1, 1, 0, 1, 0, 1, 1, 2, 2, 0, 0, 1, 1, 3, 3, 7, 0, 2, 1, 2, 1, 2, 0, 0, 3, 2, 1, 2})
	f.Add([]byte("a plan that was not thought out, but long enough for a few certificates and cross-signs"))
	for i := range byte(24) {
		f.Add(slices.Repeat([]byte{i, i + 1, 1, i / 2, 0, 2}, 12))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := draw(t, data)
		v := verifier(d.anchors)
		chain, err := v.Verify(ctx, "AUTH", d.leaf.Certificate, bring(d.along...))
		standard, stdErr := d.standard()

		slices.Reverse(d.along)
		_, again := v.Verify(ctx, "AUTH", d.leaf.Certificate, bring(d.along...))
		require.Equal(t, explain(err), explain(again), "the order of what comes along must not show")

		switch {
		case err == nil:
			checkChain(t, chain)
			if stdErr != nil && !selfIssuedInside(chain.Certificates) {
				t.Fatalf("accepted, but crypto/x509 says %v\n%s", stdErr, chain.Explain())
			}
		case errors.Is(err, certchain.BudgetExceeded):
		case stdErr == nil:
			for _, c := range standard {
				if !stricter(c) {
					t.Fatalf("crypto/x509 accepts a chain of %d\n%s", len(c), explain(err))
				}
			}
		}
	})
}

// Explained: crypto/x509 counts self-issued certificates against path lengths
// and applies name constraints to them; RFC 5280 §6.1.4 (l) and §6.1.3 (b) do
// not.
func selfIssuedInside(chain []*x509.Certificate) bool {
	return slices.ContainsFunc(chain[1:len(chain)-1], func(c *x509.Certificate) bool {
		return string(c.RawIssuer) == string(c.RawSubject)
	})
}

// Explained: what the anchor's own certificate says of policies counts here
// (RFC 5937 §3).
func stricter(chain []*x509.Certificate) bool {
	anchor := chain[len(chain)-1]
	return len(anchor.Policies) > 0 || anchor.RequireExplicitPolicy > 0 || anchor.RequireExplicitPolicyZero
}
