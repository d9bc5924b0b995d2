package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// world is a PKI and a partner for the demonstration: a bank with a policy, the
// devices that its customers use, and others that somebody might try.
type world struct {
	pki      *trusttest.PKI
	bank     *trusttest.Identity
	register *register
}

// message is a request as it goes over the wire.
type message struct {
	path, signature string
	body            []byte
}

const bankPath = "/auth/telecom-licence/acme-bank/key-1"

func newWorld(now time.Time) *world {
	pki := trusttest.New(trusttest.ForExample(), trusttest.At(now))
	w := &world{pki: pki, bank: pki.Partner("Acme Bank")}
	from, until := now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)
	document, err := json.Marshal(register{
		Environments: []string{trusttest.Environment}, DomainURIs: []string{trusttest.DomainURI},
		MISPs: []licence{{Key: "telecom-licence", From: from, Until: until}},
		Partners: []partner{{
			ID: "acme-bank", Certificate: trust.SHA256(w.bank.Certificate),
			Keys: []apiKey{{
				Key: "key-1", From: from, Until: until,
				Policy: trusttest.AuthPolicy([]string{"bio-FINGER", "bio-IRIS", "otp", "kyc"}, "fullName", "dateOfBirth"),
			}},
		}},
	})
	if err == nil {
		w.register, err = parseRegister(document)
	}
	if err != nil {
		panic(err) // what it is made of stands above
	}
	return w
}

// writeTrust writes the CAs of the PKI into a folder, as an operator would.
func (w *world) writeTrust(folder string) error {
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM} {
		dir := filepath.Join(folder, string(d))
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		for name, ca := range map[string]*trusttest.Identity{"root.pem": w.pki.Root(d), "ca.pem": w.pki.Intermediate(d)} {
			if err := os.WriteFile(filepath.Join(dir, name), ca.PEM(), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask is a sound request with the captures, or with those of one sound device.
func (w *world) ask(captures ...trusttest.Capture) request {
	segments, claimed := w.pki.SignCapture(captures...)
	r := request{
		TransactionID: claimed.TransactionID, RequestTime: w.pki.Clock(), Env: claimed.Env, DomainURI: claimed.DomainURI,
		OTP: "111111", Attributes: []string{"fullName"}, Languages: []string{"eng"},
	}
	for _, s := range segments {
		r.Biometrics = append(r.Biometrics, biometric{s.Data, s.Hash})
	}
	return r
}

// signed is the request as that partner sends it to the bank's address.
func (w *world) signed(r request, by *trusttest.Identity) message {
	body, err := json.Marshal(r)
	if err != nil {
		panic(err) // it has nothing in it that JSON has not
	}
	return message{bankPath, by.SignDetached(body), body}
}

func (w *world) good() message { return w.signed(w.ask(), w.bank) }

// scene is one request of the demonstration.
type scene struct {
	title   string
	message message
}

func (w *world) scenes() []scene {
	unlisted := w.ask()
	unlisted.Attributes = append(unlisted.Attributes, "photo")
	return []scene{
		{"a finger and a one-time password, for the full name", w.good()},
		{"signed by another bank, with a certificate as good", w.signed(w.ask(), w.pki.Partner("Shadow Bank"))},
		{"the digital ids of a finger and an iris device, swapped", w.signed(w.ask(swapped()...), w.bank)},
		{"a device of a maker whom nobody admitted", w.signed(w.ask(w.stray()), w.bank)},
		{"an attribute that is not in the policy", w.signed(unlisted, w.bank)},
	}
}

// swapped are captures of a finger and of an iris in which each has the digital
// id of the other's device: one by one, both kinds are in the request.
func swapped() []trusttest.Capture {
	iris := trusttest.Members{"type": "Iris", "deviceSubType": "Double"}
	return []trusttest.Capture{
		{DigitalID: iris},
		{Data: trusttest.Members{"bioType": "Iris", "bioSubType": "Left"}},
	}
}

func (w *world) stray() trusttest.Capture {
	return trusttest.Capture{Device: w.pki.Device("Stray Biometrics", trusttest.UnknownIssuer())}
}
