// Package trust holds the CA certificates that a service trusts, per partner
// domain, and hands them out as immutable snapshots.
//
// A [Domain] is a purpose: a CA that may vouch for devices ([Device]) may not
// vouch for relying parties ([Auth]). Whoever verifies asks a [Source], which
// has one method:
//
//	snapshot, err := source.Snapshot(ctx, trust.Device)
//
// A [Store] is a Source that operators change. [NewMemory] is one; [Static]
// makes a Source of certificates that a host has at hand:
//
//	source := trust.Static(roots, intermediates)
//
// What may enter a store is judged by package [github.com/mosip/partnertrust/trust/admit];
// what chains to it, by package [github.com/mosip/partnertrust/certchain].
//
// # Certificates
//
// [ParseCertificate] and [ParseCertificates] read what partners upload, also
// what the standard library refuses although the platform itself issues it
// (negative serial numbers). Everything that is read has a limit, and every
// refusal names the entry and the byte where it stands.
//
// # A store of your own
//
// Implement [Store]: keep a [Snapshot] per domain, derive the next one with
// [Snapshot.With] and [Snapshot.Without], and give it out with one atomic load.
// The comment on [Store] is the contract.
package trust
