package oidc

import (
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// Bounds on what a JWK may ask of us; past one of them the reason is
// [TooLarge], for an RSA key below the minimum [WeakKey].
const (
	MaxJWKBytes   = jose.MaxBytes   // a JWK, or a JWK Set, as text
	MaxJWKMembers = jose.MaxMembers // members of one JSON object
	MaxJWKDepth   = jose.MaxDepth   // JSON objects and arrays inside each other
	MaxPEMBytes   = 64 << 10        // a PEM public key or certificate

	MinRSABits = 2048
	MaxRSABits = 16384
)

// Bounds on a registration: those of the platform's data transfer objects
// (PMS ClientDetailCreateRequest, eSignet ClientDetailCreateRequest). Lengths
// are in UTF-16 code units, as Java counts.
const (
	MaxRequestBytes = 128 << 10 // a request as text; a key may take half of it
	MaxProblems     = 100       // listed in one [Refusal]

	MaxNameLength      = 256  // name, clientName
	MaxPolicyIDLength  = 36   // policyId
	MaxPartnerIDLength = 100  // authPartnerId, eSignet's relyingPartyId
	MaxClientIDLength  = 100  // eSignet's clientId
	MaxURILength       = 2048 // logoUri; here also each redirect URI
	MaxRedirectURIs    = 5
	MaxGrantTypes      = 3
	MaxAuthMethods     = 3
	MaxLanguages       = 64 // entries of a language map
	MaxLangNameLength  = 50 // a name in a language map
	MaxClaims          = 30 // userClaims
	MaxACRs            = 30 // authContextRefs

	// MinConsentMinutes is the least consent_expire_in_mins.
	MinConsentMinutes = 10
)

// Bounds of eSignet's Go port, in bytes, where they are narrower than the others.
const (
	MaxIDBytesGo   = 50   // clientId, relyingPartyId
	MaxNameBytesGo = 256  // clientName
	MaxLogoBytesGo = 1024 // logoUri
)

// ESignetWindow is how far requestTime may be from the time of eSignet.
const ESignetWindow = 2 * time.Minute

// Bounds on a mapping file. The platform's identity mapping has about 60
// members in one object.
const (
	MaxMappingBytes   = 256 << 10
	MaxMappingMembers = 512
	MaxMappingEntries = 64 // attributes of one claim, methods of one context, factors of one method
)

// Bounds on client authentication.
const (
	MaxAssertionBytes = jose.MaxCompactBytes
	MaxJTILength      = 256 // bytes
	MaxAudiences      = 16  // of one assertion

	// MaxAssertionLifetime is the default of [AssertionLifetime]: for how long
	// a jti may have to be remembered. eSignet's is the same.
	MaxAssertionLifetime = time.Hour
	// DefaultLeeway is the default of [Leeway], and eSignet's.
	DefaultLeeway = 5 * time.Second
)
