package oidc

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// An Assertion is a client's proof that it holds its key: the JWT of
// private_key_jwt (OpenID Connect Core section 9, RFC 7523).
type Assertion struct {
	ClientID string // iss and sub
	Audience []string
	ID       string // jti
	IssuedAt time.Time
	Expires  time.Time
}

// A ReplayCache remembers which assertions were used.
//
// Use takes note of one use of a client's jti, to be remembered until the
// given time, and says whether it is the first. Looking and noting are one
// atomic step, also among replicas: of many concurrent calls for the same
// client and jti, one is told fresh. On an error the assertion is refused.
type ReplayCache interface {
	Use(ctx context.Context, clientID, jti string, until time.Time) (fresh bool, err error)
}

// An Authenticator verifies the assertions of clients. Make one with
// [NewAuthenticator]; the zero value refuses all. It is safe for concurrent
// use.
type Authenticator struct {
	replay    ReplayCache
	audiences []string
	now       func() time.Time
	leeway    time.Duration
	lifetime  time.Duration
}

// An AuthOption changes a default of [NewAuthenticator].
type AuthOption func(*Authenticator)

// WithClock sets the clock; the default is time.Now.
func WithClock(now func() time.Time) AuthOption { return func(a *Authenticator) { a.now = now } }

// Leeway sets by how much the clocks of clients may differ; [DefaultLeeway]
// where not set.
func Leeway(d time.Duration) AuthOption { return func(a *Authenticator) { a.leeway = d } }

// AssertionLifetime sets for how long an assertion may be valid, and so for
// how long its jti is remembered; [MaxAssertionLifetime] where not set.
func AssertionLifetime(d time.Duration) AuthOption { return func(a *Authenticator) { a.lifetime = d } }

// NewAuthenticator makes an Authenticator for a server with these audiences:
// its issuer and the URLs of its token endpoints, compared character by
// character. It needs a replay cache, at least one audience, a clock, a leeway
// that is not negative and a lifetime that is longer.
func NewAuthenticator(replay ReplayCache, audiences []string, opts ...AuthOption) (*Authenticator, error) {
	a := &Authenticator{replay, slices.Clone(audiences), time.Now, DefaultLeeway, MaxAssertionLifetime}
	for _, opt := range opts {
		opt(a)
	}
	switch {
	case replay == nil:
		return nil, errors.New("oidc: no replay cache")
	case len(audiences) == 0 || slices.Contains(audiences, ""):
		return nil, errors.New("oidc: no audience, or an empty one")
	case a.now == nil || a.leeway < 0 || a.lifetime <= a.leeway:
		return nil, errors.New("oidc: no clock, or an unusable leeway or lifetime")
	}
	return a, nil
}

// Authenticate verifies that the assertion was made by the holder of the
// client's key, for this server and not used before. The algorithm is the
// key's (see [Key.Algorithm]); the header can only agree. Its error is a
// [*Refusal]: before the signature is verified the first problem, after it
// every one, with pointers into the payload. The replay cache is asked last,
// so that nothing but a valid assertion uses up its jti.
func (a *Authenticator) Authenticate(ctx context.Context, c *Client, assertion string) (*Assertion, error) {
	if a == nil || a.replay == nil || c == nil || c.Key == nil || c.ID == "" {
		return nil, refuse(NotAClient, "", nil)
	}
	if c.Status != Active {
		return nil, refuse(ClientInactive, "", nil)
	}
	token, err := jose.ParseCompact(assertion)
	if err != nil {
		return nil, refuse(MalformedAssertion, "", err)
	}
	if err := c.Key.checkSignature(token); err != nil {
		return nil, err
	}
	payload, err := jose.ParseObject(token.Payload)
	if err != nil {
		return nil, refuse(MalformedAssertion, "", err)
	}
	got, err := a.checkClaims(c.ID, payload)
	if err != nil {
		return nil, err
	}
	fresh, err := a.replay.Use(ctx, c.ID, got.ID, got.Expires.Add(a.leeway))
	switch {
	case err != nil:
		return nil, refuse(ReplayUnknown, "/jti", err)
	case !fresh:
		return nil, refuse(Replayed, "/jti", nil)
	}
	return got, nil
}

