package revocation_test

import (
	"context"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// Lists that a CA splits up by reason answer together: RFC 5280 §6.3.3 (d).
func TestPartitionsByReason(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	part := func(number int64, reasons ...int) crl {
		return crl{signer: root, number: number, this: now.Add(-time.Duration(number) * time.Hour), exts: []pkix.Extension{idp(flags(3, reasons...))}}
	}
	compromise, rest := part(1, 1, 2), part(2, 3, 4, 5, 6, 7, 8)
	q := question(chain(leaf, root))
	status(t, certchain.StatusUnknown, lists(t, compromise).Check(ctx, q))
	status(t, certchain.StatusUnknown, lists(t, rest, part(1, 3)).Check(ctx, q))
	a := status(t, certchain.StatusGood, lists(t, rest, compromise).Check(ctx, q))
	require.Equal(t, now.AddDate(0, 0, 7).Add(-2*time.Hour), a.NextUpdate, "the first to run out")
	// A list that adds no reason is not looked at: §6.3.3 (e).
	none := part(0)
	none.entries = revoked(leaf)
	status(t, certchain.StatusGood, lists(t, none, compromise, rest).Check(ctx, q))
	repeated := part(3, 2)
	repeated.entries = revoked(leaf)
	status(t, certchain.StatusGood, lists(t, repeated, compromise, rest).Check(ctx, q))
	rest.entries = revoked(leaf)
	status(t, certchain.StatusRevoked, lists(t, compromise, rest).Check(ctx, q))
}

// Points that are for some reasons only.
func TestPointsByReason(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	one, two := fullName(uri("http://x.test/1")), fullName(uri("http://x.test/2"))
	leaf := root.Issue(t, "leaf", points(seq(one, flags(1, 1, 2)), seq(two, flags(1, 3, 4, 5, 6, 7, 8))))
	q := question(chain(leaf, root))
	first, second := crl{signer: root, exts: []pkix.Extension{idp(one)}}, crl{signer: root, exts: []pkix.Extension{idp(two)}}
	status(t, certchain.StatusUnknown, lists(t, first).Check(ctx, q))
	status(t, certchain.StatusGood, lists(t, first, second).Check(ctx, q))
}

func TestNamesOfPoints(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	a, b := uri("http://x.test/a"), uri("http://x.test/b")
	name := pkitest.Name(pkitest.O("Acme Bank"), pkitest.CN("root"), pkitest.CN("list"))
	shouted := pkitest.Name(pkitest.O("ACME  BANK"), pkitest.CN("Root"), pkitest.CN("List"))
	relative := explicit(0, explicit(1, seqOf(pkitest.Name(pkitest.CN("list")))))
	for label, tc := range map[string]struct {
		point, list []byte
		want        certchain.RevocationStatus
	}{
		"the same":               {seq(fullName(a)), fullName(a), certchain.StatusGood},
		"one of several":         {seq(fullName(b, a)), fullName(uri("x"), a), certchain.StatusGood},
		"none":                   {seq(fullName(b)), fullName(a), certchain.StatusUnknown},
		"directory names":        {seq(fullName(directory(name))), fullName(directory(shouted)), certchain.StatusGood},
		"relative to the issuer": {seq(relative), relative, certchain.StatusGood},
		"relative and full":      {seq(fullName(directory(name))), relative, certchain.StatusGood},
		"cRLIssuer is not ours":  {seq(explicit(2, directory(name))), fullName(directory(name)), certchain.StatusUnknown},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			leaf := root.Issue(t, "leaf", points(tc.point))
			c := lists(t, crl{signer: root, exts: []pkix.Extension{idp(tc.list)}})
			status(t, tc.want, c.Check(ctx, question(chain(leaf, root))))
		})
	}
}

// seqOf unwraps a name of one RDN to what nameRelativeToCRLIssuer holds.
func seqOf(name []byte) []byte { return name[4:] }

