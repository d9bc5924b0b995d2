// Package oidc is where a host registers a relying party's client of eSignet:
// the right id for its key, every check of its registration, and the claims
// and authentication contexts that the policy really allows.
//
// # Which client is this key?
//
// A relying party registers one public key, and the platform derives the
// client's id from it:
//
//	id, err := oidc.ClientID(jwk)
//	// r8wFdTGflhPpc8dV8h456zgBQyRa86QKFnsahBjVrIs for the key of RFC 7638 section 3.1
//
// The id is that of the key, not of its text: members may come in any order,
// with kid, use or alg or without, padded or not. What cannot be somebody's
// public signing key gets no id but a reason:
//
//	errors.Is(err, oidc.PrivateKey) // "remove d"
//	errors.Is(err, oidc.WeakKey)    // RSA below 2048 bits
//
// Ids given by older versions of the platform stay valid, so a host that
// looks for an existing client asks by which [Rule] its id came about:
//
//	rule, err := oidc.Identify(id, jwk) // CurrentRule, JWKTextRule or RFC7638Rule
//
// eSignet itself recognises a key that is already registered by a hash of its
// text, [PublicKeyHash]; its Go port by another, [PublicKeyHashGo].
//
// [ParseKey] reads a key once for several questions, and takes options:
// [AllowSet] for a JWK Set of one key, [AllowSecp256k1]. [KeyFromCertificate],
// [KeyFromPEM] and [KeyFromPublicKey] take keys that are not JWKs and judge
// them by the same rules.
//
// # May it be registered?
//
// The platform's create and update payloads, in its three versions, are read
// strictly and judged completely: the error is a [*Refusal] with every
// [Problem], each with its [Reason], JSON pointer and platform code.
//
//	request, err := oidc.ParseClientRequest(body, oidc.V2, oidc.OnDayOf(now))
//	var refusal *oidc.Refusal
//	if errors.As(err, &refusal) {
//		for _, p := range refusal.Problems {
//			fmt.Println(p) // /request/redirectUris/0: ... (invalid_redirect_uri)
//		}
//	}
//
// What the policy allows decides the claims and contexts of the client. A
// claim that several attributes feed is granted for the parts that are
// allowed, and says which:
//
//	mapping, err := oidc.NewMapping(oidc.IdentityMapping(file)) // or the documented default
//	grant, err := mapping.Grant(policy)
//	// address: city, postalCode; withheld: addressLine1, ...
//
// [Register] does all of it and stores the client, unless its key is known
// under any rule:
//
//	client, err := oidc.Register(ctx, store, mapping, request, standing, policy)
//
// The store is an interface, [Clients]; [Memory] is one, and package
// clientstest tests others. [ClientUpdate.Apply] is what an update makes of a
// client, [Recompute] what another policy would. [Client.CheckESignet] holds a
// client to the limits of the eSignet service that it is sent to.
//
// # Is it really the client?
//
// A host that stores the key verifies with it who asks for a token
// (private_key_jwt), and with the registered URIs where the answer may go:
//
//	auth, err := oidc.NewAuthenticator(replayCache, []string{issuer, tokenEndpoint})
//	assertion, err := auth.Authenticate(ctx, client, clientAssertion)
//	ok := client.AllowsRedirect(redirectURI)
//
// # Where things are
//
// key.go, check.go, spki.go and convert.go read keys; rule.go, jwktext.go and
// hash.go derive ids. form.go, registration.go and payload.go are the
// payloads, redirect.go and langmap.go what is in them; client.go, clients.go
// and register.go the client and its store; mapping.go, grant.go and
// recompute.go what a policy allows; esignet.go the limits behind the
// platform's; assertion.go, assertion_claims.go and replay.go client
// authentication. reason.go and reason_client.go list every reason; limits.go
// every bound.
//
// Everything fails closed: zero values refuse, an unknown member, claim,
// factor or header is refused with a reason, an empty mapping grants nothing.
package oidc
