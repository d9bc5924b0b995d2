package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
)

// PublicKeyHash is the public_key_hash by which eSignet (Java, 1.8 and later)
// tells whether a key is registered already: the lower-case hex SHA-256 of n,
// or of x and y, as their base64url text was sent. RSA and EC only; Ed25519
// fails for [RuleNotApplicable].
//
// The text counts, not the number: a key sent once with and once without
// padding has two hashes there. To find such twins, compare [ClientID].
func PublicKeyHash(jwk []byte) (string, error) {
	key, err := ParseKey(jwk)
	if err != nil {
		return "", err
	}
	return key.PublicKeyHash()
}

// PublicKeyHashGo is the public_key_hash of eSignet's Go port: the lower-case
// hex SHA-256 of the whole JWK, members sorted. It covers what the port
// accepts: RSA and EC on P-256, P-384 and P-521, string members only, base64url
// without padding; anything else fails for [RuleNotApplicable].
func PublicKeyHashGo(jwk []byte) (string, error) {
	key, err := ParseKey(jwk)
	if err != nil {
		return "", err
	}
	return key.PublicKeyHashGo()
}

// PublicKeyHash is eSignet's hash of the key as it was sent; see the function
// [PublicKeyHash]. A key that did not come as a JWK counts as if it had been
// sent in canonical form.
func (k *Key) PublicKeyHash() (string, error) {
	var members []string
	switch k.kty { // mosip.esignet.public-key-hash.fields
	case "RSA":
		members = []string{"n"}
	case "EC":
		members = []string{"x", "y"}
	default:
		return "", &Error{Reason: RuleNotApplicable, Member: "kty", Detail: "RSA and EC only"}
	}
	hash := sha256.New()
	for _, name := range members {
		value, err := text(k.sent, name)
		if err != nil {
			return "", err
		}
		hash.Write([]byte(value))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// PublicKeyHashGo is the Go port's hash of the key as it was sent; see the
// function [PublicKeyHashGo].
func (k *Key) PublicKeyHashGo() (string, error) {
	if k.kty == "OKP" || k.crv == "secp256k1" {
		return "", &Error{Reason: RuleNotApplicable, Member: "kty", Detail: "RSA and EC on P-256, P-384, P-521 only"}
	}
	members := make(map[string]string, len(k.sent))
	for _, m := range k.sent {
		value, ok := m.Text()
		if !ok {
			return "", &Error{Reason: RuleNotApplicable, Member: m.Name, Detail: "not a string"}
		}
		switch m.Name {
		case "n", "e", "x", "y":
			if _, err := base64.RawURLEncoding.DecodeString(value); err != nil {
				return "", &Error{Reason: RuleNotApplicable, Member: m.Name, Detail: "not base64url without padding", Err: err}
			}
		}
		members[m.Name] = value
	}
	// encoding/json is part of the rule: it sorts the names and escapes for HTML.
	text, err := json.Marshal(members)
	if err != nil {
		return "", &Error{Reason: RuleNotApplicable, Err: err}
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
