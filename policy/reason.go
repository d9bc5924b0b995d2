package policy

// Reason says why something was refused or reported. It is an error, so that
// errors.Is(decision.Err(), policy.FactorNotAllowed) works, and a stable word
// that a log or an API may carry. The platform's codes are an attribute of a
// [Denial], never its identity, because the platform uses some of them twice.
type Reason string

// Error is the word itself.
func (r Reason) Error() string { return string(r) }

// What can be wrong with a document ([Problem]).
const (
	NotJSON          Reason = "not-json"           // the text is not JSON (RFC 8259), or not UTF-8
	TrailingData     Reason = "trailing-data"      // something follows the document
	DuplicateMember  Reason = "duplicate-member"   // a name stands twice in one object
	UnknownMember    Reason = "unknown-member"     // the documented format has no such member
	MissingMember    Reason = "missing-member"     // the documented format demands it
	WrongType        Reason = "wrong-type"         // another JSON type should stand there
	BadValue         Reason = "bad-value"          // not in the closed list, or not a number within its bounds
	DocumentTooLarge Reason = "document-too-large" // more than MaxDocumentBytes
	DocumentTooDeep  Reason = "document-too-deep"  // nested deeper than MaxDepth
	TooManyEntries   Reason = "too-many-entries"   // more than MaxEntries in one array or object
)

// Why any decision may be no.
const (
	Undecided       Reason = "undecided"         // the zero value of a verdict, or of a clock
	PolicyMissing   Reason = "policy-missing"    // there is no parsed policy to decide by
	RequestTooLarge Reason = "request-too-large" // more than MaxRequestEntries, or MaxBiometrics
)

// Why [Auth.Decide] and [MISP.Decide] say no.
const (
	UnknownOperation      Reason = "unknown-operation"        // none of the seven operations
	OperationNotAllowed   Reason = "operation-not-allowed"    // its permission word is not in allowedAuthTypes: IDA-MPA-005, -013, -025, -026, -033, -036
	FactorMissing         Reason = "factor-missing"           // the operation authenticates, the request carries no factor: IDA-MLC-008
	UnknownFactor         Reason = "unknown-factor"           // not a factor, or not a biometric subtype: IDA-MPA-006, IDA-MLC-009
	BiometricUnspecified  Reason = "biometric-unspecified"    // bio without FINGER, IRIS or FACE: IDA-MLC-006
	FactorNotAllowed      Reason = "factor-not-allowed"       // not in allowedAuthTypes: IDA-MPA-006
	FactorNotForOperation Reason = "factor-not-for-operation" // pwd, kbt and wla are of kyc-auth alone: IDA-MPA-006
	FactorMandatory       Reason = "factor-mandatory"         // marked mandatory and not satisfied: IDA-MPA-015
	UnknownMandatoryType  Reason = "unknown-mandatory-type"   // marked mandatory, and no request can satisfy it: IDA-MPA-015
	UnknownTokenType      Reason = "unknown-token-type"       // authTokenType is none of random, partner, policy
	AttributeNotAllowed   Reason = "attribute-not-allowed"    // not in allowedKycAttributes, or not in shareableAttributes
	DelegationForbidden   Reason = "delegation-not-allowed"   // the MISP policy's flag is not set: IDA-MPA-030, -031, -032, -037
)

// Why [DataShare.Decide] and [FilterBiometrics] say no.
const (
	NothingRequested  Reason = "nothing-requested"      // no attribute was asked for, or the policy shares none
	UnknownGroup      Reason = "unknown-group"          // a group that is not CBEFF
	SourceMissing     Reason = "source-missing"         // the entry names no source
	TermsMissing      Reason = "terms-missing"          // dataSharePolicies do not say everything
	UnknownShareType  Reason = "unknown-share-type"     // typeOfShare is neither Data Share nor direct
	UnknownEncryption Reason = "unknown-encryption"     // encryptionType is neither Partner Based nor none
	FilterMissing     Reason = "filter-missing"         // no filter says which biometrics are shared
	FilterUnknown     Reason = "filter-unknown"         // a filter of no biometric type
	FilterMatchesNone Reason = "filter-matches-nothing" // no record is what the filter names
)

// Why a share cannot be read ([Share.Readable], [Share.Read]).
const (
	ShareNotYetMade Reason = "share-not-yet-made" // now is before it was made
	ShareExpired    Reason = "share-expired"      // validForInMinutes are over
	ShareUsedUp     Reason = "share-used-up"      // transactionsAllowed are used up, or were never any
	CounterFailed   Reason = "counter-failed"     // the read could not be counted
)

