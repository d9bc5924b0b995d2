// Package pkcs7 reads and writes certificate bundles in PKCS#7 (CMS, RFC
// 5652), the .p7b files in which certificate authorities and the platform hand
// over a whole chain.
//
//	certs, err := pkcs7.Parse(upload)    // in the order of the bundle
//	text, err := pkcs7.MarshalPEM(chain) // leaf first, as the platform writes them
//
// Reading takes bundles as they are met: DER, BER with indefinite lengths, PEM
// under any of its names, base64 and base64url with or without padding. Where
// an upload may as well hold plain certificates there is no need to ask first:
// all readers here read those, too, alone or mixed. [ReadEntries] reads on
// past an entry that is broken and says which one it was.
//
// A bundle is a container and nothing more. It may carry signatures; they are
// not looked at, and nothing becomes trusted by being in it.
package pkcs7
