// Package jose reads JOSE documents strictly: JSON that every reader sees
// alike, the base64 in it, and compact signatures.
//
//	object, err := jose.ParseObject(data) // members as sent, each once
//	n, ok := object.Lookup("n")
//	modulus, ok := n.Bytes()
//
//	token, err := jose.ParseCompact(text)
//	alg, ok := token.Header.Lookup("alg")
//	ok = token.Verify("ES256", key) // the algorithm that the caller expects
//
// A JOSE document is read by several programs, and they must all see the same
// thing. [ParseObject] therefore refuses what JSON readers are known to
// disagree about: a member given twice, at any depth, invalid UTF-8, a lone
// surrogate, anything after the end.
//
// The members stay in their order and as text, because older rules of the
// platform hash exactly that.
package jose
