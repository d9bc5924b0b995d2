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
