// Package revocation tells whether certificates were revoked: from lists that
// the host has, from lists that it fetches, and from OCSP responders (RFC 5280
// §6.3, RFC 6960). Everything in it answers [certchain.Revocation].
//
// # At hand
//
// Lists and stapled responses that the host already has; nothing is fetched,
// which is all that an air-gapped host needs:
//
//	checker, err := revocation.FromDir("/var/lib/lists")
//	checker, err := revocation.CRLs(der1, pem2)
//	checker, err := revocation.OCSPResponses(stapled)
//
//	v := certchain.New(source, certchain.WithRevocation(checker))
//
// # Fetched
//
// A [Fetcher] gets what certificates name. It is one for the whole process: it
// holds the cache, asks each URL once however many wait, and goes to public
// addresses alone.
//
//	fetcher, err := revocation.NewFetcher(client, revocation.CacheDir(dir))
//	lists := fetcher.CRLs()
//	ocsp, err := fetcher.OCSP()
//
// A CA of one's own, in a private network, is allowed by its range:
//
//	revocation.AllowPrivateAddresses(netip.MustParsePrefix("10.20.0.0/16"))
//
// # Together
//
// [First] asks until one knows; [Every] asks all, and one that says "revoked"
// decides:
//
//	checker, err := revocation.First(atHand, ocsp, lists)
//
// # What is not known
//
// Whatever is missing, stale, of the future, too large, not understood or signed
// by somebody who may not leaves the status unknown, with a detail that says
// what and where. What becomes of the certificate then is the host's choice:
// [certchain.Required], the default, refuses; [certchain.BestEffort] accepts
// and says so in [certchain.Chain]. Revoked is refused under both, and a
// certificate on hold is revoked.
//
// A list or response holds from its thisUpdate to its nextUpdate, both
// included, at the time of the verification. One without nextUpdate is not
// used, but for an OCSP response that is as fresh as [ClockSkew]. Signatures
// with SHA-1 and older prove nothing. Everything is bounded; the limits are
// constants of this package.
package revocation
