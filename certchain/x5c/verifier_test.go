package x5c_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/cert"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

type token = made

func TestAlgorithms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rsa := pkitest.RSA(2048, 0)
	for alg, key := range map[string]crypto.Signer{
		"RS256": rsa, "PS256": rsa, "EdDSA": pkitest.Ed25519(),
		"ES256": pkitest.EC(p256), "ES384": pkitest.EC(elliptic.P384()), "ES512": pkitest.EC(elliptic.P521()),
	} {
		signer := w.inter.Issue(t, "device", pkitest.Key(key))
		made := token{alg: alg, chain: []*pkitest.Cert{signer, w.inter, w.root}}.make(t)
		for range 2 { // read, and remembered
			signed, err := w.v.Verify(ctx, trust.Device, made)
			require.NoError(t, err, alg)
			require.Equal(t, `{"hello":"world"}`, string(signed.Payload))
			require.Equal(t, alg, signed.Algorithm)
			require.Equal(t, signer.Certificate.Raw, signed.Signer().Raw)
		}
		// The same text under the key of another kind, and another name for it.
		for _, other := range []string{"RS256", "PS256", "ES256", "ES384", "EdDSA", "none", "HS256", "RS1", "rs256", ""} {
			if other == alg {
				continue
			}
			_, err := w.v.Verify(ctx, trust.Device, token{alg: alg, chain: []*pkitest.Cert{signer}, header: map[string]any{"alg": other}}.make(t))
			require.Error(t, err, "%s as %q", alg, other)
			if other == "PS256" && alg == "RS256" || other == "RS256" && alg == "PS256" {
				require.ErrorIs(t, err, x5c.BadSignature)
			} else {
				require.ErrorIs(t, err, x5c.AlgorithmNotAllowed, "%s as %q", alg, other)
			}
		}
		_, err := w.v.Verify(ctx, trust.Device, made, x5c.Algorithms("HS256"))
		require.ErrorIs(t, err, x5c.AlgorithmNotAllowed)
		_, err = w.v.Verify(ctx, trust.Device, made, x5c.Algorithms(alg))
		require.NoError(t, err)
	}
	require.Len(t, x5c.DefaultAlgorithms(), 6)

	own := x5c.WithAlgorithm("RS1", func(crypto.PublicKey, []byte, []byte) bool { return true })
	made := token{chain: []*pkitest.Cert{w.device}, header: map[string]any{"alg": "RS1"}}.make(t)
	_, err := w.v.Verify(ctx, trust.Device, made, own)
	require.NoError(t, err)
	_, err = w.v.Verify(ctx, trust.Device, made, x5c.WithAlgorithm("RS1", func(crypto.PublicKey, []byte, []byte) bool { return false }))
	require.ErrorIs(t, err, x5c.BadSignature)
	_, err = w.v.Verify(ctx, trust.Device, made, x5c.WithAlgorithm("RS1", nil))
	require.ErrorIs(t, err, x5c.AlgorithmNotAllowed)
}

