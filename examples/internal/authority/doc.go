// Package authority is a step-ca certificate authority that lives inside the
// process: what a country's partner CA does behind its counter, done here for
// the examples and their tests.
//
//	ca, err := authority.New("Sierra Device CA")
//	defer ca.Close()
//	chain, err := ca.Issue(ctx, csr) // the certificate first, then its issuer
//
// The root and the intermediate come from step-ca's own software CA, the
// certificates from its authority: a request is accepted with a one-time token
// of a JWK provisioner, judged by that provisioner's rules (key strength,
// names, validity) and filled in from a certificate template that keeps the
// subject the partner asked for. No port is opened and no file is written.
//
// [CA.IssueUnchecked] signs without those rules. It exists because a trust
// store meets certificates from careless authorities too, and the examples
// show what happens to them.
package authority
