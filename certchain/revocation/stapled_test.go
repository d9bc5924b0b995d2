package revocation_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

func staple(tb testing.TB, answers ...answer) certchain.Revocation {
	tb.Helper()
	var ders [][]byte
	for _, a := range answers {
		ders = append(ders, a.der(tb))
	}
	c, err := revocation.OCSPResponses(ders...)
	require.NoError(tb, err)
	return c
}

func TestStapledResponses(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", pkitest.RawSerial([]byte{0x80, 1})) // a negative number
	other := root.Issue(t, "other")
	q := question(chain(leaf, root))
	for _, byName := range []bool{true, false} {
		for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			a := answer{signer: root, byName: byName, version: explicit(0, integer(0)), singles: []one{{cert: other, issuer: root}, {cert: leaf, issuer: root, hash: h}}}
			got := status(t, certchain.StatusGood, staple(t, a).Check(ctx, q))
			require.Equal(t, now.Add(-time.Hour), got.ThisUpdate)
			require.Equal(t, now.Add(23*time.Hour), got.NextUpdate)
		}
	}
	got := status(t, certchain.StatusRevoked, staple(t, answer{signer: root, singles: []one{{cert: leaf, issuer: root, status: revokedStatus(4)}}}).Check(ctx, q))
	require.Equal(t, revokedAt, got.RevokedAt)
	require.Equal(t, 4, got.Code)
	status(t, certchain.StatusRevoked, staple(t, answer{signer: root, singles: []one{{cert: leaf, issuer: root, status: explicit(1, when(revokedAt))}}}).Check(ctx, q))

	// The newest counts, in whichever response and order.
	older := one{cert: leaf, issuer: root, this: now.Add(-2 * time.Hour)}
	newer := one{cert: leaf, issuer: root, status: revokedStatus(1)}
	for _, order := range [][]one{{older, newer}, {newer, older}} {
		status(t, certchain.StatusRevoked, staple(t, answer{signer: root, singles: order}).Check(ctx, q))
		status(t, certchain.StatusRevoked, staple(t, answer{signer: root, singles: order[:1]}, answer{signer: root, singles: order[1:]}).Check(ctx, q))
	}
	_, err := verifier(staple(t, answer{signer: root, singles: []one{{cert: other, issuer: root}}}), root).Verify(ctx, trust.Auth, other.Certificate)
	require.NoError(t, err)
}

func TestResponseThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	root, namesake, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other")
	leaf := root.Issue(t, "leaf")
	fine := one{cert: leaf, issuer: root}
	with := func(change func(*one)) []one {
		s := fine
		change(&s)
		return []one{s}
	}
	for name, a := range map[string]answer{
		"another serial":       {signer: root, singles: []one{{cert: root.Issue(t, "x"), issuer: root}}},
		"another issuer name":  {signer: root, singles: []one{{cert: leaf, issuer: other, keyOf: root}}},
		"another issuer key":   {signer: root, singles: []one{{cert: leaf, issuer: root, keyOf: namesake}}},
		"another hash":         {signer: root, singles: with(func(s *one) { s.hash = crypto.SHA224 })},
		"unknown":              {signer: root, singles: with(func(s *one) { s.status = contextual(2) })},
		"stale":                {signer: root, singles: with(func(s *one) { s.next = now.Add(-time.Second) })},
		"future":               {signer: root, singles: with(func(s *one) { s.this = now.Add(revocation.ClockSkew + time.Second) })},
		"old, without an end":  {signer: root, singles: with(func(s *one) { s.forever, s.this = true, now.Add(-revocation.ClockSkew-time.Second) })},
		"critical extension":   {signer: root, singles: []one{fine}, exts: []pkix.Extension{extension(oidStrange, true, nil)}},
		"critical, of the one": {signer: root, singles: with(func(s *one) { s.exts = []pkix.Extension{extension(oidStrange, true, nil)} })},
		"SHA-1":                {signer: root, singles: []one{fine}, hash: crypto.SHA1},
		"signed by a namesake": {signer: namesake, byName: true, singles: []one{fine}},
		"signed by another":    {signer: other, singles: []one{fine}},
		"another's id":         {signer: root, id: explicit(1, other.Certificate.RawSubject), singles: []one{fine}},
		"about nothing":        {signer: root},
		"another algorithm":    {signer: root, singles: []one{fine}, claimed: seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}))},
		"unknown algorithm":    {signer: root, singles: []one{fine}, claimed: seq(oid(oidStrange))},
		"odd parameters":       {signer: root, singles: []one{fine}, claimed: seq(oid(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}), integer(1))},
		"PSS of SHA-1":         {signer: root, singles: []one{fine}, claimed: seq(oid(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}), seq())},
		"no algorithm":         {signer: root, singles: []one{fine}, claimed: seq(integer(1))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status(t, certchain.StatusUnknown, staple(t, a).Check(ctx, question(chain(leaf, root))))
		})
	}
	for name, s := range map[string][]one{
		"at the skew":        with(func(s *one) { s.this = now.Add(revocation.ClockSkew) }),
		"at the end":         with(func(s *one) { s.next = now }),
		"fresh, without end": with(func(s *one) { s.forever, s.this = true, now.Add(-revocation.ClockSkew) }),
		"odd extension":      with(func(s *one) { s.exts = []pkix.Extension{extension(oidStrange, false, nil)} }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status(t, certchain.StatusGood, staple(t, answer{signer: root, singles: s}).Check(ctx, question(chain(leaf, root))))
		})
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	status(t, certchain.StatusUnknown, staple(t, answer{signer: root, singles: []one{fine}}).Check(ended, question(chain(leaf, root))))
}