// Each token would pass where a check is missing.
func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim := w.inter.Issue(t, "victim", pkitest.Key(pkitest.RSA(2048, 1)))
	ec := w.inter.Issue(t, "ec", pkitest.Key(pkitest.EC(p256)))
	weak := w.inter.Issue(t, "weak", pkitest.Key(pkitest.RSA(1024, 0)))
	chain := []*pkitest.Cert{w.device}
	good := token{chain: chain}.make(t)
	parts := strings.Split(good, ".")
	sum256 := func(c *pkitest.Cert) string { s := sha256.Sum256(c.Certificate.Raw); return b64(s[:]) }
	sum1 := func(c *pkitest.Cert) string { s := sha1.Sum(c.Certificate.Raw); return b64(s[:]) }
	x5cText := base64.StdEncoding.EncodeToString(w.device.Certificate.Raw)
	header := func(members string) string { return `{"alg":"RS256","x5c":["` + x5cText + `"]` + members + `}` }
	for name, tc := range map[string]struct {
		token  string
		want   x5c.Reason
		member string
	}{
		"two parts":                      {parts[0] + "." + parts[1], x5c.Malformed, ""},
		"four parts":                     {good + ".x", x5c.Malformed, ""},
		"nothing":                        {"", x5c.Malformed, ""},
		"no signature":                   {parts[0] + "." + parts[1] + ".", x5c.Malformed, ""},
		"header padded":                  {parts[0] + "=." + parts[1] + "." + parts[2], x5c.Malformed, ""},
		"payload with line break":        {parts[0] + "." + parts[1] + "\n." + parts[2], x5c.Malformed, ""},
		"signature with line break":      {good + "\n", x5c.Malformed, ""},
		"signature with stray bits":      {slack(good), x5c.Malformed, ""},
		"payload in base64 std":          {parts[0] + "." + strings.Replace(parts[1], "eyJ", "e+J", 1) + "." + parts[2], x5c.Malformed, ""},
		"header is a list":               {token{chain: chain, raw: `[]`}.make(t), x5c.Malformed, ""},
		"duplicate alg":                  {token{chain: chain, raw: header(`,"alg":"RS256"`)}.make(t), x5c.Malformed, ""},
		"duplicate by escape":            {token{chain: chain, raw: header(`,"\u0061lg":"none"`)}.make(t), x5c.Malformed, ""},
		"trailing data":                  {token{chain: chain, raw: header(``) + `{}`}.make(t), x5c.Malformed, ""},
		"no alg":                         {token{chain: chain, header: map[string]any{"alg": nil}}.make(t), x5c.AlgorithmNotAllowed, "alg"},
		"alg is no string":               {token{chain: chain, header: map[string]any{"alg": 1}}.make(t), x5c.Malformed, "alg"},
		"no x5c":                         {token{key: w.device.Key}.make(t), x5c.NoCertificate, "x5c"},
		"x5c empty":                      {token{chain: chain, header: map[string]any{"x5c": []string{}}}.make(t), x5c.NoCertificate, "x5c"},
		"x5c of numbers":                 {token{chain: chain, header: map[string]any{"x5c": []int{1}}}.make(t), x5c.Malformed, "x5c"},
		"x5c a number":                   {token{chain: chain, header: map[string]any{"x5c": 1}}.make(t), x5c.Malformed, "x5c"},
		"x5c one string":                 {token{chain: chain, header: map[string]any{"x5c": x5cText}}.make(t), x5c.Malformed, "x5c"},
		"x5c base64url":                  {token{chain: chain, header: map[string]any{"x5c": []string{b64(w.device.Certificate.Raw)}}}.make(t), x5c.Malformed, "x5c"},
		"x5c with line breaks":           {token{chain: chain, header: map[string]any{"x5c": []string{x5cText[:64] + "\n" + x5cText[64:]}}}.make(t), x5c.Malformed, "x5c"},
		"x5c empty string":               {token{chain: chain, header: map[string]any{"x5c": []string{""}}}.make(t), x5c.Malformed, "x5c"},
		"x5c no certificate":             {token{chain: chain, header: map[string]any{"x5c": []string{"AAAA"}}}.make(t), x5c.CertificateNotTrusted, "x5c"},
		"too many certificates":          {token{chain: many(w.device, x5c.MaxCertificates+1)}.make(t), x5c.TooLarge, "x5c"},
		"crit unknown":                   {token{chain: chain, header: map[string]any{"crit": []string{"exp"}, "exp": 1}}.make(t), x5c.CriticalHeader, "crit"},
		"crit empty":                     {token{chain: chain, header: map[string]any{"crit": []string{}}}.make(t), x5c.Malformed, "crit"},
		"crit no list":                   {token{chain: chain, header: map[string]any{"crit": "b64"}}.make(t), x5c.Malformed, "crit"},
		"crit b64 absent":                {token{chain: chain, header: map[string]any{"crit": []string{"b64"}}}.make(t), x5c.Malformed, "crit"},
		"crit twice":                     {token{chain: chain, header: map[string]any{"crit": []string{"b64", "b64"}, "b64": true}}.make(t), x5c.Malformed, "crit"},
		"b64 false":                      {token{chain: chain, header: map[string]any{"crit": []string{"b64"}, "b64": false}}.make(t), x5c.UnencodedPayload, "b64"},
		"b64 false, not critical":        {token{chain: chain, header: map[string]any{"b64": false}}.make(t), x5c.CriticalHeader, "crit"},
		"b64 no boolean":                 {token{chain: chain, header: map[string]any{"crit": []string{"b64"}, "b64": 0}}.make(t), x5c.Malformed, "b64"},
		"payload changed":                {parts[0] + "." + b64([]byte("{}")) + "." + parts[2], x5c.BadSignature, ""},
		"another's key":                  {token{chain: []*pkitest.Cert{victim}, key: w.device.Key}.make(t), x5c.BadSignature, ""},
		"own certificate second":         {token{chain: []*pkitest.Cert{victim, w.device}, key: w.device.Key}.make(t), x5c.BadSignature, ""},
		"ES256 signature in DER":         {token{alg: "ES256", chain: []*pkitest.Cert{ec}, der: true}.make(t), x5c.BadSignature, ""},
		"PS256 with another salt":        {token{alg: "PS256", chain: chain, salt: 20}.make(t), x5c.BadSignature, ""},
		"x5t#S256 of another":            {token{chain: chain, header: map[string]any{"x5t#S256": sum256(victim)}}.make(t), x5c.ThumbprintMismatch, "x5t#S256"},
		"x5t of another":                 {token{chain: chain, header: map[string]any{"x5t": sum1(victim)}}.make(t), x5c.ThumbprintMismatch, "x5t"},
		"header not base64url":           {"!!." + parts[1] + "." + parts[2], x5c.Malformed, ""},
		"x5c an object":                  {token{chain: chain, header: map[string]any{"x5c": map[string]any{}}}.make(t), x5c.Malformed, "x5c"},
		"x5t no string":                  {token{chain: chain, header: map[string]any{"x5t": 1}}.make(t), x5c.Malformed, "x5t"},
		"the anchor itself":              {token{alg: "ES256", chain: []*pkitest.Cert{w.root}}.make(t), x5c.SignerIsCA, "x5c"},
		"an intermediate CA":             {token{alg: "ES256", chain: []*pkitest.Cert{w.inter}}.make(t), x5c.SignerIsCA, "x5c"},
		"RSA of 1024 bits":               {token{chain: []*pkitest.Cert{weak}}.make(t), x5c.AlgorithmNotAllowed, "alg"},
		"FTM chain in DEVICE":            {token{alg: "ES256", chain: []*pkitest.Cert{w.ftmInter.Issue(t, "chip"), w.ftmInter, w.ftmRoot}}.make(t), x5c.CertificateNotTrusted, "x5c"},
		"self-signed":                    {token{chain: []*pkitest.Cert{pkitest.NewRoot(t, "me", pkitest.Key(pkitest.RSA(2048, 2)), pkitest.NotCA(), pkitest.Usage(x509.KeyUsageDigitalSignature))}}.make(t), x5c.CertificateNotTrusted, "x5c"},
		"header too large":               {token{chain: chain, header: map[string]any{"x": strings.Repeat("x", x5c.MaxHeaderBytes)}}.make(t), x5c.TooLarge, ""},
		"signature too large":            {parts[0] + "." + parts[1] + "." + b64(make([]byte, x5c.MaxSignatureBytes+1)), x5c.TooLarge, ""},
		"payload too large":              {parts[0] + "." + b64(make([]byte, x5c.MaxPayloadBytes+1)) + "." + parts[2], x5c.TooLarge, ""},
		"payload at the limit, bad sign": {parts[0] + "." + b64(make([]byte, x5c.MaxPayloadBytes)) + "." + parts[2], x5c.BadSignature, ""},
		"signature at the limit":         {parts[0] + "." + parts[1] + "." + b64(make([]byte, x5c.MaxSignatureBytes)), x5c.BadSignature, ""},
		"detached without a payload":     {token{chain: chain, detached: true}.make(t), x5c.Malformed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				signed, err := w.v.Verify(ctx, trust.Device, tc.token)
				require.Nil(t, signed)
				require.ErrorIs(t, err, tc.want)
				var e *x5c.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, tc.want, e.Findings[0].Reason, "%v", err)
				require.Equal(t, tc.member, e.Findings[0].Member)
			}
		})
	}
	_, err := w.v.Verify(ctx, trust.Device, good)
	require.NoError(t, err, "none of them spoiled what is remembered")
}

