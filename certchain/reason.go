package certchain

// Reason says why a certificate was refused. It is a constant and an error:
//
//	if errors.Is(err, certchain.Expired) { … }
//
// The zero value is no reason.
type Reason string

// Error returns the reason's sentence.
func (r Reason) Error() string { return "certchain: " + r.Sentence() }

// The path: does the certificate chain to what we trust?
const (
	Malformed           Reason = "Malformed"
	BadSignature        Reason = "BadSignature"
	UnknownIssuer       Reason = "UnknownIssuer"
	IssuerInOtherDomain Reason = "IssuerInOtherDomain"
	NotCA               Reason = "NotCA"
	KeyUsage            Reason = "KeyUsage"
	ExtKeyUsage         Reason = "ExtKeyUsage"
	Expired             Reason = "Expired"
	NotYetValid         Reason = "NotYetValid"
	PathTooLong         Reason = "PathTooLong"
	NameConstraint      Reason = "NameConstraint"
	CriticalExtension   Reason = "CriticalExtension"
	PolicyRejected      Reason = "PolicyRejected"
	Revoked             Reason = "Revoked"
	RevocationUnknown   Reason = "RevocationUnknown"
	NonConforming       Reason = "NonConforming"
	BudgetExceeded      Reason = "BudgetExceeded"
)

// The partner rules: is it what a partner certificate must be?
const (
	SelfSigned            Reason = "SelfSigned"
	TrustAnchor           Reason = "TrustAnchor"
	NotV3                 Reason = "NotV3"
	WeakKey               Reason = "WeakKey"
	WeakSignature         Reason = "WeakSignature"
	ShortValidity         Reason = "ShortValidity"
	OrganizationMissing   Reason = "OrganizationMissing"
	OrganizationAmbiguous Reason = "OrganizationAmbiguous"
	OrganizationMismatch  Reason = "OrganizationMismatch"
)

// The host: it asked for what cannot be answered.
const (
	// Misconfigured: the verifier has no source, no profile or an option that
	// contradicts itself. A verifier that nobody configured refuses.
	Misconfigured Reason = "Misconfigured"
	// SourceFailed: the trust source could not say whom it trusts.
	SourceFailed Reason = "SourceFailed"
	// Canceled: the context ended before the answer was found.
	Canceled Reason = "Canceled"
)

// reasonFacts is what is known of each reason. The order is the ranking: of
// two findings the one whose reason stands higher is the more telling. First
// comes what leaves no verdict at all, then what shows a forgery, then what
// breaks the path, then what the partner rules ask of a sound path.
var reasonFacts = []struct {
	reason   Reason
	sentence string
	source   string // the section or rule that asks for it
	code     string // the platform's code at a partner's upload, if it has one
}{
	{Misconfigured, "the verifier is not configured to answer", "this library", ""},
	{SourceFailed, "the trust source could not say whom it trusts", "this library", ""},
	{Canceled, "the call ended before an answer was found", "this library", ""},
	{BudgetExceeded, "the search took more work than its budget allows", "this library", "KER-PCM-006"},
	{Malformed, "the certificate cannot be read", "RFC 5280 §4.1", ""},
	{BadSignature, "the signature does not verify under the issuer's key", "RFC 5280 §6.1.3 (a)(1)", "KER-PCM-006"},
	{Revoked, "the certificate was revoked", "RFC 5280 §6.1.3 (a)(3), §6.3", ""},
	{SelfSigned, "the certificate is self-signed", "partner rule", "KER-PCM-015"},
	{TrustAnchor, "the certificate is itself a trust anchor", "partner rule", ""},
	{NotV3, "the certificate is not of version 3", "RFC 5280 §6.1.4 (k), partner rule", "KER-PCM-007"},
	{NotCA, "the certificate is used as a CA and is none", "RFC 5280 §6.1.4 (k)", "KER-PCM-006"},
	{KeyUsage, "the key usage does not allow signing certificates", "RFC 5280 §6.1.4 (n)", "KER-PCM-006"},
	{Expired, "the certificate has expired", "RFC 5280 §6.1.3 (a)(2)", "KER-PCM-004"},
	{NotYetValid, "the certificate is not valid yet", "RFC 5280 §6.1.3 (a)(2)", "KER-PMS-020"},
	{IssuerInOtherDomain, "the issuer is trusted in another domain only", "RFC 5280 §6.1.1 (d)", "KER-PCM-006"},
	{UnknownIssuer, "no issuer of the certificate is known", "RFC 5280 §6.1.3 (a)(4)", "KER-PCM-006"},
	{PathTooLong, "more CAs stand below the certificate than it allows", "RFC 5280 §6.1.4 (l), (m)", "KER-PCM-006"},
	{NameConstraint, "a name is outside what a CA above may certify", "RFC 5280 §6.1.3 (b), (c)", "KER-PCM-006"},
	{CriticalExtension, "a critical extension is not understood", "RFC 5280 §6.1.4 (o), §6.1.5 (f)", "KER-PCM-006"},
	{PolicyRejected, "no acceptable certificate policy holds for the path", "RFC 5280 §6.1.3 (f), §6.1.5 (g)", "KER-PCM-006"},
	{NonConforming, "the certificate breaks a rule of the certificate profile", "RFC 5280 §4", "KER-PCM-006"},
	{ExtKeyUsage, "the extended key usage does not allow this use", "RFC 5280 §4.2.1.12", "KER-PCM-006"},
	{WeakKey, "the key is not strong enough or of no accepted kind", "partner rule", "KER-PCM-013"},
	{WeakSignature, "the signature algorithm is not accepted", "partner rule", "KER-PCM-014"},
	{RevocationUnknown, "it is unknown whether the certificate was revoked", "RFC 5280 §6.3.3", ""},
	{OrganizationMissing, "the certificate names no organisation", "partner rule", "KER-PCM-008"},
	{OrganizationAmbiguous, "the certificate names more than one organisation", "partner rule", "KER-PCM-008"},
	{OrganizationMismatch, "the organisation is not the registered one", "partner rule", "KER-PCM-008"},
	{ShortValidity, "the certificate expires too soon", "partner rule", "KER-KMS-021"},
}

// Reasons returns every reason, the most telling first.
func Reasons() []Reason {
	all := make([]Reason, len(reasonFacts))
	for i, f := range reasonFacts {
		all[i] = f.reason
	}
	return all
}

// rank is the reason's place among all; an unknown reason comes last.
func (r Reason) rank() int {
	for i, f := range reasonFacts {
		if f.reason == r {
			return i
		}
	}
	return len(reasonFacts)
}

// Sentence says the reason in words for a person.
func (r Reason) Sentence() string {
	if i := r.rank(); i < len(reasonFacts) {
		return reasonFacts[i].sentence
	}
	return "refused for the unknown reason " + string(r)
}

// Source names the section of a standard, or the rule, that the reason comes
// from.
func (r Reason) Source() string {
	if i := r.rank(); i < len(reasonFacts) {
		return reasonFacts[i].source
	}
	return ""
}

// PlatformCode returns the code under which the platform reports this reason
// when a partner uploads a certificate, or "" where it has none. The platform
// uses some codes for several reasons; compare reasons, show codes.
func (r Reason) PlatformCode() string {
	if i := r.rank(); i < len(reasonFacts) {
		return reasonFacts[i].code
	}
	return ""
}