// Who may answer for an issuer: RFC 6960 §4.2.2.2.
func TestDelegatedResponders(t *testing.T) {
	t.Parallel()
	root, foreign := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "foreign")
	namesake := pkitest.NewRoot(t, "root")
	ca := root.IssueCA(t, "ca")
	leaf := ca.Issue(t, "leaf")
	from := func(issuer *pkitest.Cert, mods ...pkitest.Mod) *pkitest.Cert {
		return issuer.Issue(t, "responder", append([]pkitest.Mod{noCheck}, mods...)...)
	}
	good := from(ca, ocspSigning)
	noise := make([]*pkitest.Cert, revocation.MaxDelegates-1)
	for i := range noise {
		noise[i] = foreign
	}
	single := []one{{cert: leaf, issuer: ca}}
	for name, tc := range map[string]struct {
		a    answer
		want certchain.RevocationStatus
	}{
		"fine":                       {answer{signer: good, certs: chain(good)}, certchain.StatusGood},
		"by name":                    {answer{signer: good, certs: chain(good), byName: true}, certchain.StatusGood},
		"last of many":               {answer{signer: good, certs: append(noise, good)}, certchain.StatusGood},
		"not the first of its name":  {answer{signer: good, certs: chain(from(ca, ocspSigning), good), byName: true}, certchain.StatusGood},
		"another's id":               {answer{signer: good, certs: chain(good), id: explicit(1, foreign.Certificate.RawSubject)}, certchain.StatusUnknown},
		"not there":                  {answer{signer: good}, certchain.StatusUnknown},
		"without the purpose":        {signedBy(from(ca)), certchain.StatusUnknown},
		"any purpose":                {signedBy(from(ca, pkitest.Extension(oidEKU, false, seq(oid([]int{2, 5, 29, 37, 0}))))), certchain.StatusUnknown},
		"issued by the CA's CA":      {signedBy(from(root, ocspSigning)), certchain.StatusUnknown},
		"issued by another":          {signedBy(from(foreign, ocspSigning)), certchain.StatusUnknown},
		"issued by a namesake":       {signedBy(from(pkitest.NewRoot(t, "ca"), ocspSigning)), certchain.StatusUnknown},
		"expired":                    {signedBy(from(ca, ocspSigning, pkitest.Validity(now.AddDate(-1, 0, 0), now.Add(-time.Second)))), certchain.StatusUnknown},
		"not valid yet":              {signedBy(from(ca, ocspSigning, pkitest.Validity(now.Add(time.Second), now.AddDate(1, 0, 0)))), certchain.StatusUnknown},
		"key usage":                  {signedBy(from(ca, ocspSigning, pkitest.Usage(x509.KeyUsageKeyEncipherment))), certchain.StatusUnknown},
		"without key usage":          {signedBy(from(ca, ocspSigning, pkitest.Usage(0))), certchain.StatusGood},
		"contentCommitment":          {signedBy(from(ca, ocspSigning, pkitest.Usage(x509.KeyUsageContentCommitment))), certchain.StatusGood},
		"SHA-1":                      {signedBy(from(ca, ocspSigning, pkitest.Hash(crypto.SHA1))), certchain.StatusUnknown},
		"tampered":                   {signedBy(from(ca, ocspSigning, pkitest.Tampered())), certchain.StatusUnknown},
		"critical extension":         {signedBy(from(ca, ocspSigning, pkitest.Extension(oidStrange, true, nil))), certchain.StatusUnknown},
		"signature of somebody else": {answer{signer: leaf, certs: chain(good), id: explicit(1, good.Certificate.RawSubject)}, certchain.StatusUnknown},
		"the leaf itself":            {signedBy(leaf), certchain.StatusUnknown},
		"revocation unknown":         {signedBy(ca.Issue(t, "checked", ocspSigning)), certchain.StatusUnknown},
		"a namesake's":               {signedBy(namesake), certchain.StatusUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.a.singles = single
			rootSays := answer{signer: root, singles: []one{{cert: ca, issuer: root}}}
			got, err := verifier(staple(t, tc.a, rootSays), root, foreign).Verify(ctx, trust.Auth, leaf.Certificate, bring(ca), certchain.OnUnknownRevocation(certchain.BestEffort))
			if name == "revocation unknown" {
				// Under BestEffort the responder's own unknown status is accepted as well.
				require.NoError(t, err)
				status(t, certchain.StatusGood, got.Revocation[0])
			} else {
				require.NoError(t, err)
				status(t, tc.want, got.Revocation[0])
			}
			_, err = verifier(staple(t, tc.a, rootSays), root, foreign).Verify(ctx, trust.Auth, leaf.Certificate, bring(ca))
			if tc.want == certchain.StatusGood {
				require.NoError(t, err)
				return
			}
			reason(t, err, certchain.RevocationUnknown, 0)
		})
	}
	t.Run("with a status of its own", func(t *testing.T) {
		t.Parallel()
		checked := ca.Issue(t, "checked", ocspSigning)
		a, rootSays := signedBy(checked), answer{signer: root, singles: []one{{cert: ca, issuer: root}}}
		a.singles = single
		for _, tc := range []struct {
			own  answer
			fine bool
		}{
			{answer{signer: ca, singles: []one{{cert: checked, issuer: ca}}}, true},
			{answer{signer: ca, singles: []one{{cert: checked, issuer: ca, status: revokedStatus(1)}}}, false},
			// A responder that vouches for itself proves nothing.
			{answer{signer: checked, certs: chain(checked), singles: []one{{cert: checked, issuer: ca}}}, false},
		} {
			_, err := verifier(staple(t, a, rootSays, tc.own), root).Verify(ctx, trust.Auth, leaf.Certificate, bring(ca))
			if tc.fine {
				require.NoError(t, err)
			} else {
				reason(t, err, certchain.RevocationUnknown, 0)
			}
		}
	})
	t.Run("the responder's own certificate", func(t *testing.T) {
		t.Parallel()
		q := question(chain(good, ca, root))
		status(t, certchain.StatusGood, staple(t).Check(ctx, q))
		asCA := ca.IssueCA(t, "both", ocspSigning, noCheck)
		status(t, certchain.StatusUnknown, staple(t).Check(ctx, question(chain(asCA, ca, root))))
		partner := ca.Issue(t, "partner", noCheck)
		status(t, certchain.StatusUnknown, staple(t).Check(ctx, question(chain(partner, ca, root))))
	})
	t.Run("names that cannot be read", func(t *testing.T) {
		t.Parallel()
		a := signedBy(good)
		a.singles = single
		broken := *ca.Certificate
		broken.RawSubject = []byte{1}
		q := question(chain(leaf, ca))
		q.Path[1] = &broken
		status(t, certchain.StatusUnknown, staple(t, a).Check(ctx, q))
	})
}