// slack changes bits that base64 does not use.
func slack(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last^1])
}

func many(c *pkitest.Cert, n int) (out []*pkitest.Cert) {
	for range n {
		out = append(out, c)
	}
	return out
}

// kid, jku, x5u and jwk choose nothing: with the key of an attacker in them the
// token stands and falls with x5c[0].
func TestHeadersThatChooseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := sha256.Sum256(w.device.Certificate.Raw)
	_, err := w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}, header: map[string]any{
		"kid": "x", "jku": "https://evil.example", "x5u": "https://evil.example", "typ": "JWT", "b64": true,
		"jwk": map[string]any{"kty": "oct", "k": "AAAA"}, "x5t#S256": b64(s[:]),
	}}.make(t))
	require.NoError(t, err)
	evil := pkitest.RSA(2048, 2)
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}, key: evil, header: map[string]any{"kid": "evil"}}.make(t))
	require.ErrorIs(t, err, x5c.BadSignature)
}

func TestDetached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := []byte("the request")
	made := token{chain: []*pkitest.Cert{w.device}, payload: body, detached: true}.make(t)
	signed, err := w.v.Verify(ctx, trust.Device, made, x5c.Detached(body))
	require.NoError(t, err)
	require.Equal(t, body, signed.Payload)
	_, err = w.v.Verify(ctx, trust.Device, made, x5c.Detached([]byte("another")))
	require.ErrorIs(t, err, x5c.BadSignature)
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}, payload: body}.make(t), x5c.Detached(body))
	require.ErrorIs(t, err, x5c.Malformed, "two payloads are one too many")
	_, err = w.v.Verify(ctx, trust.Device, made, x5c.Detached(make([]byte, x5c.MaxPayloadBytes+1)))
	require.ErrorIs(t, err, x5c.TooLarge)

	bare := token{chain: []*pkitest.Cert{w.device}, payload: body, detached: true, header: map[string]any{"b64": false, "crit": []string{"b64"}}}.make(t)
	_, err = w.v.Verify(ctx, trust.Device, bare, x5c.Detached(body), x5c.AllowUnencodedPayload())
	require.NoError(t, err)
	_, err = w.v.Verify(ctx, trust.Device, bare, x5c.Detached(body))
	require.ErrorIs(t, err, x5c.UnencodedPayload)
}

func TestBoundTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := token{chain: []*pkitest.Cert{w.device}}.make(t)
	mine, other := trust.SHA256(w.device.Certificate), trust.SHA256(w.inter.Certificate)
	for name, tc := range map[string]struct {
		opts []x5c.Option
		want error
	}{
		"registered":       {[]x5c.Option{x5c.BoundTo(mine)}, nil},
		"in capitals":      {[]x5c.Option{x5c.BoundTo(strings.ToUpper(mine))}, nil},
		"one of two":       {[]x5c.Option{x5c.BoundTo(other), x5c.BoundTo(mine)}, nil},
		"another":          {[]x5c.Option{x5c.BoundTo(other)}, x5c.NotBound},
		"nothing is known": {[]x5c.Option{x5c.BoundTo("")}, x5c.NotBound},
	} {
		_, err := w.v.Verify(ctx, trust.Device, made, tc.opts...)
		require.ErrorIs(t, err, tc.want, name)
	}
	_, err := w.v.Verify(ctx, trust.Device, made, x5c.BoundTo(other))
	var f *x5c.Finding
	require.ErrorAs(t, err, &f)
	require.Equal(t, "IDA-MPA-021", f.Reason.PlatformCode())
}

func TestOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// As the platform signs partner certificates.
	caSigner := w.root.IssueCA(t, "partner", pkitest.Key(pkitest.RSA(2048, 3)), pkitest.Usage(x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign))
	made := token{chain: []*pkitest.Cert{caSigner}}.make(t)
	_, err := w.v.Verify(ctx, trust.Device, made)
	require.ErrorIs(t, err, x5c.SignerIsCA)
	_, err = w.v.Verify(ctx, trust.Device, made, x5c.AllowCASigner())
	require.NoError(t, err)
	_, err = w.v.Verify(ctx, trust.Device, token{alg: "ES256", chain: []*pkitest.Cert{w.root}}.make(t), x5c.AllowCASigner())
	require.ErrorIs(t, err, certchain.TrustAnchor, "an anchor signs nothing but certificates")

	encrypting := w.inter.Issue(t, "encrypting", pkitest.Key(pkitest.RSA(2048, 3)), pkitest.Usage(x509.KeyUsageKeyEncipherment))
	unsuited := token{chain: []*pkitest.Cert{encrypting}}.make(t)
	_, err = w.v.Verify(ctx, trust.Device, unsuited)
	require.ErrorIs(t, err, x5c.SignerKeyUsage)
	_, err = w.v.Verify(ctx, trust.Device, unsuited, x5c.AllowAnyKeyUsage())
	require.NoError(t, err)
	var none []string
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}}.make(t), x5c.Algorithms(none...))
	require.ErrorIs(t, err, x5c.AlgorithmNotAllowed, "none is none, and not all")
	// Of a large token nothing more is said than that its signer is a stranger.
	stranger := pkitest.NewRoot(t, "stranger", pkitest.NotCA(), pkitest.Usage(x509.KeyUsageDigitalSignature))
	_, err = w.v.Verify(ctx, trust.Device, token{alg: "ES256", chain: []*pkitest.Cert{stranger}, key: pkitest.EC(p256), payload: make([]byte, 1<<18)}.make(t))
	require.ErrorIs(t, err, x5c.CertificateNotTrusted)
	require.NotErrorIs(t, err, x5c.BadSignature)

	single := token{chain: []*pkitest.Cert{w.device}, header: map[string]any{"x5c": base64.StdEncoding.EncodeToString(w.device.Certificate.Raw)}}.make(t)
	_, err = w.v.Verify(ctx, trust.Device, single, x5c.AllowSingleString())
	require.NoError(t, err)
	_, err = w.v.Verify(ctx, trust.Device, single)
	require.ErrorIs(t, err, x5c.Malformed, "what one call allowed the next one does not")

	helper := w.root.IssueCA(t, "helper")
	below := token{alg: "ES256", chain: []*pkitest.Cert{helper.Issue(t, "below"), helper, w.root}}.make(t)
	_, err = w.v.Verify(ctx, trust.Device, below)
	require.NoError(t, err)
	_, err = w.v.Verify(ctx, trust.Device, below, x5c.IgnoreHelpers())
	require.ErrorIs(t, err, certchain.UnknownIssuer)

	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}}.make(t), x5c.Chain(certchain.Organization("Other")))
	require.ErrorIs(t, err, certchain.OrganizationMismatch)
	require.ErrorIs(t, err, x5c.CertificateNotTrusted)
	byDefault := x5c.New(w.chain, x5c.Chain(certchain.Organization("Acme Bank")))
	_, err = byDefault.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}}.make(t), x5c.Chain(certchain.MaxDepth(0)))
	require.ErrorIs(t, err, certchain.PathTooLong)

	for _, v := range []*x5c.Verifier{nil, {}, x5c.New(nil)} {
		_, err = v.Verify(ctx, trust.Device, single)
		require.ErrorIs(t, err, x5c.Misconfigured)
	}
}

