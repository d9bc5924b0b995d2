package device

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Reason says why a capture was refused. It is a constant and an error.
type Reason string

// Error returns the reason's sentence.
func (r Reason) Error() string { return "device: " + r.Sentence() }

// The reasons, the most telling first.
const (
	Misconfigured       Reason = "Misconfigured"
	SegmentCount        Reason = "SegmentCount"
	DataNotTrusted      Reason = "DataNotTrusted"
	DigitalIDUnsigned   Reason = "DigitalIDUnsigned"
	DigitalIDNotTrusted Reason = "DigitalIDNotTrusted"
	Malformed           Reason = "Malformed"
	FieldMissing        Reason = "FieldMissing"
	FieldInvalid        Reason = "FieldInvalid"
	TypeMismatch        Reason = "TypeMismatch"
	DeviceMismatch      Reason = "DeviceMismatch"
	ProviderMismatch    Reason = "ProviderMismatch"
	PurposeMismatch     Reason = "PurposeMismatch"
	EnvironmentMismatch Reason = "EnvironmentMismatch"
	DomainURIMismatch   Reason = "DomainURIMismatch"
	TransactionMismatch Reason = "TransactionMismatch"
	SegmentStale        Reason = "SegmentStale"
	SegmentOutOfOrder   Reason = "SegmentOutOfOrder"
	DigitalIDStale      Reason = "DigitalIDStale"
	HashMissing         Reason = "HashMissing"
	HashMismatch        Reason = "HashMismatch"
	NotRegistered       Reason = "NotRegistered"
	Hotlisted           Reason = "Hotlisted"
	RegistryFailed      Reason = "RegistryFailed"
)

// facts of each reason: the sentence and the authentication service's code.
var facts = []struct {
	reason         Reason
	sentence, code string
}{
	{Misconfigured, "the verifier is not configured to answer", ""},
	{SegmentCount, "the request has no segments, or too many", "IDA-MLC-006"},
	{DataNotTrusted, "the data block is not signed by a trusted device", "IDA-MPA-001"},
	{DigitalIDUnsigned, "the digital id is not a signed token", "IDA-MPA-001"},
	{DigitalIDNotTrusted, "the digital id is not signed by a trusted chip", "IDA-MPA-001"},
	{Malformed, "what was signed is no JSON object that every reader sees alike", "IDA-MPA-001"},
	{FieldMissing, "a field is missing", "IDA-MLC-006"},
	{FieldInvalid, "a field has a value that it cannot have", "IDA-MLC-009"},
	{TypeMismatch, "the device is not of the type that captured", "IDA-DPM-004"},
	{DeviceMismatch, "the digital id is of another device", ""},
	{ProviderMismatch, "the digital id names another provider than the certificate", ""},
	{PurposeMismatch, "the capture was made for another purpose", ""},
	{EnvironmentMismatch, "the capture was made for another environment", ""},
	{DomainURIMismatch, "the capture was made for another service", ""},
	{TransactionMismatch, "the capture belongs to another transaction", ""},
	{SegmentStale, "the segment was not captured just now", "IDA-MLC-030"},
	{SegmentOutOfOrder, "the segment does not follow the one before in time", "IDA-MLC-030"},
	{DigitalIDStale, "the digital id was not made just now", "IDA-MLC-031"},
	{HashMissing, "the hash that links the segments is missing", "IDA-MLC-006"},
	{HashMismatch, "the hash does not link the segment to the one before", "IDA-BIA-014"},
	{NotRegistered, "the device is not registered and approved", ""},
	{Hotlisted, "the device or its provider is blocked", ""},
	{RegistryFailed, "the host could not say whether the device may be used", ""},
}

func (r Reason) rank() int {
	for i, f := range facts {
		if f.reason == r {
			return i
		}
	}
	return len(facts)
}

// Sentence says the reason in words for a person.
func (r Reason) Sentence() string {
	if i := r.rank(); i < len(facts) {
		return facts[i].sentence
	}
	return "refused for the unknown reason " + string(r)
}

// PlatformCode returns the authentication service's code for the reason, or ""
// where it has none.
func (r Reason) PlatformCode() string {
	if i := r.rank(); i < len(facts) {
		return facts[i].code
	}
	return ""
}

// Finding is one reason against one segment. It is an error.
type Finding struct {
	Reason  Reason
	Segment int    // counted from 0; -1 for the request as a whole
	Pointer string // RFC 6901, into the segments: "/0/data/digitalId"
	Detail  string // what exactly is wrong, for a person
	Err     error  // what lies behind: an *x5c.Error, or the host's
}

// Error says where, the reason and the detail.
func (f *Finding) Error() string {
	text := f.Reason.Sentence()
	if f.Pointer != "" {
		text = f.Pointer + ": " + text
	}
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	return text
}

// Unwrap returns the reason, and the cause where there is one.
func (f *Finding) Unwrap() []error {
	if f.Err != nil {
		return []error{f.Reason, f.Err}
	}
	return []error{f.Reason}
}

// MarshalJSON writes the finding with what a program needs to act on it.
func (f *Finding) MarshalJSON() ([]byte, error) {
	var refusal json.Marshaler
	errors.As(f.Err, &refusal)
	return json.Marshal(struct {
		Reason       Reason         `json:"reason"`
		Segment      int            `json:"segment"`
		Pointer      string         `json:"pointer,omitempty"`
		Sentence     string         `json:"sentence"`
		Detail       string         `json:"detail,omitempty"`
		PlatformCode string         `json:"platformCode,omitempty"`
		Refusal      json.Marshaler `json:"refusal,omitempty"`
	}{f.Reason, f.Segment, f.Pointer, f.Reason.Sentence(), f.Detail, f.Reason.PlatformCode(), refusal})
}

// Error is a refusal of a capture. Findings holds every reason against any
// segment, the most telling first.
type Error struct {
	Findings []*Finding `json:"findings"`
}

// Error says the first finding.
func (e *Error) Error() string {
	if len(e.Findings) == 0 {
		return "device: refused"
	}
	return "device: refused: " + e.Findings[0].Error()
}

// Unwrap returns the findings.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		errs[i] = f
	}
	return errs
}

// findings collects what stands against one segment.
type findings struct {
	segment int
	list    []*Finding
}

func (f *findings) add(r Reason, path, detail string) *Finding {
	found := &Finding{Reason: r, Segment: f.segment, Detail: detail}
	if f.segment >= 0 {
		found.Pointer = "/" + strconv.Itoa(f.segment) + path
	}
	f.list = append(f.list, found)
	return found
}

func (f *findings) addf(r Reason, path, format string, args ...any) {
	f.add(r, path, fmt.Sprintf(format, args...))
}

func refuse(list []*Finding) error {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *Finding) int {
		if d := a.Reason.rank() - b.Reason.rank(); d != 0 {
			return d
		}
		return a.Segment - b.Segment
	})
	return &Error{Findings: list}
}
