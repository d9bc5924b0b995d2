package oidc

import "github.com/mosip/partnertrust/internal/jose"

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
