// Package trusttest is a partner PKI in one line, for the tests of whatever asks
// whom it may trust:
//
//	pki := trusttest.New(t)
//
// That is a root and an intermediate in each domain, made on the spot and
// trusted: [PKI] is a [trust.Source]. Its time stands still.
//
//	verifier := certchain.New(pki, certchain.WithClock(pki.Clock)) // or pki.Verifier()
//	service := NewService(pki, pki.Clock)                          // yours
//
// Code that takes a whole store gets [PKI.Store], from which a test may remove a
// CA; code that wants files gets [Identity.PEM] and [Identity.ChainPEM].
//
// # Somebody
//
// An [Identity] has a certificate, its chain and its key. It is sound, or has
// the defects that are asked for; each names the reason that it provokes:
//
//	bank := pki.Partner("Acme Bank")
//	old := pki.Partner("Acme Bank", trusttest.Expired())
//	stray := pki.Device("Acme Biometrics", trusttest.OfDomain(trust.FTM), trusttest.Organization("ACME Biometrics"))
//
//	_, err := verifier.Verify(ctx, old.Domain, old.Certificate, certchain.Organization(old.Organization))
//	errors.Is(err, certchain.Expired)
//
// # What they sign
//
//	request.Header.Set("signature", bank.SignDetached(body))
//	token := bank.SignJWS(payload)
//
//	segments, claimed := pki.SignCapture() // of a sound device with its chip
//	segments, claimed = pki.SignCapture(
//		trusttest.Capture{Device: pki.Device("Acme Biometrics", trusttest.Revoked())},
//		trusttest.Capture{Data: trusttest.Members{"bioSubType": "Right Thumb", "purpose": "Registration"}},
//	)
//
// # Who is trusted no more
//
// [PKI.Revoke] revokes, and everything below says so: [PKI.Revocation] without
// any network, [PKI.CRLs] for a host that has lists, and a server of lists and
// OCSP on this machine for one that fetches. [Online] has certificates name it.
//
//	verifier := pki.Verifier(certchain.WithRevocation(pki.Revocation()))
//	pki.Revoke(bank)
//
// # What they may do, and who they are to eSignet
//
//	document := trusttest.AuthPolicy([]string{"otp", "bio-FINGER", "kyc"}, "fullName", "phone")
//	id := bank.ClientID() // of bank.JWK()
//
// # Keys
//
// The platform signs with RS256, and RSA keys are slow to make. So identities
// have RSA keys from a pool of eight, each made when a process first needs it:
// the first eight identities of a PKI have different keys, the ninth has the
// first one's, and another PKI has the same ones. Where a test needs more that
// differ, [P256] makes new ones at no cost. No key of this package is a secret.
//
// # Where things are
//
// pki.go is the PKI and authority.go a CA of it; issue.go and identity.go are what
// it issues. property.go has the defects of a certificate, property_issuer.go
// those of who issued it, keys.go those of its key. sign.go and capture.go sign,
// revocation.go and server.go revoke, policy.go writes policies, example.go helps
// where there is no test.
package trusttest
