package trusttest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// A sound certificate, and one with two defects.
func Example() {
	pki := trusttest.New(trusttest.ForExample()) // in a test: trusttest.New(t)
	verifier := pki.Verifier()

	bank := pki.Partner("Acme Bank")
	chain, _ := verifier.Verify(context.Background(), trust.Auth, bank.Certificate, certchain.Organization("Acme Bank"))
	fmt.Print(chain.Explain())

	broken := pki.Device("Acme Biometrics", trusttest.Expired(), trusttest.OfDomain(trust.FTM))
	_, err := verifier.Verify(context.Background(), trust.Device, broken.Certificate)
	var refusal *certchain.Error
	if errors.As(err, &refusal) {
		fmt.Print(refusal.Explain())
	}
	// Output:
	// Accepted in AUTH until 2028-06-15 12:00:00 UTC.
	// CN=auth-1,O=Acme Bank
	// └─ CN=Example AUTH CA,O=Example CA
	//    └─ CN=Example AUTH Root,O=Example CA  (trusted in AUTH)
	// Refused in DEVICE, as of 2026-06-15 12:00:00 UTC.
	// CN=device-2,O=Acme Biometrics
	//    ✗ the certificate has expired: valid until 2026-06-15 11:00:00 UTC [Expired, KER-PCM-004]
	//    ✗ the issuer is trusted in another domain only: its issuer CN=Example FTM CA,O=Example CA is trusted in FTM, not in DEVICE [IssuerInOtherDomain, KER-PCM-006]
}

// greeter is a service that somebody else wrote: it takes requests that a
// partner signed, and asks for a source of trust and a clock.
func greeter(source trust.Source, now func() time.Time) http.Handler {
	tokens := x5c.New(certchain.New(source, certchain.WithClock(now)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		signed, err := tokens.Verify(r.Context(), trust.Auth, r.Header.Get("signature"), x5c.Detached(body))
		if err != nil {
			http.Error(w, "IDA-MPA-001", http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, "hello, %s\n", signed.Chain.Organization)
	})
}

// The test of a service that takes signed requests.
func Example_service() {
	pki := trusttest.New(trusttest.ForExample())
	service := greeter(pki, pki.Clock)

	post := func(id *trusttest.Identity) {
		body := `{"id":"mosip.identity.auth"}`
		request := httptest.NewRequest(http.MethodPost, "/auth", strings.NewReader(body))
		request.Header.Set("signature", id.SignDetached([]byte(body)))
		answer := httptest.NewRecorder()
		service.ServeHTTP(answer, request)
		fmt.Print(answer.Code, " ", answer.Body)
	}
	post(pki.Partner("Acme Bank"))
	post(pki.Partner("Acme Bank", trusttest.SelfSigned()))
	// Output:
	// 200 hello, Acme Bank
	// 401 IDA-MPA-001
}

func ExamplePKI_SignCapture() {
	pki := trusttest.New(trusttest.ForExample())
	verifier := device.New(x5c.New(pki.Verifier()), device.WithClock(pki.Clock), device.Environments(trusttest.Environment))

	segments, request := pki.SignCapture()
	captures, err := verifier.VerifyCapture(context.Background(), segments, request)
	fmt.Println(captures[0].BioSubType, "by a device of", captures[0].Device.Chain.Organization, err)

	segments, request = pki.SignCapture(
		trusttest.Capture{Chip: pki.Chip("Acme Chips", trusttest.UnknownIssuer())},
		trusttest.Capture{Data: trusttest.Members{"purpose": "Registration"}},
	)
	_, err = verifier.VerifyCapture(context.Background(), segments, request)
	fmt.Println(errors.Is(err, device.DigitalIDNotTrusted), errors.Is(err, certchain.UnknownIssuer), errors.Is(err, device.PurposeMismatch))
	// Output:
	// Left Thumb by a device of Acme Biometrics <nil>
	// true true true
}

func ExamplePKI_Revoke() {
	pki := trusttest.New(trusttest.ForExample())
	verifier := pki.Verifier(certchain.WithRevocation(pki.Revocation()))
	bank := pki.Partner("Acme Bank")

	_, err := verifier.Verify(context.Background(), trust.Auth, bank.Certificate)
	fmt.Println(err)
	pki.Revoke(bank)
	_, err = verifier.Verify(context.Background(), trust.Auth, bank.Certificate)
	fmt.Println(errors.Is(err, certchain.Revoked))
	// Output:
	// <nil>
	// true
}

// A host that asks the responders which certificates name.
func ExampleOnline() {
	pki := trusttest.New(trusttest.ForExample(), trusttest.Online())
	loopback := revocation.AllowPrivateAddresses(netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	fetcher, err := revocation.NewFetcher(nil, loopback, revocation.WithClock(pki.Clock))
	if err != nil {
		fmt.Println(err)
		return
	}
	responders, err := fetcher.OCSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = pki.Verifier(certchain.WithRevocation(responders)).
		Verify(context.Background(), trust.MISP, pki.MISP("Acme Telecom", trusttest.Revoked()).Certificate)
	fmt.Println(errors.Is(err, certchain.Revoked))
	// Output:
	// true
}

func ExampleAuthPolicy() {
	p, err := policy.ParseAuth(trusttest.AuthPolicy([]string{"otp", "kyc"}, "fullName"))
	if err != nil {
		fmt.Println(err)
		return
	}
	decision := p.Decide(policy.AuthRequest{
		Operation: policy.OperationKYC, Factors: []policy.Factor{{Type: "otp"}}, Attributes: []string{"fullName", "photo"},
	})
	fmt.Println(decision.Allowed, decision.Attributes)
	// Output:
	// false [fullName]
}
