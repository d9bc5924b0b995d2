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
// # Lists and partners
//
// A [Query] selects and orders CAs as the platform's trust list does, the same
// in every store. A [PartnerStore] keeps the certificates of partners beside
// the CAs; [Unequal] finds where two services hold different ones.
//
// # A store of your own
//
// Implement [Store]: keep [Snapshots], derive the next ones with
// [Snapshots.With] and [Snapshots.Without], and give them out with one atomic
// load. The comment on [Store] is the contract, and package
// [github.com/mosip/partnertrust/trust/storetest] holds you to it. A store that
// loads very many CAs, or follows what others change, uses [Prepare] and
// [Snapshot.Edit]; it may be a [Watcher] and [Monitored].
package trust
