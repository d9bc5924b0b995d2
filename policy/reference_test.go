package policy_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

// reference is a second implementation of the auth decision, written from the
// rules and for nothing but being obviously right: no tables, no sets.
func reference(doc string, req policy.AuthRequest) bool {
	var p struct {
		AllowedAuthTypes []struct {
			AuthType, AuthSubType string
			Mandatory             bool
		}
		AllowedKycAttributes []struct{ AttributeName string }
	}
	if json.Unmarshal([]byte(doc), &p) != nil {
		return false
	}
	biometrics := []string{"finger", "iris", "face"}
	op := strings.ToLower(string(req.Operation))
	permission := map[string]string{
		"auth": "", "otp-request": "otp-request", "kyc": "kyc", "kyc-auth": "kycauth",
		"kyc-exchange": "kycexchange", "key-binding": "keybinding", "vci-exchange": "vciexchange",
	}
	word, known := permission[op]
	if !known {
		return false
	}
	listed := func(name, sub string) bool {
		for _, t := range p.AllowedAuthTypes {
			if strings.ToLower(t.AuthType) == name && (name != "bio" || strings.ToLower(t.AuthSubType) == sub) {
				return true
			}
		}
		return false
	}
	if word != "" && !listed(word, "") {
		return false
	}
	carries := map[string][]string{
		"auth": {"demo", "bio", "otp", "pin"}, "kyc": {"demo", "bio", "otp", "pin"}, "key-binding": {"demo", "bio", "otp", "pin"},
	}[op]
	if carries == nil {
		carries = []string{"demo", "bio", "otp", "pin", "pwd", "kbt", "wla"}
	}
	present := func(name, sub string) bool {
		return slices.ContainsFunc(req.Factors, func(f policy.Factor) bool {
			return strings.ToLower(f.Type) == name && (name != "bio" || strings.ToLower(f.SubType) == sub)
		})
	}
	for _, f := range req.Factors {
		name, sub := strings.ToLower(f.Type), strings.ToLower(f.SubType)
		if !slices.Contains(carries, name) || !listed(name, sub) || name == "bio" && !slices.Contains(biometrics, sub) {
			return false
		}
	}
	if len(req.Factors) == 0 && slices.Contains([]string{"auth", "kyc", "kyc-auth", "key-binding"}, op) {
		return false
	}
	for _, t := range p.AllowedAuthTypes {
		if !t.Mandatory || !slices.Contains([]string{"auth", "kyc", "kyc-auth"}, op) {
			continue
		}
		name, sub := strings.ToLower(t.AuthType), strings.ToLower(t.AuthSubType)
		if !present(name, sub) && (word == "" || name != word) {
			return false
		}
	}
	for _, a := range req.Attributes {
		if !slices.ContainsFunc(p.AllowedKycAttributes, func(k struct{ AttributeName string }) bool {
			return strings.EqualFold(k.AttributeName, a)
		}) {
			return false
		}
	}
	return true
}
