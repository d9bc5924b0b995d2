package oidc

// Why a request, or a value in it, was not accepted.
const (
	// NotJSON: not a JSON object that every reader sees alike.
	NotJSON Reason = "not a JSON object"
	// WrongType: another JSON type should stand there.
	WrongType Reason = "of another JSON type"
	// UnknownMember: the documented payload has no such member.
	UnknownMember Reason = "unknown member"
	// TooLong: a text with more characters than the platform stores.
	TooLong Reason = "too long"
	// TooMany: a list or map with more entries than the platform takes.
	TooMany Reason = "too many entries"
	// NotUnique: a value that stands twice in one list.
	NotUnique Reason = "listed twice"
	// BadIdentifier: an id with white space in it.
	BadIdentifier Reason = "not an identifier"
	// BadURI: not an absolute http or https URI.
	BadURI Reason = "not a usable URI"
	// UnsupportedGrant: not the grant type authorization_code.
	UnsupportedGrant Reason = "unsupported grant type"
	// UnsupportedAuthMethod: not private_key_jwt.
	UnsupportedAuthMethod Reason = "unsupported client authentication method"
	// UnknownStatus: neither ACTIVE nor INACTIVE.
	UnknownStatus Reason = "unknown status"
	// UnknownLanguage: not an ISO 639-3 code.
	UnknownLanguage Reason = "unknown language code"
	// UnknownClaim: eSignet's discovery document does not list the claim.
	UnknownClaim Reason = "unsupported claim"
	// UnknownACR: eSignet does not know the authentication context.
	UnknownACR Reason = "unsupported authentication context"
	// BadConfig: additionalConfig is not what eSignet's schema describes.
	BadConfig Reason = "not the documented additional configuration"
	// BadTime: a time that is not written as yyyy-MM-ddTHH:mm:ss.SSSZ.
	BadTime Reason = "not a time"
	// StaleRequest: a request of another day, or outside the time window.
	StaleRequest Reason = "not a request of now"
	// UnknownVersion: a [Version] or [Platform] that is none of the constants,
	// the zero value included.
	UnknownVersion Reason = "unknown version"
	// PlatformRefused: the answer of the platform carries errors; each
	// [Problem] has one of its codes.
	PlatformRefused Reason = "the platform refused"
)

// Why a redirect URI was not accepted; their code is invalid_redirect_uri.
const (
	// RedirectCharacter: a character that RFC 3986 does not allow, or a comma,
	// which separates URIs where the platform stores them.
	RedirectCharacter Reason = "unusable character in a redirect URI"
	// RedirectScheme: neither http nor https nor an app's scheme (RFC 8252
	// section 7.1: a reversed domain name, so with a dot).
	RedirectScheme Reason = "unusable scheme of a redirect URI"
	// RedirectHost: no host, or one that is not a plain lower-case name or
	// address with an optional port.
	RedirectHost Reason = "unusable host of a redirect URI"
	// RedirectUserinfo: user name or password before the host.
	RedirectUserinfo Reason = "redirect URI with user information"
	// RedirectFragment: a fragment (RFC 6749 section 3.1.2 forbids it).
	RedirectFragment Reason = "redirect URI with a fragment"
	// RedirectWildcard: a * that is not a whole path segment.
	RedirectWildcard Reason = "wildcard that is not a path segment"
	// RedirectPath: a path that some programs read as another one.
	RedirectPath Reason = "ambiguous path of a redirect URI"
	// RedirectQuery: a question mark with nothing behind it.
	RedirectQuery Reason = "ambiguous query of a redirect URI"
	// PlainHTTP: http beyond the loopback interface, with [RequireHTTPS].
	PlainHTTP Reason = "redirect URI without TLS"
)

// Why a partner or a policy cannot have a client.
const (
	PartnerMissing     Reason = "no such partner"                         // PMS_PRT_058
	PartnerType        Reason = "not an Auth_Partner"                     // PMS_PRT_059
	PartnerInactive    Reason = "partner not active"                      // PMS_PMP_016
	PolicyMissing      Reason = "no such policy"                          // PMS_PRT_073
	PolicyKind         Reason = "not an Auth policy"                      // PMS_PRT_057
	PolicyNotMapped    Reason = "policy not mapped to the partner"        // PMS_PRT_061
	MappingNotApproved Reason = "policy mapping not approved"             // PMS_ESI_002
	MandatoryFactor    Reason = "policy with a mandatory factor"          // PMS_ESI_003
	NoClaims           Reason = "policy allows no claim"                  // PMS_ESI_005
	NoACRs             Reason = "policy allows no authentication context" // PMS_ESI_006
	MalformedMapping   Reason = "not a mapping file"
)

