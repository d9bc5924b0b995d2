package policy_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mosip/partnertrust/policy"
)

const exampleAuth = `{
  "authTokenType": "policy",
  "allowedKycAttributes": [{"attributeName": "fullName"}, {"attributeName": "phone"}],
  "allowedAuthTypes": [
    {"authType": "bio", "authSubType": "FINGER", "mandatory": false},
    {"authType": "otp", "authSubType": "", "mandatory": true},
    {"authType": "kyc", "authSubType": "", "mandatory": false}
  ],
  "kycLanguages": ["eng", "ara"]
}`

const exampleShare = `{
  "dataSharePolicies": {"typeOfShare": "Data Share", "validForInMinutes": "30", "transactionsAllowed": "2",
    "encryptionType": "Partner Based", "shareDomain": "datashare.datashare", "source": "ID Repository"},
  "shareableAttributes": [
    {"attributeName": "fullName", "source": [{"attribute": "fullName", "filter": [{"language": "eng"}]}], "encrypted": false},
    {"attributeName": "biometrics", "group": "CBEFF", "source": [{"attribute": "individualBiometrics",
      "filter": [{"type": "Face"}, {"type": "Finger", "subType": ["Left Thumb"]}]}], "encrypted": true, "format": "extraction"}
  ]
}`

func Example() {
	p, err := policy.ParseAuth([]byte(exampleAuth))
	if err != nil {
		fmt.Println(err)
		return
	}
	decision := p.Decide(policy.AuthRequest{
		Operation:  policy.OperationKYC,
		Factors:    []policy.Factor{{Type: "bio", SubType: "Finger"}, {Type: "OTP"}},
		Attributes: []string{"fullName"},
		Languages:  []string{"eng", "fra"},
	})
	fmt.Println(decision.Allowed, decision.Attributes, decision.Languages, decision.TokenType)
	// Output: true [fullName] [eng] policy
}

func ExampleAuth_Decide_refused() {
	p, _ := policy.ParseAuth([]byte(exampleAuth))
	decision := p.Decide(policy.AuthRequest{
		Operation:  policy.OperationKYC,
		Factors:    []policy.Factor{{Type: "bio", SubType: "IRIS"}},
		Attributes: []string{"photo"},
	})
	for _, d := range decision.Denials {
		fmt.Printf("%s %s at %s: %s\n", d.Code, d.Reason, d.Pointer, d.Message)
	}
	fmt.Println(errors.Is(decision.Err(), policy.FactorMandatory))
	// Output:
	// IDA-MPA-006 factor-not-allowed at /allowedAuthTypes: the policy does not allow bio-IRIS
	// IDA-MPA-015 factor-mandatory at /allowedAuthTypes/1: the policy makes otp mandatory and the request does not satisfy it
	//  attribute-not-allowed at /allowedKycAttributes: the policy does not release "photo"
	// true
}

func ExampleParseAuth() {
	_, err := policy.ParseAuth([]byte(`{
  "authTokenType": "ramdom",
  "allowedAuthTypes": [
    {"authType": "otp", "mandatroy": true}
  ]
}`))
	var bad *policy.ParseError
	if errors.As(err, &bad) {
		for _, problem := range bad.Problems {
			fmt.Println(problem)
		}
	}
	// Output:
	// 2:20 /authTokenType: "ramdom" is none of "random", "partner", "policy"
	// 4:5 /allowedAuthTypes/0: member "mandatory" is missing
	// 4:25 /allowedAuthTypes/0/mandatroy: unknown member "mandatroy", did you mean "mandatory"?
}

func ExampleReading() {
	p, err := policy.TolerateUnknown.ParseMISP([]byte(`{"allowKycRequestDelegation": true, "allowOTPRequestDelegation": true}`))
	fmt.Println(err)
	for _, d := range p.Deviations() {
		fmt.Println(d)
	}
	fmt.Println(p.Decide(policy.OperationKYC).Allowed, p.Decide(policy.OperationOTPRequest).Allowed)
	// Output:
	// <nil>
	// 1:37 /allowOTPRequestDelegation: unknown member "allowOTPRequestDelegation"
	// true false
}

func ExampleDataShare_Decide() {
	p, err := policy.ParseDataShare([]byte(exampleShare))
	if err != nil {
		fmt.Println(err)
		return
	}
	decision := p.Decide(policy.ShareRequest{Attributes: []string{"biometrics", "photo"}})
	for _, a := range decision.Attributes {
		fmt.Println("shared:", a.Name, a.Group, a.Format, "encrypted:", a.Encrypted)
	}
	for _, d := range decision.Denials {
		fmt.Println("refused:", d.Message)
	}
	made := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	fmt.Println("until", decision.Terms.ExpiresAt(made).Format(time.RFC3339))
	// Output:
	// shared: biometrics CBEFF extraction encrypted: true
	// refused: the policy does not share "photo"
	// until 2026-01-02T03:30:00Z
}

