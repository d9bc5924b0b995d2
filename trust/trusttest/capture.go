package trusttest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/mosip/partnertrust/certchain/device"
)

// What a capture says unless told otherwise; a host under test accepts it.
const (
	Environment   = "Staging"
	DomainURI     = "https://ida.example"
	TransactionID = "txn-0001"
)

// Members are members of a JSON object that take the place of what would stand
// there. One that is nil is left out.
type Members map[string]any

// Capture is a biometric to be signed, as an L1 device does by version 1.0 of
// the Secure Biometric Interface. The zero Capture is a sound one, of a left
// thumb.
type Capture struct {
	// Device signs the data block, Chip the digital id in it. Where they are nil,
	// one sound device with its chip serves all captures of the call. A chip that
	// is the device itself makes the digital id of an L0 device.
	Device, Chip *Identity

	// Data and DigitalID change what is signed.
	Data, DigitalID Members

	// Biometric is what was captured, in clear: the bioValue is its base64url.
	Biometric []byte
}

// SignCapture signs captures as the segments of one request, linked by their
// hashes, and returns them with what the request says. Without arguments it is a
// single sound capture. What it returns is for device.Verifier.VerifyCapture:
//
//	v := device.New(x5c.New(pki.Verifier()), device.WithClock(pki.Clock), device.Environments(trusttest.Environment))
//	segments, request := pki.SignCapture()
//	captures, err := v.VerifyCapture(ctx, segments, request)
//
// The segments are a second apart and the last one is of now. Encryption is not
// a matter of trust: there is none.
func (p *PKI) SignCapture(captures ...Capture) ([]device.Segment, device.Request) {
	p.tb.Helper()
	if len(captures) == 0 {
		captures = []Capture{{}}
	}
	var segments []device.Segment
	var deviceOfAll, chipOfAll *Identity
	hash := sha256.Sum256(nil)
	for i, c := range captures {
		if c.Device == nil {
			if deviceOfAll == nil {
				deviceOfAll = p.Device("Acme Biometrics")
			}
			c.Device = deviceOfAll
		}
		if c.Chip == nil {
			if chipOfAll == nil {
				chipOfAll = p.Chip("Acme Chips")
			}
			c.Chip = chipOfAll
		}
		if c.Biometric == nil {
			c.Biometric = fmt.Appendf(nil, "biometric %d", i+1)
		}
		biometric := sha256.Sum256(c.Biometric)
		hash = sha256.Sum256(append(hash[:], biometric[:]...))
		at := p.now.Add(time.Duration(i+1-len(captures)) * time.Second)
		segments = append(segments, device.Segment{Data: p.dataBlock(c, at), Hash: fmt.Sprintf("%X", hash), BiometricHash: biometric[:]})
	}
	return segments, device.Request{TransactionID: TransactionID, Env: Environment, DomainURI: DomainURI}
}

// dataBlock is the JWS of the device around that of the chip.
func (p *PKI) dataBlock(c Capture, at time.Time) string {
	p.tb.Helper()
	const serialNo = "SN-0001"
	stamp := at.UTC().Format(time.RFC3339)
	digitalID := c.Chip.SignJWS(p.object(c.DigitalID, Members{
		"serialNo": serialNo, "make": "Acme", "model": "A1", "type": "Finger", "deviceSubType": "Slap",
		"deviceProvider": c.Device.Organization, "deviceProviderId": "ACME", "dateTime": stamp,
	}))
	return c.Device.SignJWS(p.object(c.Data, Members{
		"digitalId": digitalID, "deviceCode": serialNo, "deviceServiceVersion": "1.0",
		"bioType": "Finger", "bioSubType": "Left Thumb", "bioValue": b64(c.Biometric),
		"purpose": "Auth", "env": Environment, "domainUri": DomainURI, "transactionId": TransactionID,
		"timestamp": stamp, "requestedScore": "60", "qualityScore": "80",
	}))
}

func (p *PKI) object(change, sound Members) []byte {
	p.tb.Helper()
	maps.Copy(sound, change)
	maps.DeleteFunc(sound, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(sound)
	if err != nil {
		p.tb.Fatalf("trusttest: %v", err)
	}
	return text
}
