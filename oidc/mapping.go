package oidc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/internal/jose"
)

// A Mapping says which attributes of a person feed a claim, and which
// authentication factors an authentication context takes. The zero Mapping
// grants nothing. It is immutable and safe for concurrent use.
type Mapping struct {
	claims []claimRule // sorted by name
	acrs   []acrRule   // sorted by value
}

type claimRule struct {
	name       string
	attributes []string
}

type acrRule struct {
	value   string
	factors [][]string // per authentication method, the types of its factors
}

// A MappingOption replaces one of the documented defaults.
type MappingOption func(*mappingInput)

type mappingInput struct {
	identity, acr *string // files; nil: the default
	supported     []string
}

// IdentityMapping takes the platform's identity-mapping.json, or the
// idp-claims-mapping.json of older versions.
func IdentityMapping(file []byte) MappingOption {
	text := string(file)
	return func(in *mappingInput) { in.identity = &text }
}

// ACRMapping takes the platform's amr-acr-mapping.json.
func ACRMapping(file []byte) MappingOption {
	text := string(file)
	return func(in *mappingInput) { in.acr = &text }
}

// SupportedClaims takes claims_supported of eSignet's discovery document: a
// mapping of anything else is of no use to a client. No name means none.
func SupportedClaims(names ...string) MappingOption {
	return func(in *mappingInput) { in.supported = slices.Clone(names) }
}

// The documented defaults: identity-mapping.json and amr-acr-mapping.json of
// mosip-config, release 1.3; claims_supported of eSignet's
// application-default.properties.
var (
	defaultClaimRules = []claimRule{
		{"address", []string{"addressLine1", "addressLine2", "addressLine3", "city", "region", "province", "postalCode"}},
		{"birthdate", []string{"dateOfBirth"}},
		{"email", []string{"email"}},
		{"gender", []string{"gender"}},
		{"individual_id", []string{"individual_id"}},
		{"name", []string{"fullName"}},
		{"phone_number", []string{"phone"}},
		{"picture", []string{"face"}},
	}
	defaultACRRules = []acrRule{
		{"mosip:idp:acr:biometrics", [][]string{{"BIO"}}},
		{"mosip:idp:acr:generated-code", [][]string{{"OTP"}}},
		{"mosip:idp:acr:linked-wallet", [][]string{{"WLA"}}},
		{"mosip:idp:acr:password", [][]string{{"PWD"}}},
		{"mosip:idp:acr:static-code", [][]string{{"PIN"}}},
	}
	defaultClaims = []string{
		"name", "address", "gender", "birthdate", "picture", "email", "phone_number", "individual_id",
		"phone_number_verified", "registration_type", "updated_at",
	}
)

// DefaultMapping is the documented default, which [NewMapping] without options
// also makes.
func DefaultMapping() *Mapping { return &Mapping{defaultClaimRules, defaultACRRules} }

// NewMapping reads mapping files; what no option gives is the documented
// default. A file that cannot be read strictly, a member given twice included,
// is [MalformedMapping]: of two attributes for one claim, nobody knows which
// was meant.
func NewMapping(opts ...MappingOption) (*Mapping, error) {
	in := mappingInput{supported: defaultClaims}
	for _, opt := range opts {
		opt(&in)
	}
	m := DefaultMapping()
	if in.identity != nil {
		claims, err := readClaims(*in.identity)
		if err != nil {
			return nil, err
		}
		m.claims = claims
	}
	m.claims = slices.DeleteFunc(slices.Clone(m.claims), func(rule claimRule) bool {
		return !slices.Contains(in.supported, rule.name)
	})
	if in.acr != nil {
		acrs, err := readACRs(*in.acr)
		if err != nil {
			return nil, err
		}
		m.acrs = acrs
	}
	return m, nil
}

var mappingLimits = jose.Limits{Bytes: MaxMappingBytes, Members: MaxMappingMembers, Depth: jose.MaxDepth}

func badMapping(pointer, detail string) error {
	return &Refusal{[]*Problem{{Reason: MalformedMapping, Pointer: pointer, Detail: detail}}}
}