// What is remembered is found by the header's own bytes, and trust is judged on
// every call.
func TestRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	v := x5c.New(certchain.New(w.store, certchain.WithClock(func() time.Time { return now })))
	made := token{chain: []*pkitest.Cert{w.device, w.inter}}.make(t)
	verify := func() error { _, err := v.Verify(ctx, trust.Device, made); return err }
	require.NoError(t, verify())
	require.NoError(t, verify())
	now = w.device.Certificate.NotAfter.Add(time.Second)
	require.ErrorIs(t, verify(), certchain.Expired)
	now = pkitest.Now
	require.NoError(t, verify())
	_, err := v.Verify(ctx, trust.FTM, made)
	require.ErrorIs(t, err, certchain.IssuerInOtherDomain, "the domain is part of the question")
	id := trust.CA{Domain: trust.Device, Certificate: w.root.Certificate}.DefaultID()
	require.NoError(t, w.store.Remove(ctx, trust.Device, id))
	require.ErrorIs(t, verify(), certchain.UnknownIssuer)

	// A thumbprint that a sender declares stands for nothing: neither does a
	// first token poison what a second one finds.
	w = newWorld(t)
	victim := w.inter.Issue(t, "victim", pkitest.Key(pkitest.RSA(2048, 1)))
	s := sha256.Sum256(victim.Certificate.Raw)
	declared := map[string]any{"x5t#S256": b64(s[:])}
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{w.device}, header: declared}.make(t))
	require.ErrorIs(t, err, x5c.ThumbprintMismatch)
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{victim}, key: w.device.Key, header: declared}.make(t))
	require.ErrorIs(t, err, x5c.BadSignature)
	_, err = w.v.Verify(ctx, trust.Device, token{chain: []*pkitest.Cert{victim}, header: declared}.make(t))
	require.NoError(t, err)
}

