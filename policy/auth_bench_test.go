package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// benchDoc is the size of a real relying party's policy: 14 authentication
// types, 9 attributes.
const benchDoc = `{"authTokenType":"policy","allowedKycAttributes":[{"attributeName":"fullName"},{"attributeName":"gender"},
{"attributeName":"phone"},{"attributeName":"email"},{"attributeName":"dateOfBirth"},{"attributeName":"city"},{"attributeName":"face"},
{"attributeName":"addressLine1"},{"attributeName":"individual_id"}],"allowedAuthTypes":[
{"authSubType":"IRIS","authType":"bio","mandatory":false},{"authSubType":"FINGER","authType":"bio","mandatory":false},
{"authSubType":"","authType":"otp","mandatory":true},{"authSubType":"FACE","authType":"bio","mandatory":false},
{"authSubType":"","authType":"otp-request","mandatory":false},{"authSubType":"","authType":"kyc","mandatory":false},
{"authSubType":"","authType":"demo","mandatory":false},{"authSubType":"","authType":"kycauth","mandatory":false},
{"authSubType":"","authType":"kycexchange","mandatory":false},{"authSubType":"","authType":"keybinding","mandatory":false},
{"authSubType":"","authType":"kbt","mandatory":false},{"authSubType":"","authType":"wla","mandatory":false},
{"authSubType":"","authType":"vciexchange","mandatory":false},{"authSubType":"","authType":"pwd","mandatory":false}]}`

var benchRequest = policy.AuthRequest{
	Operation:  policy.OperationKYC,
	Factors:    []policy.Factor{{Type: "bio", SubType: "Finger"}, {Type: "otp"}},
	Attributes: []string{"fullName", "dateOfBirth", "phone"},
}

// BenchmarkDecide answers yes: the hot path.
func BenchmarkDecide(b *testing.B) {
	p := mustAuth(b, benchDoc)
	require.True(b, p.Decide(benchRequest).Allowed)
	b.ReportAllocs()
	for b.Loop() {
		if !p.Decide(benchRequest).Allowed {
			b.Fatal("refused")
		}
	}
}

// BenchmarkDecideByHand is the same answer as a loop over the entries would
// give it, for comparison.
func BenchmarkDecideByHand(b *testing.B) {
	p := mustAuth(b, benchDoc)
	entries, attributes := p.AuthTypes(), p.KYCAttributes()
	b.ReportAllocs()
	for b.Loop() {
		if !byHand(entries, attributes, benchRequest) {
			b.Fatal("refused")
		}
	}
}

func byHand(entries []policy.AuthType, attributes []string, req policy.AuthRequest) bool {
	allowed := func(name, sub string) bool {
		for i := range entries {
			if strings.EqualFold(entries[i].Type, name) && (sub == "" || strings.EqualFold(entries[i].SubType, sub)) {
				return true
			}
		}
		return false
	}
	if !allowed("kyc", "") {
		return false
	}
	for _, f := range req.Factors {
		if !allowed(f.Type, f.SubType) {
			return false
		}
	}
	for i := range entries {
		if !entries[i].Mandatory {
			continue
		}
		present := false
		for _, f := range req.Factors {
			present = present || strings.EqualFold(f.Type, entries[i].Type) && strings.EqualFold(f.SubType, entries[i].SubType)
		}
		if !present {
			return false
		}
	}
	for _, a := range req.Attributes {
		found := false
		for _, known := range attributes {
			found = found || strings.EqualFold(a, known)
		}
		if !found {
			return false
		}
	}
	return true
}
