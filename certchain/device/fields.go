package device

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// What the specification of biometric devices says that fields may be.
var (
	subTypesOfDevice = map[string][]string{
		"Finger": {"Slap", "Single", "Touchless"},
		"Iris":   {"Single", "Double"},
		"Face":   {"Full face"},
	}
	subTypesOfBiometric = map[string][]string{
		"Finger": {
			"Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger", "Left Thumb",
			"Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger", "Right Thumb", "UNKNOWN",
		},
		"Iris": {"Left", "Right", "UNKNOWN"},
		"Face": {"", "Full face", "UNKNOWN"},
	}
)

// reader takes the fields of one signed object and notes what is wrong with
// them.
type reader struct {
	object jose.Object
	found  *findings
	path   string
}

// text returns a field that must be a string and, unless it may be empty, not
// be empty.
func (r *reader) text(name string, limit int, mayBeEmpty bool) string {
	m, ok := r.object.Lookup(name)
	if !ok {
		if !mayBeEmpty {
			r.found.add(FieldMissing, r.path+"/"+name, "")
		}
		return ""
	}
	text, ok := m.Text()
	switch {
	case !ok && m.Raw == "null" && mayBeEmpty:
		return ""
	case !ok:
		r.found.add(FieldInvalid, r.path+"/"+name, "it is not a string")
	case text == "" && !mayBeEmpty:
		r.found.add(FieldMissing, r.path+"/"+name, "it is empty")
	case len(text) > limit:
		r.found.addf(FieldInvalid, r.path+"/"+name, "it has %d bytes, the limit is %d", len(text), limit)
	default:
		return text
	}
	return ""
}

// score returns a field that may be a number or a string with one.
func (r *reader) score(name string) string {
	m, ok := r.object.Lookup(name)
	if !ok || m.Raw == "null" {
		return ""
	}
	text, isString := m.Text()
	if !isString {
		text = m.Raw
	}
	if text == "" {
		return ""
	}
	if score, err := strconv.ParseFloat(text, 64); err != nil || len(text) > 32 || math.IsNaN(score) || math.IsInf(score, 0) {
		r.found.add(FieldInvalid, r.path+"/"+name, "it is not a number")
		return ""
	}
	return text
}

// time returns a field with an ISO 8601 date and time that names its zone.
func (r *reader) time(name string) time.Time {
	text := r.text(name, 64, false)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700"} {
		// The zero time would pass for a field that is not there.
		if t, err := time.Parse(layout, text); err == nil && !t.IsZero() {
			return t
		}
	}
	r.found.addf(FieldInvalid, r.path+"/"+name, "%q is not an ISO 8601 date and time with a zone", text)
	return time.Time{}
}

// oneOf returns the documented spelling of a value, which may come in any case.
// Of letters beyond ASCII that fold to one of them it knows nothing.
func (r *reader) oneOf(name, value string, allowed []string) string {
	for _, a := range allowed {
		if sameASCII(a, value) {
			return a
		}
	}
	r.found.addf(FieldInvalid, r.path+"/"+name, "%.40q is none of %q", value, allowed)
	return ""
}

func sameASCII(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

var modalities = []string{"Finger", "Iris", "Face"}

// dataBlock reads the signed data of a segment.
func (r *reader) dataBlock() Capture {
	c := Capture{
		BioType:        r.text("bioType", MaxFieldBytes, false),
		BioSubType:     r.text("bioSubType", MaxFieldBytes, true),
		BioValue:       r.text("bioValue", 1<<30, false),
		Purpose:        r.text("purpose", MaxFieldBytes, false),
		Env:            r.text("env", MaxFieldBytes, false),
		DomainURI:      r.text("domainUri", MaxFieldBytes, false),
		TransactionID:  r.text("transactionId", MaxFieldBytes, false),
		ServiceVersion: r.text("deviceServiceVersion", MaxFieldBytes, false),
		RequestedScore: r.score("requestedScore"),
		QualityScore:   r.score("qualityScore"),
		Timestamp:      r.time("timestamp"),
	}
	if c.BioType != "" {
		if c.BioType = r.oneOf("bioType", c.BioType, modalities); c.BioType != "" {
			c.BioSubType = r.oneOf("bioSubType", c.BioSubType, subTypesOfBiometric[c.BioType])
		}
	}
	if c.TransactionID != "" && !validTransactionID(c.TransactionID) {
		r.found.addf(FieldInvalid, r.path+"/transactionId", "%.60q is not 4 to 50 letters, digits and hyphens", c.TransactionID)
	}
	return c
}

func validTransactionID(id string) bool {
	return len(id) >= 4 && len(id) <= 50 && strings.IndexFunc(id, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-')
	}) < 0
}

// digitalID reads the payload of a digital id.
func (r *reader) digitalID() DigitalID {
	id := DigitalID{
		SerialNo:      r.text("serialNo", MaxFieldBytes, false),
		Make:          r.text("make", MaxFieldBytes, false),
		Model:         r.text("model", MaxFieldBytes, false),
		Type:          r.text("type", MaxFieldBytes, false),
		DeviceSubType: r.text("deviceSubType", MaxFieldBytes, false),
		Provider:      r.text("deviceProvider", MaxFieldBytes, false),
		ProviderID:    r.text("deviceProviderId", MaxFieldBytes, false),
		DateTime:      r.time("dateTime"),
	}
	if id.Type != "" {
		if id.Type = r.oneOf("type", id.Type, modalities); id.Type != "" && id.DeviceSubType != "" {
			id.DeviceSubType = r.oneOf("deviceSubType", id.DeviceSubType, subTypesOfDevice[id.Type])
		}
	}
	return id
}