// All that stands against a token is said, not the first alone.
func TestAllFindings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	expired := w.inter.Issue(t, "expired", pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	_, err := w.v.Verify(ctx, trust.Device, token{alg: "ES256", chain: []*pkitest.Cert{expired}, key: pkitest.EC(p256), header: map[string]any{"x5t": "AAAA"}}.make(t), x5c.BoundTo("00"))
	for _, want := range []error{x5c.BadSignature, x5c.NotBound, x5c.ThumbprintMismatch, x5c.CertificateNotTrusted, certchain.Expired} {
		require.ErrorIs(t, err, want)
	}
	var refusal *certchain.Error
	require.ErrorAs(t, err, &refusal)
	text, jsonErr := json.Marshal(err)
	require.NoError(t, jsonErr)
	var out struct{ Findings []map[string]any }
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, "BadSignature", out.Findings[0]["reason"])
	require.Equal(t, "IDA-MPA-001", out.Findings[0]["platformCode"])
	require.NotEmpty(t, out.Findings[3]["refusal"])
	require.Contains(t, err.Error(), x5c.BadSignature.Sentence())
	require.Contains(t, (&x5c.Finding{Reason: x5c.Malformed, Member: "x5c", Detail: "odd"}).Error(), "header member x5c")
	require.Contains(t, (&x5c.Error{}).Error(), "refused")
	require.Contains(t, x5c.Reason("Nonsense").Error(), "Nonsense")
	require.Empty(t, x5c.Misconfigured.PlatformCode())
}

// Tokens made by another JOSE library verify here.
func TestInterop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for alg, key := range map[jwa.SignatureAlgorithm]crypto.Signer{
		jwa.RS256: pkitest.RSA(2048, 4), jwa.PS256: pkitest.RSA(2048, 4), jwa.ES256: pkitest.EC(p256), jwa.EdDSA: pkitest.Ed25519(),
	} {
		signer := w.inter.Issue(t, "jwx", pkitest.Key(key))
		var chain cert.Chain
		for _, c := range []*pkitest.Cert{signer, w.inter} {
			require.NoError(t, chain.AddString(base64.StdEncoding.EncodeToString(c.Certificate.Raw)))
		}
		headers := jws.NewHeaders()
		require.NoError(t, headers.Set(jws.X509CertChainKey, &chain))
		made, err := jws.Sign([]byte("by jwx"), jws.WithKey(alg, key, jws.WithProtectedHeaders(headers)))
		require.NoError(t, err)
		signed, err := w.v.Verify(ctx, trust.Device, string(made))
		require.NoError(t, err, alg)
		require.Equal(t, "by jwx", string(signed.Payload))
	}
}

func ExampleVerifier_Verify() {
	v := x5c.New(certchain.New(trust.NewMemory()))
	_, err := v.Verify(ctx, trust.Device, "eyJhbGciOiJub25lIn0.e30.AA")
	fmt.Println(err)
	fmt.Println(errors.Is(err, x5c.NoCertificate))
	// Output:
	// x5c: refused: header member x5c: the header brings no certificate: it is missing
	// true
}
