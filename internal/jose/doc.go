// Package jose is the library's only door to JOSE: the one importer of jwx,
// and the strict JSON reader that stands in front of it.
//
//	object, err := jose.ParseObject(data) // members as sent, each once
//	key, err := jose.ParsePublicKey(data) // what jwx makes of the same bytes
//
// A JOSE document is read by several programs, and they must all see the same
// thing. [ParseObject] therefore refuses what JSON readers are known to
// disagree about: a member given twice, at any depth, invalid UTF-8, a lone
// surrogate, anything after the end. What it accepts, jwx may interpret.
package jose