func refuse(r Reason, pointer string, err error) error {
	return &Refusal{[]*Problem{{Reason: r, Pointer: pointer, Code: codeClient, Err: err}}}
}

// checkSignature holds the header to what the key says.
func (k *Key) checkSignature(token *jose.Compact) error {
	alg, err := k.Algorithm()
	if err != nil {
		return refuse(KeyNotForSigning, "", err)
	}
	for _, m := range token.Header {
		switch m.Name {
		case "crit", "b64": // RFC 7515 section 4.1.11, RFC 7797: no extension is known here
			return refuse(CriticalHeader, "", nil)
		}
	}
	m, _ := token.Header.Lookup("alg")
	// Ed25519 has two names (RFC 9864); both mean the same.
	if got, ok := m.Text(); !ok || got != alg && !(k.kty == "OKP" && (got == "EdDSA" || got == "Ed25519")) {
		return refuse(AlgorithmMismatch, "", nil)
	}
	if m, ok := token.Header.Lookup("typ"); ok {
		switch typ, _ := m.Text(); strings.ToLower(strings.TrimPrefix(typ, "application/")) {
		case "jwt", "client-authentication+jwt":
		default:
			return refuse(MalformedAssertion, "", errors.New("header typ "+quote(typ)))
		}
	}
	if !token.Verify(alg, k.PublicKey()) {
		return refuse(BadSignature, "", nil)
	}
	return nil
}

// Algorithm is the one signature algorithm (RFC 7518) of the key: the alg of
// its JWK, or else that of its type: RS256, ES256, ES384, ES512 or EdDSA. A
// key whose use or key_ops are of another kind, whose alg does not fit, and
// one on secp256k1 have none: [KeyNotForSigning].
func (k *Key) Algorithm() (string, error) {
	alg := map[string]string{"": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}[k.crv]
	if use, err := text(k.sent, "use"); err == nil && use != "sig" {
		return "", &Error{Reason: KeyNotForSigning, Member: "use", Detail: quote(use)}
	}
	if m, ok := k.sent.Lookup("key_ops"); ok && m.Raw != "null" {
		ops, _ := m.Array()
		if !slices.ContainsFunc(ops, func(op jose.Member) bool { text, _ := op.Text(); return text == "verify" }) {
			return "", &Error{Reason: KeyNotForSigning, Member: "key_ops"}
		}
	}
	if sent, err := text(k.sent, "alg"); err == nil {
		alg = sent
	}
	if !jose.Fits(alg, k.PublicKey()) {
		return "", &Error{Reason: KeyNotForSigning, Member: "alg", Detail: quote(alg)}
	}
	return alg, nil
}

// UnverifiedClientID is who an assertion says it is from, for looking the
// client up before [Authenticator.Authenticate]; until then it is only a claim.
func UnverifiedClientID(assertion string) (string, error) {
	token, err := jose.ParseCompact(assertion)
	if err != nil {
		return "", refuse(MalformedAssertion, "", err)
	}
	payload, err := jose.ParseObject(token.Payload)
	if err != nil {
		return "", refuse(MalformedAssertion, "", err)
	}
	sub, err := text(payload, "sub")
	if err != nil || len(sub) > MaxClientIDLength {
		return "", refuse(MissingMember, "/sub", nil)
	}
	return sub, nil
}

// SignAssertion makes an assertion with the private half of this key: what a
// client sends as client_assertion.
func (k *Key) SignAssertion(signer crypto.Signer, a Assertion) (string, error) {
	if public, err := KeyFromPublicKey(signer.Public()); err != nil || !k.Equal(public) {
		return "", &Error{Reason: KeyChanged, Detail: "the signer has another key", Err: err}
	}
	alg, err := k.Algorithm()
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(struct {
		Issuer   string   `json:"iss"`
		Subject  string   `json:"sub"`
		Audience []string `json:"aud"`
		ID       string   `json:"jti"`
		IssuedAt int64    `json:"iat"`
		Expires  int64    `json:"exp"`
	}{a.ClientID, a.ClientID, a.Audience, a.ID, a.IssuedAt.Unix(), a.Expires.Unix()})
	if err != nil {
		return "", err
	}
	return jose.Sign(signer, alg, "JWT", payload)
}