func ExampleFilterBiometrics() {
	p, _ := policy.ParseDataShare([]byte(exampleShare))
	decision := p.Decide(policy.ShareRequest{Attributes: []string{"biometrics"}})
	records := []string{"Iris/Left", "Finger/Left Thumb", "Finger/Right Thumb"}
	selected, denials := policy.FilterBiometrics(decision.Attributes[0].Sources[0], records, func(r string) policy.Biometric {
		var b policy.Biometric
		for i := range r {
			if r[i] == '/' {
				b.Type, b.SubType = r[:i], r[i+1:]
			}
		}
		return b
	})
	fmt.Println(selected)
	for _, d := range denials {
		fmt.Println(d.Pointer, d.Message)
	}
	// Output:
	// [Finger/Left Thumb]
	// /shareableAttributes/1/source/0/filter/0 no biometric record is Face
}

// reads counts reads in memory; a host with replicas counts in its database.
type reads struct {
	mu    sync.Mutex
	count map[string]int64
}

func (r *reads) Take(_ context.Context, id string, limit int64) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count[id] >= limit {
		return false, nil
	}
	r.count[id]++
	return true, nil
}

func ExampleShare_Read() {
	p, _ := policy.ParseDataShare([]byte(exampleShare))
	made := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	share, counter := p.Terms().ShareAt(made), &reads{count: map[string]int64{}}
	for range 3 {
		fmt.Println(share.Read(context.Background(), counter, "a share", made.Add(time.Minute)).Err())
	}
	fmt.Println(share.Read(context.Background(), counter, "another", made.Add(time.Hour)).Err())
	// Output:
	// <nil>
	// <nil>
	// policy: refused: share-used-up: the share may be read 2 times and has been
	// policy: refused: share-expired: the share expired at 2026-01-02T03:30:00Z
}

func ExampleMISP_Decide() {
	p, _ := policy.ParseMISP([]byte(`{"allowAuthRequestDelegation": true, "allowKycRequestDelegation": true}`))
	fmt.Println(p.Decide(policy.OperationKYCExchange).Allowed)
	for _, d := range p.Decide(policy.OperationKeyBinding).Denials {
		fmt.Println(d.Code, d.Pointer, d.Message)
	}
	// Output:
	// true
	// IDA-MPA-032 /allowKeyBindingDelegation the MISP policy does not set allowKeyBindingDelegation, which operation key-binding needs
}

func ExampleStanding() {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	active := &policy.Record{Status: "ACTIVE"}
	year := policy.Period{From: at.AddDate(-1, 0, 0), Until: at.AddDate(1, 0, 0)}
	lapsed := policy.Period{From: at.AddDate(-1, 0, 0), Until: at.AddDate(0, 0, -1)}
	decision := policy.Standing(policy.Call{
		Partner: active, PolicyGroup: active, MISPPartner: active,
		Policy:      &policy.Dated{Record: *active, Period: year},
		APIKey:      &policy.Dated{Record: *active, Period: lapsed},
		MISPLicence: &policy.Dated{Record: *active, Period: year},
	}, at)
	for _, d := range decision.Denials {
		fmt.Println(d.Code, d.Reason, d.Message)
	}
	// Output: IDA-MPA-039 api-key-expired the API key was valid until 2026-05-31T00:00:00Z
}

func ExampleDiff() {
	old, _ := policy.ParseDataShare([]byte(exampleShare))
	changed := exampleShare[:len(exampleShare)-len("\n  ]\n}")] + `,
    {"attributeName": "phone", "source": [{"attribute": "phone"}], "encrypted": false}]}`
	new, err := policy.ParseDataShare([]byte(changed))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range policy.Diff(old, new) {
		fmt.Println(d)
	}
	// Output: widens: shares phone, in clear
}

func ExampleAuth_Lint() {
	p, _ := policy.ParseAuth([]byte(`{"authTokenType": "random", "allowedKycAttributes": [], "allowedAuthTypes": [
  {"authType": "bio", "authSubType": "FINGR", "mandatory": true},
  {"authType": "otp_request", "mandatory": false}, {"authType": "demo", "mandatory": false}]}`))
	for _, f := range p.Lint(policy.LintContext{}) {
		fmt.Println(f)
	}
	// Output:
	// /allowedAuthTypes/0/authSubType: error: authSubType "FINGR" is unknown and allows nothing (did you mean "FINGER"?)
	// /allowedAuthTypes/0/mandatory: error: bio-FINGR is mandatory and no request can satisfy it (make it optional, or allow what it needs)
	// /allowedAuthTypes/1/authType: error: authType "otp_request" is unknown and allows nothing (did you mean "otp-request"?)
}

func ExampleState_Apply() {
	state := policy.StateDraft
	for _, action := range []policy.Action{policy.ActionEdit, policy.ActionPublish, policy.ActionEdit, policy.ActionDeactivate} {
		next, decision := state.Apply(action, policy.Circumstances{GroupActive: true})
		fmt.Println(state, action, next, decision.Err())
		state = next
	}
	// Output:
	// draft edit draft <nil>
	// draft publish active <nil>
	// active edit active policy: refused: policy-published: a published policy cannot be edited: publish another
	// active deactivate inactive <nil>
}
