package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/policy"
)

const demoPolicy = `{
	"authTokenType": "random",
	"allowedAuthTypes": [
		{"authType": "otp", "authSubType": "", "mandatory": false},
		{"authType": "bio", "authSubType": "FINGER", "mandatory": false},
		{"authType": "kycauth", "authSubType": "", "mandatory": false},
		{"authType": "kycexchange", "authSubType": "", "mandatory": false}
	],
	"allowedKycAttributes": [{"attributeName": "fullName"}, {"attributeName": "city"}, {"attributeName": "postalCode"}]
}`

func ExampleParseClientRequest() {
	_, err := oidc.ParseClientRequest([]byte(`{
		"id": "string", "version": "string", "requesttime": "2026-03-01T12:00:00.000Z", "metadata": {},
		"request": {
			"name": "Health services",
			"policyId": "health-policy",
			"publicKey": {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ", "d": "AQ"},
			"authPartnerId": "health-partner",
			"logoUri": "https://health.example/logo.png",
			"redirectUris": ["https://health.example/callback#done"],
			"grantTypes": ["authorization_code"],
			"clientAuthMethods": ["client_secret_basic"]
		}
	}`), oidc.V1)
	var refusal *oidc.Refusal
	if errors.As(err, &refusal) {
		for _, p := range refusal.Problems {
			fmt.Println(p.Pointer, p.Code, string(p.Reason))
		}
	}
	// Output:
	// /request/publicKey/d PMS_ESI_007 a private key
	// /request/redirectUris/0 invalid_redirect_uri redirect URI with a fragment
	// /request/clientAuthMethods/0 invalid_client_auth unsupported client authentication method
}

func ExampleMapping_Grant() {
	p, err := policy.ParseAuth([]byte(demoPolicy))
	if err != nil {
		fmt.Println(err)
		return
	}
	grant, err := oidc.DefaultMapping().Grant(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, claim := range grant.Claims {
		fmt.Println(claim.Name, claim.Attributes, "withheld:", claim.Withheld)
	}
	fmt.Println(grant.ACRs)
	// Output:
	// address [city postalCode] withheld: [addressLine1 addressLine2 addressLine3 region province]
	// name [fullName] withheld: []
	// [mosip:idp:acr:biometrics mosip:idp:acr:generated-code]
}

func ExampleRecompute() {
	p, err := policy.ParseAuth([]byte(demoPolicy))
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &oidc.Client{
		Claims: []oidc.Claim{{Name: "address", Attributes: []string{"city", "region"}}, {Name: "email", Attributes: []string{"email"}}},
		ACRs:   []string{"mosip:idp:acr:generated-code"},
	}
	change := oidc.Recompute(client, p)
	fmt.Println("gained", change.GainedClaims, change.GainedACRs)
	fmt.Println("lost", change.LostClaims, change.LostACRs)
	for _, claim := range change.OtherParts {
		fmt.Println(claim.Name, "gained", claim.Gained, "lost", claim.Lost)
	}
	// Output:
	// gained [name] [mosip:idp:acr:biometrics]
	// lost [email] []
	// address gained [postalCode] lost [region]
}

func ExampleMatchRedirect() {
	fmt.Println(oidc.MatchRedirect("https://rp.example/app/*/callback", "https://rp.example/app/one/callback"))
	fmt.Println(oidc.MatchRedirect("https://rp.example/app/**", "https://rp.example/app/../admin"))
	fmt.Println(oidc.MatchRedirect("http://127.0.0.1/callback", "http://127.0.0.1:51004/callback"))
	// Output:
	// true
	// false
	// true
}

func ExampleAuthenticator() {
	// The relying party has a key, and its client is registered with it.
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := oidc.KeyFromPublicKey(private.Public())
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &oidc.Client{ID: "client-1", Key: key, Status: oidc.Active}

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	assertion, err := key.SignAssertion(private, oidc.Assertion{
		ClientID: "client-1", Audience: []string{"https://esignet.example"}, ID: rand.Text(),
		IssuedAt: now, Expires: now.Add(time.Minute),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	clock := func() time.Time { return now }
	auth, err := oidc.NewAuthenticator(oidc.NewReplayMemory(10000, clock), []string{"https://esignet.example"}, oidc.WithClock(clock))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = auth.Authenticate(context.Background(), client, assertion)
	fmt.Println(err)
	_, err = auth.Authenticate(context.Background(), client, assertion)
	fmt.Println(errors.Is(err, oidc.Replayed))
	// Output:
	// <nil>
	// true
}
