package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// start serves a world's front over HTTP.
func start(t *testing.T, w *world, change ...func(*config)) string {
	t.Helper()
	c := config{
		source: w.pki, register: w.register, now: w.pki.Clock, open: unencrypted, log: slog.New(slog.DiscardHandler),
		metrics: prometheus.NewRegistry(), meters: noop.NewMeterProvider(),
	}
	for _, f := range change {
		f(&c)
	}
	f, err := newFront(c)
	require.NoError(t, err)
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server.URL
}

// post sends a message and reads the answer.
func post(t *testing.T, base string, m message) (int, answer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+m.path, bytes.NewReader(m.body))
	require.NoError(t, err)
	if m.signature != "" {
		r.Header.Set("signature", m.signature)
	}
	status, body, err := do(r)
	require.NoError(t, err)
	var a answer
	require.NoError(t, json.Unmarshal(body, &a), "%s", body)
	require.Equal(t, status == http.StatusOK, a.Allowed)
	require.Equal(t, a.Allowed, len(a.Reasons) == 0, "a refusal says why")
	return status, a
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	status, body, err := do(r)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	return string(body)
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	base := start(t, w)
	status, a := post(t, base, w.good())
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, answer{TransactionID: trusttest.TransactionID, Allowed: true, Attributes: []string{"fullName"}, TokenType: "partner"}, a)

	onlyOTP := w.ask()
	onlyOTP.Biometrics, onlyOTP.Attributes = nil, nil
	_, a = post(t, base, w.signed(onlyOTP, w.bank))
	require.Empty(t, a.Attributes, "a yes or no releases nothing")
	twoFingers := w.ask(trusttest.Capture{}, trusttest.Capture{Data: trusttest.Members{"bioSubType": "Right Thumb"}})
	twoFingers.OTP = ""
	_, a = post(t, base, w.signed(twoFingers, w.bank))
	require.Equal(t, []string{"fullName"}, a.Attributes)
}