// What a [Clients] store answers.
const (
	ClientNotFound  Reason = "no such client"                       // PMS_ESI_004
	DuplicateClient Reason = "client id exists"                     // PMS_ESI_001
	DuplicateKey    Reason = "public key belongs to another client" // PMS_ESI_001
	ClientInactive  Reason = "client deactivated"                   // PMS_ESI_008
	KeyChanged      Reason = "the key of a client cannot change"
	Conflict        Reason = "the client was changed meanwhile"
	NotAClient      Reason = "a client without id or key"
)

// Why a client assertion was not accepted; their code is invalid_client.
const (
	MalformedAssertion Reason = "not a client assertion"
	// CriticalHeader: the header asks for an extension (crit, b64).
	CriticalHeader Reason = "assertion header with extensions"
	// AlgorithmMismatch: not the algorithm of the registered key.
	AlgorithmMismatch Reason = "not the algorithm of the key"
	// KeyNotForSigning: the registered key says that it is for encryption, or
	// there is no signature algorithm for it.
	KeyNotForSigning Reason = "the key is not for signatures"
	BadSignature     Reason = "bad signature"
	WrongIssuer      Reason = "issuer is not the client"
	WrongSubject     Reason = "subject is not the client"
	WrongAudience    Reason = "meant for another audience"
	Expired          Reason = "assertion expired"
	NotYetValid      Reason = "assertion not valid yet"
	// LifetimeTooLong: it would have to be remembered for too long.
	LifetimeTooLong Reason = "assertion lives too long"
	Replayed        Reason = "assertion was used before"
	// ReplayUnknown: the replay cache could not say.
	ReplayUnknown Reason = "unknown whether the assertion was used before"
)

// PlatformCode is the error code under which the platform reports a problem
// of this kind, or "" where it has none or where it depends on the member
// (then it is in [Problem.Code]).
func (r Reason) PlatformCode() string { return platformCodes[r] }

const (
	codeKey      = "PMS_ESI_007"          // PMS ErrorCode.FAILED_TO_PROCESS_JWK
	codeRedirect = "invalid_redirect_uri" // eSignet ErrorConstants, from here on
	codeClient   = "invalid_client"
)

var platformCodes = map[Reason]string{
	Malformed: codeKey, DuplicateMember: codeKey, AmbiguousMember: codeKey, TooLarge: codeKey, MissingMember: codeKey,
	KeySet: codeKey, PrivateKey: codeKey, SymmetricKey: codeKey, UnsupportedKeyType: codeKey, UnsupportedCurve: codeKey,
	WeakKey: codeKey, BadExponent: codeKey, BadModulus: codeKey, NotOnCurve: codeKey, CertificateMismatch: codeKey,

	RedirectCharacter: codeRedirect, RedirectScheme: codeRedirect, RedirectHost: codeRedirect, RedirectUserinfo: codeRedirect,
	RedirectFragment: codeRedirect, RedirectWildcard: codeRedirect, RedirectPath: codeRedirect, RedirectQuery: codeRedirect,
	PlainHTTP: codeRedirect,

	PartnerMissing: "PMS_PRT_058", PartnerType: "PMS_PRT_059", PartnerInactive: "PMS_PMP_016", PolicyMissing: "PMS_PRT_073",
	PolicyKind: "PMS_PRT_057", PolicyNotMapped: "PMS_PRT_061", MappingNotApproved: "PMS_ESI_002", MandatoryFactor: "PMS_ESI_003",
	NoClaims: "PMS_ESI_005", NoACRs: "PMS_ESI_006",

	ClientNotFound: "PMS_ESI_004", DuplicateClient: "PMS_ESI_001", DuplicateKey: "PMS_ESI_001", ClientInactive: "PMS_ESI_008",

	MalformedAssertion: codeClient, CriticalHeader: codeClient, AlgorithmMismatch: codeClient, KeyNotForSigning: codeClient,
	BadSignature: codeClient, WrongIssuer: codeClient, WrongSubject: codeClient, WrongAudience: codeClient, Expired: codeClient,
	NotYetValid: codeClient, LifetimeTooLong: codeClient, Replayed: codeClient, ReplayUnknown: codeClient,
}
