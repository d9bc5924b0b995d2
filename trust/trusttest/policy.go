package trusttest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

// AuthPolicy returns an auth policy in the platform's format that opens these
// factors and operations and releases these attributes, and nothing else. The
// words are the platform's ("otp", "demo", "kyc", "otp-request", …); a biometric
// factor is written with its modality, as "bio-FINGER".
func AuthPolicy(authTypes []string, attributes ...string) []byte {
	type authType struct {
		Type      string `json:"authType"`
		SubType   string `json:"authSubType"`
		Mandatory bool   `json:"mandatory"`
	}
	type attribute struct {
		Name string `json:"attributeName"`
	}
	document := struct {
		TokenType  string      `json:"authTokenType"`
		AuthTypes  []authType  `json:"allowedAuthTypes"`
		Attributes []attribute `json:"allowedKycAttributes"`
		Languages  []string    `json:"kycLanguages"`
	}{string(policy.TokenPartner), []authType{}, []attribute{}, []string{"eng"}}
	for _, t := range authTypes {
		a := authType{Type: t}
		if modality, ok := strings.CutPrefix(t, "bio-"); ok {
			a = authType{Type: "bio", SubType: modality}
		}
		document.AuthTypes = append(document.AuthTypes, a)
	}
	for _, name := range attributes {
		document.Attributes = append(document.Attributes, attribute{name})
	}
	return encode(document)
}

// DataSharePolicy returns a datashare policy in the platform's format that shares
// these attributes, each taken from the attribute of its name, encrypted to the
// partner, for half an hour and two reads. The attribute "biometrics" is all
// biometric records of the person.
func DataSharePolicy(attributes ...string) []byte {
	type filter struct {
		Type string `json:"type"`
	}
	type source struct {
		Attribute string   `json:"attribute"`
		Filters   []filter `json:"filter,omitempty"`
	}
	type attribute struct {
		Name      string       `json:"attributeName"`
		Group     policy.Group `json:"group,omitempty"`
		Sources   []source     `json:"source"`
		Encrypted bool         `json:"encrypted"`
		Format    string       `json:"format,omitempty"`
	}
	document := struct {
		Terms      map[string]string `json:"dataSharePolicies"`
		Attributes []attribute       `json:"shareableAttributes"`
	}{
		map[string]string{
			"typeOfShare": string(policy.ShareByURL), "validForInMinutes": "30", "transactionsAllowed": "2",
			"encryptionType": string(policy.EncryptionPartner), "shareDomain": "datashare.example", "source": "ID Repository",
		}, []attribute{},
	}
	for _, name := range attributes {
		a := attribute{Name: name, Sources: []source{{Attribute: name}}, Encrypted: true}
		if name == "biometrics" {
			a.Group, a.Format = policy.GroupCBEFF, "extraction"
			a.Sources = []source{{"individualBiometrics", []filter{{"Finger"}, {"Iris"}, {"Face"}}}}
		}
		document.Attributes = append(document.Attributes, a)
	}
	return encode(document)
}

// MISPPolicy returns the policy of an infrastructure provider in the platform's
// format that may pass on these operations. The format has one flag for
// authentication and one-time passwords together, and one for the three of KYC.
func MISPPolicy(operations ...policy.Operation) []byte {
	anyOf := func(of ...policy.Operation) bool {
		return slices.ContainsFunc(of, func(o policy.Operation) bool { return slices.Contains(operations, o) })
	}
	return encode(map[string]bool{
		"allowAuthRequestDelegation":       anyOf(policy.OperationAuth, policy.OperationOTPRequest),
		"allowKycRequestDelegation":        anyOf(policy.OperationKYC, policy.OperationKYCAuth, policy.OperationKYCExchange),
		"allowKeyBindingDelegation":        anyOf(policy.OperationKeyBinding),
		"allowVciRequestDelegation":        anyOf(policy.OperationVCIExchange),
		"trustBindedAuthVerificationToken": false,
	})
}

// encode never fails: what it is given are strings and flags.
func encode(document any) []byte {
	text, _ := json.MarshalIndent(document, "", "  ")
	return text
}