func parseMapping(file string) (jose.Object, error) {
	object, err := mappingLimits.ParseObject([]byte(file))
	if err != nil {
		return nil, &Refusal{[]*Problem{{Reason: MalformedMapping, Err: fromText(err)}}}
	}
	return object, nil
}

func section(file jose.Object, name string) (jose.Object, error) {
	m, _ := file.Lookup(name)
	object, ok := m.Object()
	if !ok {
		return nil, badMapping("/"+escape(name), "an object expected")
	}
	return object, nil
}

// readClaims reads {"identity": {claim: {"value": "a,b"}}}, or the older
// {"idp-claims-mapping": {claim: {"attributeName": "a,b"}}}.
func readClaims(file string) ([]claimRule, error) {
	object, err := parseMapping(file)
	if err != nil {
		return nil, err
	}
	root, value := "identity", "value"
	if _, older := object.Lookup("idp-claims-mapping"); older {
		root, value = "idp-claims-mapping", "attributeName"
	}
	claims, err := section(object, root)
	if err != nil {
		return nil, err
	}
	var rules []claimRule
	for _, claim := range claims {
		pointer := "/" + root + "/" + escape(claim.Name)
		entry, _ := claim.Object()
		v, _ := entry.Lookup(value)
		text, ok := v.Text()
		if !ok {
			return nil, badMapping(pointer+"/"+value, "a string expected")
		}
		rule := claimRule{name: claim.Name}
		for attribute := range strings.SplitSeq(text, ",") {
			attribute = strings.TrimSpace(attribute)
			if attribute != "" && !slices.ContainsFunc(rule.attributes, sameWord(attribute)) {
				rule.attributes = append(rule.attributes, attribute)
			}
			if len(rule.attributes) > MaxMappingEntries {
				return nil, badMapping(pointer, fmt.Sprintf("more than %d attributes", MaxMappingEntries))
			}
		}
		rules = append(rules, rule)
	}
	slices.SortFunc(rules, func(a, b claimRule) int { return strings.Compare(a.name, b.name) })
	return rules, nil
}

// readACRs reads {"amr": {method: [{"type": factor}]}, "acr_amr": {acr: [method]}}.
func readACRs(file string) ([]acrRule, error) {
	object, err := parseMapping(file)
	if err != nil {
		return nil, err
	}
	amr, err := section(object, "amr")
	if err != nil {
		return nil, err
	}
	methods := make(map[string][]string)
	for _, method := range amr {
		types, err := texts(method, "/amr/", func(element jose.Member) (string, bool) {
			factor, _ := element.Object()
			kind, _ := factor.Lookup("type")
			return kind.Text()
		})
		if err != nil {
			return nil, err
		}
		methods[method.Name] = types
	}
	acrs, err := section(object, "acr_amr")
	if err != nil {
		return nil, err
	}
	var rules []acrRule
	for _, acr := range acrs {
		names, err := texts(acr, "/acr_amr/", jose.Member.Text)
		if err != nil {
			return nil, err
		}
		rule := acrRule{value: acr.Name}
		for _, name := range names {
			rule.factors = append(rule.factors, methods[name]) // an unknown method has no factors
		}
		rules = append(rules, rule)
	}
	slices.SortFunc(rules, func(a, b acrRule) int { return strings.Compare(a.value, b.value) })
	return rules, nil
}

// texts reads a list of which each element has one text.
func texts(m jose.Member, parent string, text func(jose.Member) (string, bool)) ([]string, error) {
	elements, ok := m.Array()
	if !ok || len(elements) > MaxMappingEntries {
		return nil, badMapping(parent+escape(m.Name), fmt.Sprintf("a list of at most %d expected", MaxMappingEntries))
	}
	out := make([]string, len(elements))
	for i, element := range elements {
		if out[i], ok = text(element); !ok || out[i] == "" {
			return nil, badMapping(fmt.Sprintf("%s%s/%d", parent, escape(m.Name), i), "a name expected")
		}
	}
	return out, nil
}

// sameWord compares as the platform does: without regard to the case of ASCII
// letters, in which its attributes and factors are written.
func sameWord(a string) func(string) bool {
	lower := func(s string) string {
		return strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}, s)
	}
	a = lower(a)
	return func(b string) bool { return lower(b) == a }
}
