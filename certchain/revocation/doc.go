// Package revocation finds out whether certificates were revoked. Its checkers
// are given to a verifier:
//
//	lists, err := revocation.CRLs(crl1, crl2)
//	v := certchain.New(source, certchain.WithRevocation(lists))
//
// [CRLs] works on lists that the host has at hand, which is all that an
// air-gapped service needs; [FromDir] takes a folder of them. Whatever a
// checker cannot tell is unknown, and an unknown status refuses unless the host
// chose [certchain.BestEffort].
//
// Validation of lists is RFC 5280 §6.3: complete and delta lists, lists
// partitioned by distribution point, kind of certificate or reason, indirect
// lists, lists signed by a key of their own.
package revocation
