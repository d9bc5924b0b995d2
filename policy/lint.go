package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity is how surely a finding was not meant.
type Severity uint8

// The severities. The zero Severity is none of them.
const (
	Note    Severity = iota + 1 // worth a look
	Warning                     // hardly meant
	Error                       // cannot do what it says
)

// String is the severity in lower case.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	default:
		return "unknown"
	}
}

// MarshalText is String, for JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Rule names what Lint found.
type Rule string

// The rules of Lint.
const (
	LintUnknownAuthType      Rule = "unknown-auth-type"      // no operation and no factor of that name
	LintUnusedAuthType       Rule = "unused-auth-type"       // known, and nothing looks at it
	LintUnknownBiometric     Rule = "unknown-biometric"      // not FINGER, IRIS or FACE
	LintBiometricUnspecified Rule = "biometric-unspecified"  // bio without a subtype allows nothing
	LintNeedlessSubType      Rule = "needless-subtype"       // a type that has no subtypes
	LintDuplicate            Rule = "duplicate"              // the same entry twice
	LintContradiction        Rule = "contradiction"          // the same entry, mandatory and optional
	LintMandatoryImpossible  Rule = "mandatory-not-allowed"  // mandatory, and no operation that the policy opens can satisfy it
	LintMandatoryOIDC        Rule = "mandatory-in-oidc"      // an OIDC client's policy may make nothing mandatory
	LintExchangeWithoutAuth  Rule = "exchange-without-auth"  // kycexchange or vciexchange without kycauth
	LintFactorUnreachable    Rule = "factor-unreachable"     // otp without otp-request; pwd, kbt or wla without kycauth
	LintAttributeUnreleased  Rule = "attribute-unreleased"   // attributes, and no operation that releases any
	LintUnknownAttribute     Rule = "unknown-attribute"      // not in the host's identity schema
	LintUnknownLanguage      Rule = "unknown-language"       // not among the host's languages
	LintNothingAllowed       Rule = "nothing-allowed"        // the policy allows, shares or delegates nothing
	LintTokenTypeAbsent      Rule = "token-type-absent"      // the platform then takes random
	LintMemberAbsent         Rule = "member-absent"          // the platform's schema demands it
	LintUnknownGroup         Rule = "unknown-group"          // refused by every decision
	LintSourceMissing        Rule = "source-missing"         // shared from nowhere
	LintFilterNeverMatches   Rule = "filter-never-matches"   // a biometric filter that selects nothing
	LintFormatAbsent         Rule = "format-absent"          // the platform wants one for biometrics
	LintExpiresAtOnce        Rule = "expires-at-once"        // valid for 0 minutes
	LintUnlimitedReads       Rule = "unlimited-transactions" // -1
	LintNeverReadable        Rule = "never-readable"         // 0 or another negative number
	LintSharedInClear        Rule = "shared-in-clear"        // neither the share nor the attribute is encrypted
	LintUnknownTerm          Rule = "unknown-term"           // a share type or encryption that is refused
)

// Finding is something valid that was surely not meant.
type Finding struct {
	Rule       Rule     `json:"rule"`
	Severity   Severity `json:"severity"`
	Pointer    string   `json:"pointer"` // RFC 6901 into the policy
	Subject    string   `json:"subject,omitempty"`
	Message    string   `json:"message"`
	Suggestion string   `json:"suggestion"`
}

// String says where, how bad and what, in one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s (%s)", f.Pointer, f.Severity, f.Message, f.Suggestion)
}

// LintContext is what the host knows and a policy does not say. The zero
// LintContext skips the checks that need it.
type LintContext struct {
	// Attributes of the country's identity schema; nil: not checked.
	Attributes []string
	// Languages of the installation; nil: not checked.
	Languages []string
	// ForOIDCClient: the policy is meant for clients of eSignet.
	ForOIDCClient bool
}

// linter collects findings.
type linter struct {
	in       LintContext
	findings []Finding
}

func (l *linter) add(r Rule, s Severity, pointer, subject, message, suggestion string) {
	l.findings = append(l.findings, Finding{r, s, pointer, subject, message, suggestion})
}

// done sorts the worst first, and then as the document stands.
func (l *linter) done() []Finding {
	slices.SortStableFunc(l.findings, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return l.findings
}

// name checks one attribute name against the identity schema.
func (l *linter) name(pointer, name string) {
	if l.in.Attributes == nil || contains(l.in.Attributes, name) {
		return
	}
	suggestion := "name an attribute of the identity schema"
	if near := nearest(name, l.in.Attributes); near != "" {
		suggestion = fmt.Sprintf("did you mean %q?", near)
	}
	l.add(LintUnknownAttribute, Warning, pointer, name, fmt.Sprintf("the identity schema has no attribute %q", name), suggestion)
}

func (l *linter) language(pointer, language string) {
	if l.in.Languages == nil || contains(l.in.Languages, language) {
		return
	}
	l.add(LintUnknownLanguage, Warning, pointer, language, fmt.Sprintf("the installation has no language %q", language),
		"use one of "+strings.Join(quoteAll(l.in.Languages), ", "))
}

func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return equalFold(n, name) })
}