func TestMalformedPoints(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	c := lists(t, crl{signer: root})
	url := uri("http://x.test/")
	var many [][]byte
	for range revocation.MaxPoints {
		many = append(many, seq(fullName(url)))
	}
	names := make([][]byte, revocation.MaxPoints)
	for i := range names {
		names[i] = url
	}
	for label, tc := range map[string]struct {
		value []byte
		want  certchain.RevocationStatus
	}{
		"at the limit":        {seq(many...), certchain.StatusGood},
		"one past":            {seq(append(many, many[0])...), certchain.StatusUnknown},
		"names at the limit":  {seq(seq(fullName(names...))), certchain.StatusGood},
		"one name past":       {seq(seq(fullName(append(names, url)...))), certchain.StatusUnknown},
		"reasons":             {seq(seq(fullName(url), contextual(1))), certchain.StatusUnknown},
		"issuer":              {seq(seq(explicit(2))), certchain.StatusUnknown},
		"name of two choices": {seq(seq(explicit(0, explicit(0, url), explicit(0, url)))), certchain.StatusUnknown},
		"empty relative name": {seq(seq(explicit(0, explicit(1)))), certchain.StatusUnknown},
		"broken relative":     {seq(seq(explicit(0, explicit(1, integer(1))))), certchain.StatusUnknown},
		"no point":            {seq(), certchain.StatusUnknown},
		"tail":                {append(seq(many[0]), 0), certchain.StatusUnknown},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			leaf := root.Issue(t, "leaf", pkitest.Extension(oidPoints, false, tc.value))
			status(t, tc.want, c.Check(ctx, question(chain(leaf, root))))
		})
	}
}

// A list of somebody else, in which an entry is of the issuer named last.
func TestIndirectLists(t *testing.T) {
	t.Parallel()
	root, lister := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "lister")
	other := pkitest.NewRoot(t, "other")
	fromHere := points(seq(explicit(2, directory(lister.Certificate.RawSubject))))
	first, carried, mine := big.NewInt(1), big.NewInt(2), big.NewInt(3)
	of := func(ca *pkitest.Cert, serial *big.Int) *pkitest.Cert {
		return ca.Issue(t, "leaf", fromHere, pkitest.RawSerial(serial.Bytes()))
	}
	list := crl{signer: lister, exts: []pkix.Extension{idp(contextual(4, isTrue))}, entries: []entry{
		{serial: mine}, // before any issuer is named: the list's own
		{serial: first, owner: root.Certificate.RawSubject}, {serial: carried},
		{serial: first, owner: other.Certificate.RawSubject},
	}}
	c := lists(t, list)
	ask := func(ca *pkitest.Cert, serial *big.Int) certchain.RevocationAnswer {
		return c.Check(ctx, question(chain(of(ca, serial), ca), lister))
	}
	status(t, certchain.StatusRevoked, ask(root, first))
	status(t, certchain.StatusRevoked, ask(root, carried))
	status(t, certchain.StatusRevoked, ask(other, first))
	status(t, certchain.StatusGood, ask(other, carried))
	status(t, certchain.StatusGood, ask(root, mine))
	status(t, certchain.StatusRevoked, ask(lister, mine))

	// A list of one point, where the certificate's has no name but the issuer's.
	named := crl{signer: lister, exts: []pkix.Extension{idp(fullName(directory(lister.Certificate.RawSubject)), contextual(4, isTrue))}}
	status(t, certchain.StatusGood, lists(t, named).Check(ctx, question(chain(of(root, first), root), lister)))
	named.exts = []pkix.Extension{idp(fullName(directory(other.Certificate.RawSubject)), contextual(4, isTrue))}
	status(t, certchain.StatusUnknown, lists(t, named).Check(ctx, question(chain(of(root, first), root), lister)))

	// Without cRLIssuer in the certificate the list is nobody's business.
	plain := root.Issue(t, "plain")
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(plain, root), lister)))
	// And a list that does not say that it is indirect does not stand in.
	list.exts, list.entries = nil, nil
	status(t, certchain.StatusUnknown, lists(t, list).Check(ctx, question(chain(of(root, first), root), lister)))
	// Nor does a cRLIssuer that is no directory name.
	odd := root.Issue(t, "odd", points(seq(explicit(2, uri("x")))))
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(odd, root), lister)))
}

