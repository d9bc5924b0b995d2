package device

import (
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// What the specification of biometric devices says that fields may be.
var (
	subTypesOfDevice = map[string][]string{
		"finger": {"Slap", "Single", "Touchless"},
		"iris":   {"Single", "Double"},
		"face":   {"Full face"},
	}
	subTypesOfBiometric = map[string][]string{
		"finger": {
			"Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger", "Left Thumb",
			"Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger", "Right Thumb", "UNKNOWN",
		},
		"iris": {"Left", "Right", "UNKNOWN"},
		"face": {"", "Full face", "UNKNOWN"},
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
	if text != "" && strings.Trim(text, "+-.0123456789eE") != "" || len(text) > 32 {
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
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	r.found.addf(FieldInvalid, r.path+"/"+name, "%q is not an ISO 8601 date and time with a zone", text)
	return time.Time{}
}

// oneOf asks that a value is one of the documented ones, in any case.
func (r *reader) oneOf(name, value string, allowed []string) {
	if !slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, value) }) {
		r.found.addf(FieldInvalid, r.path+"/"+name, "%.40q is none of %q", value, allowed)
	}
}

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
		if subTypes, known := subTypesOfBiometric[strings.ToLower(c.BioType)]; !known {
			r.oneOf("bioType", c.BioType, []string{"Finger", "Iris", "Face"})
		} else {
			r.oneOf("bioSubType", c.BioSubType, subTypes)
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
		if subTypes, known := subTypesOfDevice[strings.ToLower(id.Type)]; !known {
			r.oneOf("type", id.Type, []string{"Finger", "Iris", "Face"})
		} else if id.DeviceSubType != "" {
			r.oneOf("deviceSubType", id.DeviceSubType, subTypes)
		}
	}
	return id
}
