package policy

import (
	"fmt"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// Biometric is what a filter looks at of one biometric record.
type Biometric struct {
	Type    string // Finger, Iris or Face
	SubType string // such as "Left Thumb" or "Right"; "" for a face
}

// biometricTypes are the types of a datashare filter, with the subtypes of the
// device specification (mds-specification.md, bioSubType).
var biometricTypes = [...]struct {
	name     string
	subTypes []string
}{
	{"Finger", []string{
		"Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger", "Left Thumb",
		"Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger", "Right Thumb", "UNKNOWN",
	}},
	{"Iris", []string{"Left", "Right", "UNKNOWN"}},
	{"Face", nil},
}

func isBiometricType(s string) bool {
	for _, t := range biometricTypes {
		if equalFold(t.name, s) {
			return true
		}
	}
	return false
}

// FilterBiometrics selects the records that the filters of one source let
// through: those whose type and subtype any filter names, each once, in the
// order given. A filter whose subtypes are nil takes every record of its type; one
// whose list of subtypes is empty takes none. Types and subtypes are compared
// without regard to case.
//
// What selects nothing yields nothing and says so, clause by clause: a source
// without a filter ([FilterMissing]), a filter of no or of an unknown type
// ([FilterUnknown]), a filter that no record matches ([FilterMatchesNone]), more
// than [MaxBiometrics] records ([RequestTooLarge]). Records of an unknown type
// are never selected.
func FilterBiometrics[R any](from Source, records []R, describe func(R) Biometric) ([]R, []Denial) {
	if len(records) > MaxBiometrics {
		return nil, []Denial{{
			Reason: RequestTooLarge, Pointer: from.Pointer, Subject: from.Attribute,
			Message: fmt.Sprintf("more than %d biometric records", MaxBiometrics),
		}}
	}
	if len(from.Filters) == 0 {
		return nil, []Denial{{
			Reason: FilterMissing, Pointer: from.Pointer, Subject: from.Attribute,
			Message: fmt.Sprintf("no filter says which biometrics of %q are shared", from.Attribute),
		}}
	}
	described := make([]Biometric, len(records))
	for i, r := range records {
		described[i] = describe(r)
	}
	var denials []Denial
	selected := make([]bool, len(records))
	for i, f := range from.Filters {
		pointer := strictjson.PointerIndex(from.Pointer+"/filter", i)
		if !isBiometricType(f.Type) {
			denials = append(denials, Denial{
				Reason: FilterUnknown, Pointer: pointer, Subject: f.Type,
				Message: fmt.Sprintf("%q is not a biometric type: Finger, Iris and Face are", f.Type),
			})
			continue
		}
		matched := false
		for j, b := range described {
			if f.selects(b) {
				selected[j], matched = true, true
			}
		}
		if !matched {
			denials = append(denials, Denial{
				Reason: FilterMatchesNone, Pointer: pointer, Subject: f.Type,
				Message: fmt.Sprintf("no biometric record is %s", f.words()),
			})
		}
	}
	var out []R
	for i, r := range records {
		if selected[i] {
			out = append(out, r)
		}
	}
	return out, denials
}

func (f Filter) selects(b Biometric) bool {
	if !equalFold(f.Type, b.Type) {
		return false
	}
	for _, s := range f.SubTypes {
		if equalFold(s, b.SubType) {
			return true
		}
	}
	return f.SubTypes == nil
}
