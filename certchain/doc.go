// Package certchain decides whether a certificate chains to what a partner
// domain trusts, and says why not.
//
//	v := certchain.New(store)
//	chain, err := v.Verify(ctx, trust.Device, cert, certchain.Organization("Acme Biometrics"))
//
// A [Verifier] asks a [trust.Source] for one snapshot of the domain, finds a
// path from the certificate to an anchor in it and judges the path by RFC 5280
// §6 and by a [Profile]. [Partner], the default, is what the platform documents
// of partner certificates; [RFC5280] is the standard alone.
//
// # Refusals
//
// A refusal is an [*Error]. Its findings name each reason, the certificate that
// carries the defect and its place on the path, the most telling first, and the
// same whatever the order in which certificates came:
//
//	errors.Is(err, certchain.Expired)
//	fmt.Print(refusal.Explain()) // a tree for a person
//
// When no path stands, a second search tells which one came closest. Every
// [Reason] knows its sentence, the section that asks for it, and the platform's
// code.
//
// # What is checked
//
// Signatures, validity, names (compared as RFC 5280 §7.1 says), basic
// constraints, path length, key usage, name constraints of every form,
// certificate policies, critical extensions, revocation ([WithRevocation]), and
// what the profile adds: keys, algorithms, version, remaining validity,
// extended key usage, the organisation.
//
// # Metrics
//
// An [Observer] is told of every verdict once, with its reason, its duration
// and whether it was remembered; it costs nothing where there is none.
//
// # Bounds
//
// Whatever a stranger sends, a verification ends: its work has a [Budget], and
// the reason [BudgetExceeded] says that it ran out.
//
// # Where things are
//
// verifier.go is the entry, search.go finds paths, rules.go judges the
// certificates on them, nameconstraints.go, policies.go and organization.go hold
// the larger rules, diagnose.go and explain.go say why not, reason.go lists every
// reason. memory.go is what a verifier remembers, observer.go who is told,
// trustpath.go the path of a CA of the store itself.
package certchain
