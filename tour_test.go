package partnertrust_test

// The tour of README.md. Each snippet there stands here between the lines
// "tour:" and "end", where it is compiled, run and held to its output.

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

var (
	ctx   = context.Background()
	clock = func() time.Time { return pkitest.Now }
)

// pki is what a country's CA would hand over.
type pki struct{ root, inter, leaf, stray *pkitest.Cert }

func newPKI(tb testing.TB) pki {
	root := pkitest.NewRoot(tb, "Example Root", pkitest.Org("Example CA", "Example Root"))
	inter := root.IssueCA(tb, "", pkitest.Org("Example CA", "Example Device CA"))
	return pki{root, inter, inter.Issue(tb, "", pkitest.Org("Acme Biometrics", "Acme")), pkitest.NewRoot(tb, "Stray")}
}

// quiet lets examples, which have no testing.TB, make certificates.
type quiet struct{ testing.TB }

func (quiet) Helper()                   {}
func (quiet) Fatal(args ...any)         { panic(fmt.Sprint(args...)) }
func (quiet) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

func Example() {
	made := newPKI(quiet{})
	upload := append(made.inter.PEM(), made.root.PEM()...)
	partner, _ := trust.ParseCertificates(made.leaf.PEM())

	// tour: admit
	store := trust.NewMemory()
	gate := admit.New(store, admit.WithClock(clock))
	report, err := gate.Admit(ctx, trust.Device, upload) // PEM, DER or PKCS#7
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range report.Lines {
		fmt.Println(line)
	}
	// end

	// tour: verify
	verifier := certchain.New(store, certchain.WithClock(clock))
	chain, err := verifier.Verify(ctx, trust.Device, partner[0], certchain.Organization("Acme Biometrics"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(chain.Explain())
	// end

	// tour: refuse
	_, err = verifier.Verify(ctx, trust.FTM, partner[0], certchain.Organization("ACME Biometrics"))
	var refusal *certchain.Error
	if errors.As(err, &refusal) {
		fmt.Print(refusal.Explain())
	}
	fmt.Println(errors.Is(err, certchain.IssuerInOtherDomain), errors.Is(err, certchain.OrganizationMismatch))
	// end

	// Output:
	// entry 1, CN=Example Device CA,O=Example CA: admitted as INTERMEDIATE
	// entry 2, CN=Example Root,O=Example CA: admitted as ROOT
	// Accepted in DEVICE until 2028-06-15 12:00:00 UTC.
	// CN=Acme,O=Acme Biometrics
	// └─ CN=Example Device CA,O=Example CA
	//    └─ CN=Example Root,O=Example CA  (trusted in DEVICE)
	// Refused in FTM, as of 2026-06-15 12:00:00 UTC.
	// CN=Acme,O=Acme Biometrics
	//    ✗ the issuer is trusted in another domain only: its issuer CN=Example Device CA,O=Example CA is trusted in DEVICE, not in FTM [IssuerInOtherDomain, KER-PCM-006]
	//    ✗ the organisation is not the registered one: O is "Acme Biometrics", registered is "ACME Biometrics": they differ in upper and lower case [OrganizationMismatch, KER-PCM-008]
	// true true
}

func Example_revocation() {
	made := newPKI(quiet{})
	store := trust.Static(pkitest.Certificates(made.root), pkitest.Certificates(made.inter))
	partner := made.leaf.Certificate

	// tour: revocation
	lists, err := revocation.CRLs( /* DER or PEM, as many as there are */ )
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier := certchain.New(store, certchain.WithClock(clock), certchain.WithRevocation(lists))
	_, err = verifier.Verify(ctx, trust.Device, partner)
	fmt.Println(errors.Is(err, certchain.RevocationUnknown)) // no list, no yes
	// end

	// Output:
	// true
}

func Example_token() {
	made := newPKI(quiet{})
	verifier := certchain.New(trust.Static(pkitest.Certificates(made.root), pkitest.Certificates(made.inter)), certchain.WithClock(clock))
	jws, forged := signedBy(made.leaf, `{"bioType":"Finger"}`), signedBy(made.stray, `{"bioType":"Finger"}`)

	// tour: token
	tokens := x5c.New(verifier)
	signed, err := tokens.Verify(ctx, trust.Device, jws)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(signed.Payload), "by", certchain.SubjectText(signed.Signer()))

	_, err = tokens.Verify(ctx, trust.Device, forged)
	fmt.Println(errors.Is(err, x5c.CertificateNotTrusted), errors.Is(err, certchain.SelfSigned))
	// end

	// Output:
	// {"bioType":"Finger"} by CN=Acme,O=Acme Biometrics
	// true true
}

// signedBy makes a JWS with ES256 that brings the signer's certificate.
func signedBy(signer *pkitest.Cert, payload string) string {
	b64 := base64.RawURLEncoding.EncodeToString
	header := fmt.Sprintf(`{"alg":"ES256","x5c":[%q]}`, base64.StdEncoding.EncodeToString(signer.Certificate.Raw))
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	digest := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, signer.Key.(*ecdsa.PrivateKey), digest[:])
	if err != nil {
		panic(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return input + "." + b64(signature)
}

func Example_policy() {
	document := []byte(`{
		"authTokenType": "policy",
		"allowedAuthTypes": [
			{"authType": "otp", "authSubType": "", "mandatory": false},
			{"authType": "kyc", "authSubType": "", "mandatory": false}],
		"allowedKycAttributes": [{"attributeName": "fullName"}]
	}`)

	// tour: policy
	p, err := policy.ParseAuth(document)
	if err != nil {
		fmt.Println(err) // with line, column and JSON pointer
		return
	}
	decision := p.Decide(policy.AuthRequest{
		Operation:  policy.OperationKYC,
		Factors:    []policy.Factor{{Type: "otp"}},
		Attributes: []string{"fullName", "photo"},
	})
	fmt.Println(decision.Allowed, decision.Attributes)
	for _, denial := range decision.Denials {
		fmt.Println(denial.Message)
	}
	// end

	// Output:
	// false [fullName]
	// the policy does not release "photo"
}

func Example_clientID() {
	// RFC 7638 §3.1.
	jwk := []byte(`{"kty":"RSA","e":"AQAB","alg":"RS256","kid":"2011-04-29",
		"n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}`)

	// tour: client
	id, err := oidc.ClientID(jwk)
	fmt.Println(id, err)
	// end

	// Output:
	// r8wFdTGflhPpc8dV8h456zgBQyRa86QKFnsahBjVrIs <nil>
}

// The partner types of package trust and the kinds that package policy has for
// them are two tables, because neither imports the other: they must agree.
func TestPartnerTypesHaveTheirPolicyKind(t *testing.T) {
	t.Parallel()
	kinds := policy.PlatformKinds()
	for _, pt := range trust.PartnerTypes() {
		kind, ok := kinds[pt.Label]
		require.True(t, ok, pt.Label)
		require.Equal(t, string(pt.Policy), string(kind), pt.Label)
	}
}
