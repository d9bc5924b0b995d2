package device

import (
	"time"

	"github.com/mosip/partnertrust/certchain/x5c"
)

// Segment is one captured biometric, as the request has it.
type Segment struct {
	// Data is the JWS of the data block.
	Data string
	// Hash is the upper-case hex that links the segment to the one before.
	Hash string
	// BiometricHash is the SHA-256 of the biometric that the host decrypted.
	BiometricHash []byte
}

// Request is what the request says that the captures belong to.
type Request struct {
	TransactionID string
	Env           string // "" where the request names none: then any allowed one
	DomainURI     string // likewise
}

// Capture is a verified segment.
type Capture struct {
	BioType        string
	BioSubType     string
	BioValue       string // base64url, encrypted
	Purpose        string
	Env            string
	DomainURI      string
	TransactionID  string
	ServiceVersion string
	RequestedScore string // as sent; "" where it is not
	QualityScore   string
	Timestamp      time.Time
	DigitalID      DigitalID
	// Device and Chip are the verified tokens: the signer's chain is in each.
	// Chip is nil for a digital id that the device key signed (L0).
	Device *x5c.Signed
	Chip   *x5c.Signed
}

// DigitalID is the identity of a device, signed by its chip.
type DigitalID struct {
	SerialNo, Make, Model string
	Type, DeviceSubType   string
	Provider, ProviderID  string
	DateTime              time.Time
}
