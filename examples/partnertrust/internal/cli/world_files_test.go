package cli_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// files writes what partners, CAs and services hand in.
func (w *world) files() {
	w.t.Helper()
	w.write("partner.pem", w.bank.PEM())
	w.write("expired.pem", w.pki.Partner("Old Bank", trusttest.Expired()).PEM())
	w.write("stranger.pem", w.pki.Partner("Acme Bank", trusttest.UnknownIssuer()).PEM())
	w.write("selfsigned.pem", w.pki.Partner("Acme Bank", trusttest.SelfSigned()).PEM())
	w.write("key.pem", w.bank.KeyPEM())
	spki, err := x509.MarshalPKIXPublicKey(w.bank.Key.Public())
	require.NoError(w.t, err)
	w.write("public.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	w.write("chain.pem", []byte(strings.ReplaceAll(string(w.bank.ChainPEM()), string(w.bank.PEM()), "")))
	w.write("client.jwk", w.bank.JWK())
	w.write("ca.crl", w.pki.CRLs(trust.Auth)[1])
	for _, list := range []trust.Domain{trust.Auth, trust.Device} {
		for i, crl := range w.pki.CRLs(list) {
			w.write(fmt.Sprintf("%s-%d.crl", strings.ToLower(string(list)), i), crl)
		}
	}

	biometrics := w.pki.Device("Acme Biometrics", trusttest.IssuedBy("Acme Biometrics Two"))
	w.write("device.pem", biometrics.PEM())
	w.bundle("chain.p7b", biometrics.Chain[1:])
	w.bundle("device-cas.p7b", w.pki.Device("Acme Biometrics").Chain[1:])
	w.bundle("ftm-cas.p7b", w.pki.Chip("Acme Chips").Chain[1:])
	w.capture("capture.json")

	for _, service := range []string{"pms", "ida"} {
		require.NoError(w.t, os.Mkdir(service, 0o755))
		w.write(service+"/acme-bank.pem", w.bank.PEM())
	}
	w.write("pms/umbrella.pem", w.pki.Partner("Umbrella Bank").PEM())
	w.write("ida/umbrella.pem", w.pki.Partner("Umbrella Bank", trusttest.ExpiringIn(20*24*time.Hour)).PEM())
	w.write("pms/initech.pem", w.pki.Partner("Initech").PEM())

	policyText := trusttest.AuthPolicy([]string{"otp", "otp-request", "bio-FINGER", "kyc"}, "fullName", "phone")
	w.write("policy.json", policyText)
	w.write("policy-new.json", trusttest.AuthPolicy([]string{"otp", "otp-request", "kyc"}, "fullName", "phone", "photo"))
	w.write("policy-odd.json", trusttest.AuthPolicy([]string{"opt", "kyc"}, "fullName"))
	w.write("policy-bad.json", []byte(strings.Replace(string(policyText), "allowedAuthTypes", "allowedAuthType", 1)))
	w.write("share.json", trusttest.DataSharePolicy("fullName", "biometrics"))
	w.write("misp.json", trusttest.MISPPolicy("auth", "key-binding"))
}

// capture writes a request with a sound capture, and what changes it.
func (w *world) capture(name string, captures ...trusttest.Capture) {
	w.t.Helper()
	segments, request := w.pki.SignCapture(captures...)
	w.writeCapture(name, segments, request)
}

func (w *world) writeCapture(name string, segments []device.Segment, request device.Request) {
	w.t.Helper()
	var biometrics []map[string]string
	for _, s := range segments {
		b := map[string]string{"data": s.Data, "hash": s.Hash}
		if s.BiometricHash != nil {
			b["biometricHash"] = fmt.Sprintf("%x", s.BiometricHash)
		}
		biometrics = append(biometrics, b)
	}
	text, err := json.Marshal(map[string]any{
		"transactionId": request.TransactionID, "env": request.Env, "domainUri": request.DomainURI, "biometrics": biometrics,
	})
	require.NoError(w.t, err)
	w.write(name, text)
}

func (w *world) bundle(name string, certs []*x509.Certificate) {
	w.t.Helper()
	data, err := pkcs7.Marshal(certs)
	require.NoError(w.t, err)
	w.write(name, data)
}

func (w *world) write(name string, data []byte) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.FromSlash(name), data, 0o644))
}