// What stands against a call ([Standing]), in the order in which it is looked
// at, with the code of the platform's PartnerServiceManager.
const (
	PartnerNotRegistered     Reason = "partner-not-registered"      // no such partner: IDA-MPA-009
	PartnerNotActive         Reason = "partner-not-active"          // the partner was deactivated: IDA-MPA-012
	PolicyNotRegistered      Reason = "policy-not-registered"       // no such policy is mapped to the partner: IDA-MPA-018
	PolicyNotActive          Reason = "policy-not-active"           // the policy is not published, or was deactivated: IDA-MPA-019
	PolicyNotYetValid        Reason = "policy-not-yet-valid"        // the policy does not hold yet: IDA-MPA-019
	PolicyExpired            Reason = "policy-expired"              // the policy holds no more: IDA-MPA-019
	PolicyGroupNotRegistered Reason = "policy-group-not-registered" // no such policy group
	PolicyGroupNotActive     Reason = "policy-group-not-active"     // the policy group was deactivated
	CredentialMissing        Reason = "credential-missing"          // neither an API key nor an OIDC client was named: IDA-MPA-024
	APIKeyNotRegistered      Reason = "api-key-not-registered"      // no such API key: IDA-MPA-009
	APIKeyNotActive          Reason = "api-key-not-active"          // the API key was deactivated: IDA-MPA-012
	APIKeyNotYetValid        Reason = "api-key-not-yet-valid"       // the API key does not hold yet: IDA-MPA-039
	APIKeyExpired            Reason = "api-key-expired"             // the API key holds no more: IDA-MPA-039
	ClientNotRegistered      Reason = "client-not-registered"       // no such OIDC client: IDA-MPA-028
	ClientNotActive          Reason = "client-not-active"           // the OIDC client was deactivated: IDA-MPA-027
	ClientNotYetValid        Reason = "client-not-yet-valid"        // the OIDC client does not hold yet
	ClientExpired            Reason = "client-expired"              // the OIDC client holds no more
	CertificateNotVerified   Reason = "certificate-not-verified"    // nobody verified the certificate
	CertificateNotTrusted    Reason = "certificate-not-trusted"     // the certificate does not chain to a trusted CA
	CertificateHasExpired    Reason = "certificate-expired"         // the certificate has expired
	CertificateNotValidYet   Reason = "certificate-not-yet-valid"   // the certificate is not valid yet
	CertificateIsRevoked     Reason = "certificate-revoked"         // the certificate was revoked
	CertificateMismatch      Reason = "certificate-mismatch"        // the certificate is not the registered one: IDA-MPA-021
	MISPNotRegistered        Reason = "misp-not-registered"         // no such MISP: IDA-MPA-007
	MISPNotActive            Reason = "misp-not-active"             // the MISP was deactivated
	LicenceNotRegistered     Reason = "licence-not-registered"      // no such licence key: IDA-MPA-007
	LicenceNotActive         Reason = "licence-not-active"          // the licence was deactivated: IDA-MPA-017
	LicenceNotYetValid       Reason = "licence-not-yet-valid"       // the licence does not hold yet: IDA-MPA-007
	LicenceExpired           Reason = "licence-expired"             // the licence holds no more: IDA-MPA-008
)

// Why a policy cannot be changed, published, deactivated ([State.Apply]) or
// given to a partner ([PartnerKinds.Permits]).
const (
	UnknownState       Reason = "unknown-state"        // none of draft, active, inactive
	UnknownAction      Reason = "unknown-action"       // none of edit, publish, deactivate
	PolicyPublished    Reason = "policy-published"     // what is published is immutable: PMS_POL_020, PMS_POL_055
	PolicyNotPublished Reason = "policy-not-published" // a draft is not active: PMS_POL_072
	PolicyDeactivated  Reason = "policy-deactivated"   // for good: PMS_POL_058, PMS_POL_062
	GroupNotActive     Reason = "group-not-active"     // its group was deactivated: PMS_POL_053
	APIKeyInUse        Reason = "api-key-in-use"       // an API key still uses it: PMS_POL_057
	RequestApproved    Reason = "request-approved"     // a partner may use it: PMS_POL_063
	RequestPending     Reason = "request-pending"      // a partner has asked for it: PMS_POL_064
	UnknownPartnerType Reason = "unknown-partner-type" // not in the table of partner types
	KindNotForPartner  Reason = "kind-not-for-partner" // another kind applies to that type, or none
	UnknownKind        Reason = "unknown-kind"         // none of Auth, DataShare, MISP
)
