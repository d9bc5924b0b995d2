// Package jose reads JOSE documents strictly: JSON that every reader sees
// alike, and the base64 in it.
//
//	object, err := jose.ParseObject(data) // members as sent, each once
//	n, ok := object.Lookup("n")
//	modulus, ok := n.Bytes()
//
// A JOSE document is read by several programs, and they must all see the same
// thing. [ParseObject] therefore refuses what JSON readers are known to
// disagree about: a member given twice, at any depth, invalid UTF-8, a lone
// surrogate, anything after the end.
//
// The members stay in their order and as text, because older rules of the
// platform hash exactly that.
package jose