func signedBy(c *pkitest.Cert) answer { return answer{signer: c, certs: chain(c)} }

func TestMalformedResponses(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	fine := one{cert: leaf, issuer: root}
	ok := answer{signer: root, singles: []one{fine}}.der(t)
	with := func(change func(*one)) []one {
		s := fine
		change(&s)
		return []one{s}
	}
	bad := map[string][]byte{
		"nothing": nil, "garbage": []byte("garbage"), "tail": append(append([]byte{}, ok...), 0),
		"no bytes":         answer{noBytes: true, signer: root}.der(t),
		"another kind":     answer{signer: root, kind: oidStrange}.der(t),
		"bytes":            seq(enum(0), explicit(0, integer(1))),
		"basic":            seq(enum(0), explicit(0, seq(oid(oidBasic), octets(integer(1))))),
		"basic, empty":     seq(enum(0), explicit(0, seq(oid(oidBasic), octets(seq())))),
		"basic, data":      seq(enum(0), explicit(0, seq(oid(oidBasic), octets(seq(seq(), seq(), bits(nil)))))),
		"data, version":    seq(enum(0), explicit(0, seq(oid(oidBasic), octets(seq(seq([]byte{0xa0, 9}), seq(), bits(nil)))))),
		"data, id alone":   seq(enum(0), explicit(0, seq(oid(oidBasic), octets(seq(seq(explicit(2, octets([]byte{1}))), seq(), bits(nil)))))),
		"version":          answer{signer: root, version: explicit(0, integer(1))}.der(t),
		"responder id":     answer{signer: root, id: explicit(3)}.der(t),
		"responder name":   answer{signer: root, id: explicit(1, integer(1))}.der(t),
		"responder key":    answer{signer: root, id: explicit(2, integer(1))}.der(t),
		"empty key":        answer{signer: root, id: explicit(2, octets(nil))}.der(t),
		"data tail":        answer{signer: root, tail: integer(1)}.der(t),
		"extensions":       answer{signer: root, tail: explicit(1, integer(1))}.der(t),
		"extension":        answer{signer: root, tail: explicit(1, seq(integer(1)))}.der(t),
		"single tail":      answer{signer: root, singles: with(func(s *one) { s.tail = integer(1) })}.der(t),
		"status, tag":      answer{signer: root, singles: with(func(s *one) { s.status = contextual(3) })}.der(t),
		"status, content":  answer{signer: root, singles: with(func(s *one) { s.status = contextual(0, []byte{1}) })}.der(t),
		"status, revoked":  answer{signer: root, singles: with(func(s *one) { s.status = explicit(1, integer(1)) })}.der(t),
		"status, reason":   answer{signer: root, singles: with(func(s *one) { s.status = explicit(1, when(now), explicit(0, integer(1))) })}.der(t),
		"status, no time":  answer{signer: root, singles: with(func(s *one) { s.status = nil; s.forever = true; s.tail = explicit(0, integer(1)) })}.der(t),
		"single exts":      answer{signer: root, singles: with(func(s *one) { s.tail = explicit(1, integer(1)) })}.der(t),
		"certificate list": answer{signer: root, rawCerts: integer(1)}.der(t),
		"certificates":     answer{signer: root, rawCerts: seq(integer(1))}.der(t),
	}
	for status := range int64(9) {
		if status > 0 {
			bad["status "+string(rune('0'+status))] = answer{status: status}.der(t)
		}
	}
	for name, der := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := revocation.OCSPResponses(ok, der)
			require.ErrorIs(t, err, revocation.ErrResponse)
			require.Nil(t, c)
		})
	}
	// A certificate that cannot be read is not a reason to refuse the rest.
	c, err := revocation.OCSPResponses(answer{signer: root, singles: []one{fine}, rawCerts: seq(seq())}.der(t))
	require.NoError(t, err)
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
}

