// Package x5c verifies a JWS that brings its own certificate chain (RFC 7515
// §4.1.6): the signatures under requests, captures and digital ids.
//
//	v := x5c.New(certchain.New(store))
//	signed, err := v.Verify(ctx, trust.Device, token)
//	use(signed.Payload)
//
// The payload is handed out only when the signature verifies under the first
// certificate of the header and that certificate is trusted in the domain. No
// other member of the header chooses a key: kid, jku, x5u and jwk are not
// looked at, and a thumbprint that names another certificate is a finding.
//
// A detached signature takes its payload from the caller, and a host that
// knows who must have signed says so:
//
//	v.Verify(ctx, trust.Auth, header, x5c.Detached(body), x5c.BoundTo(registered))
//
// # Refusals
//
// A refusal is an [*Error]: its findings have a [Reason] each, and a chain that
// is not trusted brings the findings of package certchain along, so that
//
//	errors.Is(err, x5c.BadSignature)
//	errors.Is(err, certchain.Expired)
//
// both say what they mean.
//
// # Speed
//
// A header that was seen before, byte for byte, is not read again, and a signer
// that was accepted before is not parsed; what remains is the one signature.
package x5c
