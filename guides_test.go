package partnertrust_test

// The snippets of the guides in docs. Each stands between the lines "guide:" and
// "end", where it is compiled, run and held to its output (docs_test.go).

import (
	"context"
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/expiry"
	"github.com/mosip/partnertrust/trust/pkcs7"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// What a guide's stores and databases are opened with.
var (
	_ = dirstore.Open
	_ = sqlstore.OpenPostgres
)

func Example_portal() {
	pki := trusttest.New(trusttest.ForExample())
	store, clock := pki.Store(), pki.Clock
	bank := pki.Partner("Acme Bank")
	upload, renewal := bank.PEM(), pki.Partner("Acme Bank").PEM()
	stray := pki.Partner("ACME Bank").PEM()

	// guide: upload
	gate := admit.New(store, admit.WithClock(clock))
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload)
	if err != nil {
		fmt.Println(err) // the store is away, or nothing in the upload is a certificate
		return
	}
	fmt.Println(report.Verdict)
	// end

	// guide: refusal
	refused, _ := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", stray)
	fmt.Println(refused.Verdict, string(refused.Reason()), refused.PlatformCode())
	fmt.Println(refused.Findings[0].Detail)
	// end

	// guide: renewal
	renewed, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", renewal, admit.Replaces(report.Stored.ID))
	fmt.Println(renewed.Verdict, renewed.Replaced == report.Stored.ID, err)
	// end

	// guide: list
	page, err := store.List(ctx, trust.Query{
		Role: trust.Intermediate, IssuedTo: "ftm",
		SortBy: trust.SortByNotAfter, Descending: true, Page: 0, Size: 8,
	})
	fmt.Println(page.Total, err)
	for _, ca := range page.CAs {
		fmt.Println(ca.Domain, certchain.SubjectText(ca.Certificate))
	}
	// end

	id := page.CAs[0].ID

	// guide: export
	verifier := certchain.New(store, certchain.WithClock(clock))
	chain, err := verifier.TrustPath(ctx, trust.FTM, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	p7b, err := pkcs7.MarshalPEM(chain.Certificates) // the CA first, its root last
	fmt.Println(len(chain.Certificates), string(p7b[:21]), err)
	// end

	// guide: expiry
	now := clock()
	soon, err := expiry.Scan(ctx, store, now, now.AddDate(3, 0, 0))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range soon.Expiring {
		fmt.Println(e.Kind, e.Domain, e.Organization, e.NotAfter.Year(), len(e.CutsOff))
	}
	// end

	now = soon.Expiring[0].NotAfter.AddDate(0, 0, 2)
	lastRun := now.AddDate(0, 0, -3) // the run of the last day was missed, and the one after it

	// guide: notices
	schedule := expiry.DefaultSchedule()
	from, until := schedule.Span(lastRun, now)
	ending, err := expiry.Scan(ctx, store, from, until)
	if ending == nil {
		fmt.Println(err) // the next run makes up for this one
		return
	}
	sent := err == nil
	for _, n := range schedule.Due(lastRun, now, ending.Items()) {
		sent = send(n) == nil && sent
	}
	if sent {
		lastRun = now // kept only now; or else the next run tells all of these again
	}
	// end

	// Output:
	// admitted
	// refused OrganizationMismatch KER-PCM-008
	// O is "ACME Bank", registered is "Acme Bank": they differ in upper and lower case
	// admitted true <nil>
	// 1 <nil>
	// FTM CN=Example FTM CA,O=Example CA
	// 2 -----BEGIN PKCS7----- <nil>
	// PARTNER_CERT_EXPIRY AUTH Acme Bank 2028 0
	// Acme Bank -1 [0] -2
}

// send tells somebody of what runs out.
func send(n expiry.Notice) error {
	_, err := fmt.Println(n.Organization, n.Day, n.Missed, n.DaysLeft)
	return err
}

func Example_authentication() {
	pki := trusttest.New(trusttest.ForExample())
	store := pki.Store()
	clock := pki.Clock
	bank := pki.Partner("Acme Bank")
	body := []byte(`{"id":"mosip.identity.auth"}`)
	signature := bank.SignDetached(body)
	registered := trust.SHA256(bank.Certificate)
	segments, claimed := pki.SignCapture()
	document := trusttest.AuthPolicy([]string{"bio-FINGER"}, "fullName")

	// guide: verifiers
	verifier := certchain.New(store, certchain.WithClock(clock), certchain.WithObserver(metrics{}))
	tokens := x5c.New(verifier)
	captures := device.New(tokens, device.WithClock(clock),
		device.Environments("Staging"), device.DomainURIs("https://ida.example"))
	// end

	// guide: header
	_, err := tokens.Verify(ctx, trust.Auth, signature, x5c.Detached(body), x5c.BoundTo(registered))
	fmt.Println(err)
	// end

	// guide: captures
	verified, err := captures.VerifyCapture(ctx, segments, claimed)
	if err != nil {
		fmt.Println(err) // every segment that is refused, with its JSON pointer, reason and the platform's code
		return
	}
	fmt.Println(verified[0].BioType, verified[0].BioSubType)
	// end

	// guide: decide
	p, err := policy.ParseAuth(document)
	if err != nil {
		fmt.Println(err)
		return
	}
	decision := p.Decide(policy.AuthRequest{
		Operation: policy.OperationAuth,
		Factors:   []policy.Factor{{Type: "bio", SubType: verified[0].BioType}},
	})
	fmt.Println(decision.Allowed)
	// end

	// guide: removed
	root, _ := store.List(ctx, trust.Query{Domain: trust.Device, Role: trust.Root})
	_ = store.Remove(ctx, trust.Device, root.CAs[0].ID)
	_, err = captures.VerifyCapture(ctx, segments, claimed)
	fmt.Println(errors.Is(err, device.DataNotTrusted), errors.Is(err, certchain.UnknownIssuer)) // on the very next call
	// end

	// Output:
	// accepted in AUTH
	// <nil>
	// accepted in DEVICE
	// accepted in FTM
	// Finger Left Thumb
	// true
	// UnknownIssuer in DEVICE
	// true true
}

// metrics counts verdicts; here it prints them.
type metrics struct{}

func (metrics) ObserveChain(_ context.Context, o certchain.Observation) {
	if o.Accepted {
		fmt.Println("accepted in", o.Domain)
	} else {
		fmt.Println(string(o.Reason), "in", o.Domain)
	}
}

func Example_tests() {
	// guide: testing
	pki := trusttest.New(trusttest.ForExample()) // in a test: trusttest.New(t)
	service := enrolment{certchain.New(pki, certchain.WithClock(pki.Clock))}

	fmt.Println(service.accepts(pki.Partner("Acme Bank"), "Acme Bank"))
	fmt.Println(service.accepts(pki.Partner("Acme Bank", trusttest.Expired()), "Acme Bank"))
	fmt.Println(service.accepts(pki.Partner("Acme Bank", trusttest.SelfSigned()), "Acme Bank"))
	fmt.Println(service.accepts(pki.Partner("Acme Bank"), "Other Bank"))
	// end

	// Output:
	// true
	// false Expired
	// false SelfSigned
	// false OrganizationMismatch
}

// enrolment is a service under test.
type enrolment struct{ verifier *certchain.Verifier }

func (e enrolment) accepts(id *trusttest.Identity, registered string) string {
	_, err := e.verifier.VerifyDER(context.Background(), trust.Auth, id.Certificate.Raw, certchain.Organization(registered))
	var finding *certchain.Finding
	if errors.As(err, &finding) {
		return fmt.Sprint(false, " ", string(finding.Reason))
	}
	return fmt.Sprint(err == nil)
}

func Example_migration() {
	pki := trusttest.New(trusttest.ForExample())
	store, clock := pki.Store(), pki.Clock
	cert := pki.Partner("Acme Bank").Certificate

	// guide: profile
	verifier := certchain.New(store, certchain.WithClock(clock), certchain.WithProfile(certchain.PartnerRelease13))
	_, err := verifier.Verify(ctx, trust.Auth, cert, certchain.Organization("Acme Bank"))
	fmt.Println(err)
	// end

	// guide: shadow
	strict := certchain.New(store, certchain.WithClock(clock))
	_, verdict := strict.Verify(ctx, trust.Auth, cert, certchain.Organization("Acme Bank"))
	if accepted := true; accepted != (verdict == nil) { // what the service that is replaced said
		fmt.Println("differs:", verdict)
	}
	// end

	// Output:
	// <nil>
}