// Each request would be allowed where one check is missing.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	base := start(t, w)
	pki := w.pki
	with := func(change func(*request), captures ...trusttest.Capture) message {
		r := w.ask(captures...)
		change(&r)
		return w.signed(r, w.bank)
	}
	raw := func(body string) message { return message{bankPath, w.bank.SignDetached([]byte(body)), []byte(body)} }
	good := w.good()
	at := func(path string) message { return message{path, good.signature, good.body} }
	// One who was registered before the certificate went bad.
	old := pki.Partner("Old Bank", trusttest.Expired())
	w.register.Partners = append(w.register.Partners, partner{ID: "old-bank", Certificate: trust.SHA256(old.Certificate), Keys: w.register.Partners[0].Keys})
	past := w.register.Partners[0].Keys[0]
	past.Key, past.Until = "past", pki.Clock().Add(-time.Hour)
	w.register.Partners[0].Keys = append(w.register.Partners[0].Keys, past)

	for name, tt := range map[string]struct {
		m       message
		status  int
		check   string
		reason  string
		because string // the last of what lies behind
		code    string
		pointer string
	}{
		"unknown licence": {at("/auth/x/acme-bank/key-1"), 403, "partner", "misp-not-registered", "", "IDA-MPA-007", ""},
		"unknown partner": {at("/auth/telecom-licence/x/key-1"), 403, "partner", "partner-not-registered", "", "IDA-MPA-009", ""},
		"unknown key":     {at("/auth/telecom-licence/acme-bank/x"), 403, "partner", "api-key-not-registered", "", "IDA-MPA-009", ""},
		"expired key":     {at("/auth/telecom-licence/acme-bank/past"), 403, "partner", "api-key-expired", "", "IDA-MPA-039", ""},

		"no signature":                  {message{bankPath, "", good.body}, 401, "signature", "Malformed", "", "IDA-MPA-001", ""},
		"signature with its payload":    {message{bankPath, w.bank.SignJWS(good.body), good.body}, 401, "signature", "Malformed", "", "IDA-MPA-001", ""},
		"signature of another body":     {message{bankPath, good.signature, append([]byte(" "), good.body...)}, 401, "signature", "BadSignature", "", "IDA-MPA-001", ""},
		"foreign signature":             {w.signed(w.ask(), pki.Partner("Shadow Bank")), 401, "signature", "NotBound", "", "IDA-MPA-021", ""},
		"the partner's name, own CA":    {w.signed(w.ask(), pki.Partner("Acme Bank", trusttest.SelfSigned())), 401, "signature", "NotBound", "SelfSigned", "IDA-MPA-021", ""},
		"the partner's old certificate": {message{"/auth/telecom-licence/old-bank/key-1", old.SignDetached(good.body), good.body}, 401, "signature", "CertificateNotTrusted", "Expired", "IDA-MPA-001", ""},

		"no JSON":            {raw("hello"), 400, "request", "Malformed", "", "", ""},
		"a member too many":  {raw(`{"isDemo":true}`), 400, "request", "Malformed", "", "", ""},
		"data behind":        {raw(string(good.body) + "{}"), 400, "request", "Malformed", "", "", ""},
		"a request of then":  {with(func(r *request) { r.RequestTime = pki.Clock().Add(-requestWindow - time.Second) }), 400, "request", "RequestStale", "", "", "/requestTime"},
		"a request of later": {with(func(r *request) { r.RequestTime = pki.Clock().Add(requestWindow + time.Second) }), 400, "request", "RequestStale", "", "", "/requestTime"},

		"untrusted device":      {with(func(*request) {}, w.stray()), 403, "captures", "DataNotTrusted", "UnknownIssuer", "IDA-MPA-001", "/biometrics/0/data"},
		"a chip as device":      {with(func(*request) {}, trusttest.Capture{Device: pki.Chip("Acme Chips")}), 403, "captures", "DataNotTrusted", "IssuerInOtherDomain", "IDA-MPA-001", "/biometrics/0/data"},
		"untrusted chip":        {with(func(*request) {}, trusttest.Capture{Chip: pki.Chip("Acme Chips", trusttest.Expired())}), 403, "captures", "DigitalIDNotTrusted", "Expired", "IDA-MPA-001", "/biometrics/0/data/digitalId"},
		"digital id unsigned":   {with(func(*request) {}, trusttest.Capture{Data: trusttest.Members{"digitalId": map[string]string{"serialNo": "SN-0001"}}}), 403, "captures", "DigitalIDUnsigned", "", "IDA-MPA-001", "/biometrics/0/data/digitalId"},
		"swapped digital ids":   {with(func(*request) {}, swapped()...), 403, "captures", "TypeMismatch", "", "IDA-DPM-004", "/biometrics/0/data/digitalId/type"},
		"another device's id":   {with(func(*request) {}, trusttest.Capture{DigitalID: trusttest.Members{"serialNo": "SN-0002"}}), 403, "captures", "DeviceMismatch", "", "", "/biometrics/0/data/deviceCode"},
		"another transaction":   {with(func(r *request) { r.TransactionID = "txn-0002" }), 403, "captures", "TransactionMismatch", "", "", "/biometrics/0/data/transactionId"},
		"another environment":   {with(func(r *request) { r.Env = "Production" }), 403, "captures", "EnvironmentMismatch", "", "", "/biometrics/0/data/env"},
		"another service":       {with(func(r *request) { r.DomainURI = "https://evil.example" }), 403, "captures", "DomainURIMismatch", "", "", "/biometrics/0/data/domainUri"},
		"a stale capture":       {with(func(*request) {}, trusttest.Capture{Data: trusttest.Members{"timestamp": "2020-01-01T00:00:00Z"}}), 403, "captures", "SegmentStale", "", "IDA-MLC-030", "/biometrics/0/data/timestamp"},
		"the hash of another":   {with(func(r *request) { r.Biometrics[0].Hash = strings.Repeat("0", 64) }), 403, "captures", "HashMismatch", "", "IDA-BIA-014", "/biometrics/0/hash"},
		"a segment left out":    {with(func(r *request) { r.Biometrics = r.Biometrics[1:] }, trusttest.Capture{}, trusttest.Capture{}), 403, "captures", "HashMismatch", "", "IDA-BIA-014", "/biometrics/0/hash"},
		"cannot be decrypted":   {with(func(*request) {}, trusttest.Capture{Data: trusttest.Members{"bioValue": "!"}}), 403, "captures", "NotOpened", "", "", "/biometrics/0/data/bioValue"},
		"an attribute too many": {with(func(r *request) { r.Attributes = []string{"fullName", "photo"} }), 403, "policy", "attribute-not-allowed", "", "", "/allowedKycAttributes"},
		"a factor not allowed":  {with(func(r *request) { r.Demographics = []byte(`{"name":"x"}`) }), 403, "policy", "factor-not-allowed", "", "IDA-MPA-006", "/allowedAuthTypes"},
		"a modality not allowed": {with(func(*request) {}, trusttest.Capture{
			Data: trusttest.Members{"bioType": "Face", "bioSubType": ""}, DigitalID: trusttest.Members{"type": "Face", "deviceSubType": "Full face"},
		}), 403, "policy", "factor-not-allowed", "", "IDA-MPA-006", "/allowedAuthTypes"},
		"no factor": {with(func(r *request) { r.OTP, r.Biometrics = "", nil }), 403, "policy", "factor-missing", "", "IDA-MLC-008", "/allowedAuthTypes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, a := post(t, base, tt.m)
			first := a.Reasons[0]
			require.Equal(t, tt.status, status, "%+v", a)
			require.Equal(t, []string{tt.check, tt.reason, tt.code}, []string{first.Check, first.Reason, first.Code}, "%+v", a)
			require.NotEmpty(t, first.Message)
			if tt.because != "" {
				var behind []string
				for _, r := range a.Reasons {
					behind = append(behind, r.Because...)
				}
				require.Contains(t, behind, tt.because)
			}
			require.Equal(t, tt.pointer, first.Pointer)
			require.Empty(t, a.Attributes)
			require.Empty(t, a.TokenType)
		})
	}
}