func TestResponseLimits(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	q := question(chain(leaf, root))
	fine := one{cert: leaf, issuer: root}
	der := answer{signer: root, singles: []one{fine}}.der(t)
	many := make([][]byte, revocation.MaxResponses)
	for i := range many {
		many[i] = der
	}
	_, err := revocation.OCSPResponses(many...)
	require.NoError(t, err)
	_, err = revocation.OCSPResponses(append(many, der)...)
	require.ErrorIs(t, err, revocation.ErrResponse)

	singles := make([]one, revocation.MaxSingles)
	for i := range singles {
		singles[i] = fine
	}
	status(t, certchain.StatusGood, staple(t, answer{signer: root, singles: singles}).Check(ctx, q))
	_, err = revocation.OCSPResponses(answer{signer: root, singles: append(singles, fine)}.der(t))
	require.ErrorIs(t, err, revocation.ErrResponse)

	certs := make([]*pkitest.Cert, revocation.MaxDelegates)
	for i := range certs {
		certs[i] = root
	}
	status(t, certchain.StatusGood, staple(t, answer{signer: root, singles: []one{fine}, certs: certs}).Check(ctx, q))
	_, err = revocation.OCSPResponses(answer{signer: root, singles: []one{fine}, certs: append(certs, root)}.der(t))
	require.ErrorIs(t, err, revocation.ErrResponse)

	padded := func(size int) []byte {
		pad := 0
		for {
			der := answer{signer: root, singles: []one{fine}, exts: []pkix.Extension{extension(oidStrange, false, make([]byte, pad))}}.der(t)
			if len(der) == size {
				return der
			}
			pad = max(0, pad+size-len(der))
		}
	}
	_, err = revocation.OCSPResponses(padded(revocation.MaxResponseBytes))
	require.NoError(t, err)
	_, err = revocation.OCSPResponses(padded(revocation.MaxResponseBytes + 1))
	require.ErrorIs(t, err, revocation.ErrResponse)

	// Of many about one certificate only so many are judged.
	namesake := pkitest.NewRoot(t, "root")
	wrong := make([]answer, revocation.MaxStapled-1)
	for i := range wrong {
		wrong[i] = answer{signer: namesake, singles: []one{fine}}
	}
	genuine := answer{signer: root, singles: []one{fine}}
	status(t, certchain.StatusGood, staple(t, append(wrong, genuine)...).Check(ctx, q))
	status(t, certchain.StatusUnknown, staple(t, append(wrong, wrong[0], genuine)...).Check(ctx, q))
}
