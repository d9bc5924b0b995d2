package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// A Rule derives a client id from a public key. The zero value derives none.
type Rule int

const (
	// CurrentRule is the platform's since PMS 1.2.2: the SHA-256 of the
	// base64 text of the key's SubjectPublicKeyInfo (RSA, EC) or of its x
	// (Ed25519). The same key has the same id, however its JWK is written.
	CurrentRule Rule = iota + 1

	// JWKTextRule is that of PMS 1.2.0 and 1.2.1: the SHA-256 of the JWK's
	// text as its library wrote it. RSA only; kid, use, alg and every other
	// member count, so give the JWK as it was registered.
	JWKTextRule

	// RFC7638Rule is the JWK thumbprint of RFC 7638 with SHA-256, as other
	// OpenID providers use it. Member values count in their shortest form.
	RFC7638Rule
)

var rules = [...]Rule{CurrentRule, JWKTextRule, RFC7638Rule}

// String names the rule for people.
func (r Rule) String() string {
	switch r {
	case CurrentRule:
		return "current"
	case JWKTextRule:
		return "JWK text (PMS 1.2.0, 1.2.1)"
	case RFC7638Rule:
		return "RFC 7638"
	default:
		return fmt.Sprintf("Rule(%d)", int(r))
	}
}

// ClientID is the id of the eSignet client with this public key, by the
// platform's current rule: 43 characters of base64url. Errors are an [*Error].
func ClientID(jwk []byte) (string, error) { return CurrentRule.ClientID(jwk) }

// ClientID is the client id of a public key by this rule. Errors are an
// [*Error].
func (r Rule) ClientID(jwk []byte) (string, error) {
	key, err := ParseKey(jwk)
	if err != nil {
		return "", err
	}
	return key.ClientID(r)
}

// ClientID is the key's client id by the given rule: 43 characters of
// base64url. It fails for [UnknownRule] and [RuleNotApplicable].
func (k *Key) ClientID(r Rule) (string, error) {
	switch r {
	case CurrentRule:
		return k.currentID(), nil
	case JWKTextRule:
		text, err := k.jwkText()
		if err != nil {
			return "", err
		}
		return digest(text), nil
	case RFC7638Rule:
		return digest(k.JWK()), nil
	default:
		return "", &Error{Reason: UnknownRule, Detail: r.String()}
	}
}

// Identify says by which rule clientID belongs to the key in jwk; where none
// gives it, the reason is [UnknownClientID]. Other errors are those of
// [ParseKey].
func Identify(clientID string, jwk []byte, opts ...Option) (Rule, error) {
	key, err := ParseKey(jwk, opts...)
	if err != nil {
		return 0, err
	}
	return key.Identify(clientID)
}

// Identify says by which rule clientID belongs to the key.
func (k *Key) Identify(clientID string) (Rule, error) {
	for _, rule := range rules {
		// A rule that does not cover the key is no match, like any other.
		if id, err := k.ClientID(rule); err == nil && id == clientID {
			return rule, nil
		}
	}
	return 0, &Error{Reason: UnknownClientID}
}

// PMS ClientManagementServiceImpl.processCreateOIDCClient.
func (k *Key) currentID() string {
	der := k.x // OKP: the raw key, without its curve
	if k.kty != "OKP" {
		der = k.DER()
	}
	var text [512]byte // enough for RSA-2048; append grows it for others
	return digest(base64.StdEncoding.AppendEncode(text[:0], der))
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
