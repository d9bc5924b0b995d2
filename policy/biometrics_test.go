package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// hand is a set of biometric records as the platform names them: type/subtype.
var hand = []policy.Biometric{
	{Type: "Finger", SubType: "Left Thumb"},
	{Type: "FINGER", SubType: "left indexfinger"},
	{Type: "Iris", SubType: "Left"},
	{Type: "Face"},
	{Type: "Finger", SubType: "Right Thumb"},
	{Type: "ExceptionPhoto"},
	{},
}

func itself(b policy.Biometric) policy.Biometric { return b }

func pick(indexes ...int) []policy.Biometric {
	var out []policy.Biometric
	for _, i := range indexes {
		out = append(out, hand[i])
	}
	return out
}

func TestFilterBiometrics(t *testing.T) {
	t.Parallel()
	const at = "/shareableAttributes/0/source/1"
	for name, c := range map[string]struct {
		filters []policy.Filter
		want    []policy.Biometric
		said    []said
	}{
		"one type":         {[]policy.Filter{{Type: "Face"}}, pick(3), nil},
		"every finger":     {[]policy.Filter{{Type: "finger"}}, pick(0, 1, 4), nil},
		"one finger":       {[]policy.Filter{{Type: "Finger", SubTypes: []string{"Left IndexFinger"}}}, pick(1), nil},
		"both thumbs":      {[]policy.Filter{{Type: "Finger", SubTypes: []string{"Right Thumb", "Left Thumb"}}}, pick(0, 4), nil},
		"order of records": {[]policy.Filter{{Type: "Face"}, {Type: "Iris"}, {Type: "Finger", SubTypes: []string{"Left Thumb"}}}, pick(0, 2, 3), nil},
		// Filters of one type add up, whatever stands last.
		"same type twice": {[]policy.Filter{{Type: "Finger", SubTypes: []string{"Left Thumb"}}, {Type: "Finger", SubTypes: []string{"Right Thumb"}}}, pick(0, 4), nil},
		"same record twice": {
			[]policy.Filter{{Type: "Finger"}, {Type: "Finger", SubTypes: []string{"Left Thumb"}}},
			pick(0, 1, 4), nil,
		},
		// What matches nothing yields nothing, never everything.
		"matches none":     {[]policy.Filter{{Type: "Iris", SubTypes: []string{"Right"}}}, nil, []said{{policy.FilterMatchesNone, at + "/filter/0", "Iris", ""}}},
		"one matches none": {[]policy.Filter{{Type: "Iris", SubTypes: []string{"Right"}}, {Type: "Face"}}, pick(3), []said{{policy.FilterMatchesNone, at + "/filter/0", "Iris", ""}}},
		"no subtype":       {[]policy.Filter{{Type: "Face", SubTypes: []string{}}}, nil, []said{{policy.FilterMatchesNone, at + "/filter/0", "Face", ""}}},
		"no filter":        {nil, nil, []said{{policy.FilterMissing, at, "individualBiometrics", ""}}},
		"unknown type":     {[]policy.Filter{{Type: "ExceptionPhoto"}}, nil, []said{{policy.FilterUnknown, at + "/filter/0", "ExceptionPhoto", ""}}},
		"no type":          {[]policy.Filter{{Language: "eng"}, {}}, nil, []said{{policy.FilterUnknown, at + "/filter/0", "", ""}, {policy.FilterUnknown, at + "/filter/1", "", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, denials := policy.FilterBiometrics(policy.Source{Attribute: "individualBiometrics", Filters: c.filters, Pointer: at}, hand, itself)
			require.Equal(t, c.want, got)
			require.Equal(t, c.said, sayings(denials))
		})
	}
}

func TestFilterBiometricsOfNobody(t *testing.T) {
	t.Parallel()
	face := policy.Source{Filters: []policy.Filter{{Type: "Face"}}}
	got, denials := policy.FilterBiometrics(face, nil, itself)
	require.Empty(t, got)
	require.Equal(t, []policy.Reason{policy.FilterMatchesNone}, reasonsOf(denials))

	many := make([]policy.Biometric, policy.MaxBiometrics+1)
	for i := range many {
		many[i].Type = "Face"
	}
	got, denials = policy.FilterBiometrics(face, many[1:], itself)
	require.Len(t, got, policy.MaxBiometrics)
	require.Empty(t, denials)
	got, denials = policy.FilterBiometrics(face, many, itself)
	require.Empty(t, got)
	require.Equal(t, []policy.Reason{policy.RequestTooLarge}, reasonsOf(denials))
}
