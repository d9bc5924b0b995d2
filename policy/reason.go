package policy

// Reason says why something was refused or reported. It is an error, so that
// errors.Is(decision.Err(), policy.FactorNotAllowed) works, and a stable word
// that a log or an API may carry. The platform's codes are an attribute of a
// [Denial], never its identity, because the platform uses some of them twice.
type Reason string

// Error is the word itself.
func (r Reason) Error() string { return string(r) }

// What can be wrong with a document.
const (
	NotJSON          Reason = "not-json"
	TrailingData     Reason = "trailing-data"
	DuplicateMember  Reason = "duplicate-member"
	UnknownMember    Reason = "unknown-member"
	MissingMember    Reason = "missing-member"
	WrongType        Reason = "wrong-type"
	BadValue         Reason = "bad-value"
	DocumentTooLarge Reason = "document-too-large"
	DocumentTooDeep  Reason = "document-too-deep"
	TooManyEntries   Reason = "too-many-entries"
)

// Why a decision is no.
const (
	// Undecided is what the zero value of every verdict says.
	Undecided Reason = "undecided"
	// PolicyMissing: there is no parsed policy to decide by.
	PolicyMissing Reason = "policy-missing"
	// RequestTooLarge: the request names more than [MaxRequestEntries] of one thing.
	RequestTooLarge Reason = "request-too-large"

	UnknownOperation      Reason = "unknown-operation"
	OperationNotAllowed   Reason = "operation-not-allowed"
	FactorMissing         Reason = "factor-missing"
	UnknownFactor         Reason = "unknown-factor"
	BiometricUnspecified  Reason = "biometric-unspecified"
	FactorNotAllowed      Reason = "factor-not-allowed"
	FactorNotForOperation Reason = "factor-not-for-operation"
	FactorMandatory       Reason = "factor-mandatory"
	UnknownMandatoryType  Reason = "unknown-mandatory-type"
	UnknownTokenType      Reason = "unknown-token-type"
	AttributeNotAllowed   Reason = "attribute-not-allowed"

	NothingRequested    Reason = "nothing-requested"
	UnknownGroup        Reason = "unknown-group"
	SourceMissing       Reason = "source-missing"
	UnknownShareType    Reason = "unknown-share-type"
	UnknownEncryption   Reason = "unknown-encryption"
	TermsMissing        Reason = "terms-missing"
	FilterMatchesNone   Reason = "filter-matches-nothing"
	FilterMissing       Reason = "filter-missing"
	FilterUnknown       Reason = "filter-unknown"
	DelegationForbidden Reason = "delegation-not-allowed"
)

// Why a share cannot be read.
const (
	ShareNotYetMade Reason = "share-not-yet-made"
	ShareExpired    Reason = "share-expired"
	ShareUsedUp     Reason = "share-used-up"
	CounterFailed   Reason = "counter-failed"
)

// What stands against a call ([Standing]), in the order in which it is looked at.
const (
	PartnerNotRegistered     Reason = "partner-not-registered"
	PartnerNotActive         Reason = "partner-not-active"
	PolicyNotRegistered      Reason = "policy-not-registered"
	PolicyNotActive          Reason = "policy-not-active"
	PolicyNotYetValid        Reason = "policy-not-yet-valid"
	PolicyExpired            Reason = "policy-expired"
	PolicyGroupNotRegistered Reason = "policy-group-not-registered"
	PolicyGroupNotActive     Reason = "policy-group-not-active"
	CredentialMissing        Reason = "credential-missing"
	APIKeyNotRegistered      Reason = "api-key-not-registered"
	APIKeyNotActive          Reason = "api-key-not-active"
	APIKeyNotYetValid        Reason = "api-key-not-yet-valid"
	APIKeyExpired            Reason = "api-key-expired"
	ClientNotRegistered      Reason = "client-not-registered"
	ClientNotActive          Reason = "client-not-active"
	ClientNotYetValid        Reason = "client-not-yet-valid"
	ClientExpired            Reason = "client-expired"
	CertificateNotVerified   Reason = "certificate-not-verified"
	CertificateNotTrusted    Reason = "certificate-not-trusted"
	CertificateHasExpired    Reason = "certificate-expired"
	CertificateNotValidYet   Reason = "certificate-not-yet-valid"
	CertificateIsRevoked     Reason = "certificate-revoked"
	CertificateMismatch      Reason = "certificate-mismatch"
	MISPNotRegistered        Reason = "misp-not-registered"
	MISPNotActive            Reason = "misp-not-active"
	LicenceNotRegistered     Reason = "licence-not-registered"
	LicenceNotActive         Reason = "licence-not-active"
	LicenceNotYetValid       Reason = "licence-not-yet-valid"
	LicenceExpired           Reason = "licence-expired"
)

// Why a policy cannot be changed, published, deactivated or given to a partner.
const (
	UnknownState       Reason = "unknown-state"
	UnknownAction      Reason = "unknown-action"
	PolicyPublished    Reason = "policy-published"
	PolicyNotPublished Reason = "policy-not-published"
	PolicyDeactivated  Reason = "policy-deactivated"
	GroupNotActive     Reason = "group-not-active"
	APIKeyInUse        Reason = "api-key-in-use"
	RequestApproved    Reason = "request-approved"
	RequestPending     Reason = "request-pending"
	UnknownPartnerType Reason = "unknown-partner-type"
	KindNotForPartner  Reason = "kind-not-for-partner"
	UnknownKind        Reason = "unknown-kind"
)