func TestDeltaLists(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	namesake := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	fresh := now.Add(-time.Hour)
	onHold := []entry{{serial: leaf.Certificate.SerialNumber, code: hold}}
	takenOff := []entry{{serial: leaf.Certificate.SerialNumber, code: removed}}
	base := crl{signer: root, number: 10}
	held := crl{signer: root, number: 10, entries: onHold}
	delta := func(number, of int64, entries []entry, more ...pkix.Extension) crl {
		return crl{signer: root, number: number, this: fresh, next: now.Add(time.Hour), entries: entries, exts: append(more, deltaOf(of))}
	}
	foreign := delta(11, 10, revoked(leaf))
	foreign.signer = namesake
	stale := delta(11, 10, revoked(leaf))
	stale.next = now.Add(-time.Minute)
	for label, tc := range map[string]struct {
		lists []crl
		want  certchain.RevocationStatus
	}{
		"revokes":                        {[]crl{base, delta(11, 10, revoked(leaf))}, certchain.StatusRevoked},
		"says nothing new":               {[]crl{base, delta(11, 10, nil)}, certchain.StatusGood},
		"keeps what the base says":       {[]crl{held, delta(11, 10, nil)}, certchain.StatusRevoked},
		"takes off":                      {[]crl{held, delta(11, 10, takenOff)}, certchain.StatusGood},
		"the newest of two":              {[]crl{base, delta(12, 10, takenOff), delta(11, 10, onHold)}, certchain.StatusGood},
		"the newest of two, other order": {[]crl{base, delta(11, 10, onHold), delta(12, 10, takenOff)}, certchain.StatusGood},
		"of an older base":               {[]crl{base, delta(11, 9, revoked(leaf))}, certchain.StatusRevoked},
		"of a newer base":                {[]crl{base, delta(12, 11, revoked(leaf))}, certchain.StatusGood},
		"not newer than the base":        {[]crl{base, delta(10, 9, revoked(leaf))}, certchain.StatusGood},
		"of another scope":               {[]crl{base, delta(11, 10, revoked(leaf), idp(contextual(1, isTrue)))}, certchain.StatusGood},
		"of another signer":              {[]crl{base, foreign}, certchain.StatusGood},
		"of another key id":              {[]crl{base, delta(11, 10, revoked(leaf), extension(oidAuthKey, false, seq(contextual(0, []byte("id")))))}, certchain.StatusGood},
		"stale":                          {[]crl{base, stale}, certchain.StatusGood},
		"not understood":                 {[]crl{base, delta(11, 10, revoked(leaf), extension(oidStrange, true, nil))}, certchain.StatusGood},
		"revokes and takes off":          {[]crl{base, delta(11, 10, append(takenOff, onHold...))}, certchain.StatusRevoked},
		"takes off and revokes":          {[]crl{base, delta(11, 10, append(onHold, takenOff...))}, certchain.StatusRevoked},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			status(t, tc.want, lists(t, tc.lists...).Check(ctx, question(chain(leaf, root), namesake)))
		})
	}
	a := lists(t, base, delta(11, 10, nil)).Check(ctx, question(chain(leaf, root)))
	require.Equal(t, now.Add(time.Hour), a.NextUpdate, "a delta list that runs out first")
	long := delta(11, 10, nil)
	long.next = now.AddDate(1, 0, 0)
	a = lists(t, base, long).Check(ctx, question(chain(leaf, root)))
	require.Equal(t, now.AddDate(0, 0, 6), a.NextUpdate, "a base list that runs out first")

	many := []crl{base}
	for range revocation.MaxSigners {
		many = append(many, foreign)
	}
	genuine := delta(11, 10, revoked(leaf))
	status(t, certchain.StatusGood, lists(t, append(slices.Clip(many), genuine)...).Check(ctx, question(chain(leaf, root))))
	status(t, certchain.StatusRevoked, lists(t, append(slices.Clone(many[:len(many)-1]), genuine)...).Check(ctx, question(chain(leaf, root))))
}

func TestCancelledQuestion(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	a := status(t, certchain.StatusUnknown, lists(t, crl{signer: root}).Check(ended, question(chain(leaf, root))))
	require.Contains(t, a.Detail, context.Canceled.Error())
}
