package oidc

import "strings"

// A Reason says why a key, or an id, was not accepted. It is an error:
//
//	errors.Is(err, oidc.WeakKey)
//
// Its text is for people and may change; compare with the constants.
type Reason string

const (
	// Malformed: not a JWK: broken JSON, a member of the wrong type, a value
	// that is not base64url.
	Malformed Reason = "not a JWK"
	// DuplicateMember: one member given twice.
	DuplicateMember Reason = "a member is given twice"
	// AmbiguousMember: a member that differs from a registered one only in
	// case, which some readers take for it and some do not.
	AmbiguousMember Reason = "a member is almost a registered one"
	// TooLarge: a limit of this package was reached.
	TooLarge Reason = "too large"
	// MissingMember: a member that the key type requires is absent or empty.
	MissingMember Reason = "a required member is missing"
	// KeySet: a JWK Set where a key was expected, or, with [AllowSet], a set
	// that does not hold exactly one key.
	KeySet Reason = "a JWK Set instead of one key"

	// PrivateKey: the input contains the private half, which must never leave
	// its owner. The key pair should be replaced.
	PrivateKey Reason = "a private key"
	// SymmetricKey: a shared secret; nobody else can verify with it.
	SymmetricKey Reason = "a symmetric key"
	// UnsupportedKeyType: neither RSA nor EC nor OKP.
	UnsupportedKeyType Reason = "unsupported key type"
	// UnsupportedCurve: neither P-256, P-384, P-521 nor Ed25519.
	UnsupportedCurve Reason = "unsupported curve"
	// WeakKey: an RSA modulus below 2048 bits.
	WeakKey Reason = "weak key"
	// BadExponent: an RSA exponent that is even, below 3 or above 2³¹−1.
	BadExponent Reason = "unusable RSA exponent"
	// BadModulus: an RSA modulus that is even.
	BadModulus Reason = "unusable RSA modulus"
	// NotOnCurve: coordinates that are no point of the curve, or an Ed25519
	// key that is not 32 bytes. (Whether 32 bytes are a point shows when a
	// signature is verified.)
	NotOnCurve Reason = "not a point of the curve"
	// CertificateMismatch: the certificate in x5c is of another key.
	CertificateMismatch Reason = "x5c holds another key"

	// UnknownRule: a [Rule] that is none of the constants, the zero value
	// included.
	UnknownRule Reason = "unknown rule"
	// RuleNotApplicable: the rule gives no id to this key; say, the rule of
	// PMS 1.2.0, which knew RSA only, for an elliptic curve.
	RuleNotApplicable Reason = "the rule does not cover this key"
	// UnknownClientID: the id belongs to this key under no rule.
	UnknownClientID Reason = "no rule gives this key that id"
)

func (r Reason) Error() string { return "oidc: " + string(r) }

// An Error is a [Reason] and its circumstances.
type Error struct {
	Reason Reason
	Member string // of the JWK, "" where it is not one member's fault
	Detail string // for people
	Offset int    // into the input, of broken JSON
	Err    error  // what caused it, or nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Reason.Error())
	if e.Member != "" {
		b.WriteString(": member " + e.Member)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap yields the reason and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Err}
}
