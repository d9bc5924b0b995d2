// Package oidc answers which eSignet client a public key is.
//
// A relying party registers one public key, and the platform derives the
// client's id from it:
//
//	id, err := oidc.ClientID(jwk)
//	// o2Ms0HJm-nskc16YuzccHtzfoCFFTHtl0JFZ2iQRSi8
//
// The id is that of the key, not of its text: members may come in any order,
// with kid, use or alg or without, padded or not. What cannot be somebody's
// public signing key gets no id but a reason:
//
//	errors.Is(err, oidc.PrivateKey) // "remove d"
//	errors.Is(err, oidc.WeakKey)    // RSA below 2048 bits
//
// # Rules
//
// Ids given by older versions of the platform stay valid, so a host that
// looks for an existing client asks by which [Rule] its id came about:
//
//	rule, err := oidc.Identify(id, jwk) // CurrentRule, JWKTextRule or RFC7638Rule
//
// eSignet itself recognises a key that is already registered by a hash of its
// text, [PublicKeyHash]; its Go port by another, [PublicKeyHashGo].
//
// # Keys
//
// [ParseKey] reads a key once for several questions, and takes options:
// [AllowSet] for a JWK Set of one key, [AllowSecp256k1]. [KeyFromCertificate],
// [KeyFromPEM] and [KeyFromPublicKey] take keys that are not JWKs and judge
// them by the same rules:
//
//	key, err := oidc.KeyFromPEM(pem)
//	id, err := key.ClientID(oidc.CurrentRule)
//	jwk := key.JWK() // what to send to the platform
//
// Every error is an [*Error]: a [Reason] to compare with, the JWK's member at
// fault, and a detail for people.
package oidc
