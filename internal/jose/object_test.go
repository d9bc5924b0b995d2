package jose_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/jose"
)

func TestParseObject(t *testing.T) {
	t.Parallel()
	object, err := jose.ParseObject([]byte(" {\"a\" : \"x\\u00e9\\/\\ud83d\\uDE00\" ,\n\"b\":[1,-0.5e+3,{\"c\":null}],\"\\u0063\":{\"d\":true}, \"e\":false, \"f\": [], \"g\": {} }\t"))
	require.NoError(t, err)
	require.Len(t, object, 6)

	text, ok := object[0].Text()
	require.True(t, ok)
	require.Equal(t, "xé/😀", text)
	require.Equal(t, `"x\u00e9\/\ud83d\uDE00"`, object[0].Raw, "raw text is verbatim")

	elements, ok := object[1].Array()
	require.True(t, ok)
	require.Len(t, elements, 3)
	require.Equal(t, "-0.5e+3", elements[1].Raw)

	c, ok := object.Lookup("c")
	require.True(t, ok)
	inner, ok := c.Object()
	require.True(t, ok)
	require.Equal(t, "true", inner[0].Raw)

	_, ok = object.Lookup("C")
	require.False(t, ok, "names are case-sensitive")
	for _, m := range object[2:] {
		_, ok := m.Text()
		require.False(t, ok, "%s is no string", m.Raw)
	}
	_, ok = object[0].Object()
	require.False(t, ok)
	_, ok = object[0].Array()
	require.False(t, ok)
	_, ok = jose.Member{}.Text()
	require.False(t, ok)
}

func TestParseObjectRefuses(t *testing.T) {
	t.Parallel()
	nested := func(depth int) string {
		return strings.Repeat(`{"a":`, depth-1) + `{}` + strings.Repeat(`}`, depth-1)
	}
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"m%d":%d`, i, i)
		}
		return "{" + b.String()[1:] + "}"
	}
	sized := func(n int) string { return `{"a":"` + strings.Repeat("x", n-8) + `"}` }
	require.Len(t, sized(100), 100)

	for _, tc := range []struct {
		name, text string
		want       error // nil: accepted
	}{
		{"empty", ``, jose.ErrSyntax},
		{"only space", ` `, jose.ErrSyntax},
		{"array", `[]`, jose.ErrSyntax},
		{"string", `"a"`, jose.ErrSyntax},
		{"two objects", `{}{}`, jose.ErrSyntax},
		{"text after the end", `{} x`, jose.ErrSyntax},
		{"no end", `{`, jose.ErrSyntax},
		{"no name", `{1:1}`, jose.ErrSyntax},
		{"no colon", `{"a" 1}`, jose.ErrSyntax},
		{"no value", `{"a":}`, jose.ErrSyntax},
		{"no comma", `{"a":1 "b":2}`, jose.ErrSyntax},
		{"trailing comma", `{"a":1,}`, jose.ErrSyntax},
		{"trailing comma in an array", `{"a":[1,]}`, jose.ErrSyntax},
		{"array without end", `{"a":[1`, jose.ErrSyntax},
		{"comment", `{/**/}`, jose.ErrSyntax},
		{"unknown word", `{"a":nul}`, jose.ErrSyntax},
		{"word with a tail", `{"a":nullx}`, jose.ErrSyntax},
		{"leading zero", `{"a":01}`, jose.ErrSyntax},
		{"plus sign", `{"a":+1}`, jose.ErrSyntax},
		{"lonely minus", `{"a":-}`, jose.ErrSyntax},
		{"no fraction", `{"a":1.}`, jose.ErrSyntax},
		{"no exponent", `{"a":1e}`, jose.ErrSyntax},
		{"string without end", `{"a":"x`, jose.ErrSyntax},
		{"string without end after an escape", `{"a":"\nx`, jose.ErrSyntax},
		{"control character", "{\"a\":\"\x1f\"}", jose.ErrSyntax},
		{"control character after an escape", "{\"a\":\"\\n\x1f\"}", jose.ErrSyntax},
		{"unknown escape", `{"a":"\x41"}`, jose.ErrSyntax},
		{"escape at the end", `{"a":"\`, jose.ErrSyntax},
		{"short escape", `{"a":"\u12"}`, jose.ErrSyntax},
		{"control characters for digits", "{\"a\":\"\\u\x10\x11\x12\x13\"}", jose.ErrSyntax},
		{"half a surrogate pair", `{"a":"\ud83d"}`, jose.ErrSyntax},
		{"the other half", `{"a":"\ude00\ud83d"}`, jose.ErrSyntax},
		{"surrogate and letter", `{"a":"\ud83d\u0041"}`, jose.ErrSyntax},
		{"surrogate and half an escape", `{"a":"\ud83d\u00"}`, jose.ErrSyntax},
		{"not UTF-8", "{\"a\":\"é\xff\"}", jose.ErrSyntax},
		{"byte order mark", "\ufeff{}", jose.ErrSyntax},

		{"member twice", `{"a":1,"a":1}`, jose.ErrDuplicate},
		{"member twice, once escaped", `{"a":1,"\u0061":2}`, jose.ErrDuplicate},
		{"member twice inside", `{"a":[{"b":1,"b":2}]}`, jose.ErrDuplicate},
		{"names that differ in case", `{"a":1,"A":1}`, nil},

		{"at the depth limit", nested(jose.MaxDepth), nil},
		{"past the depth limit", nested(jose.MaxDepth + 1), jose.ErrLimit},
		{"arrays past the depth limit", `{"a":` + strings.Repeat("[", jose.MaxDepth) + strings.Repeat("]", jose.MaxDepth) + `}`, jose.ErrLimit},
		{"at the member limit", members(jose.MaxMembers), nil},
		{"past the member limit", members(jose.MaxMembers + 1), jose.ErrLimit},
		{"at the size limit", sized(jose.MaxBytes), nil},
		{"past the size limit", sized(jose.MaxBytes + 1), jose.ErrLimit},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := jose.ParseObject([]byte(tc.text))
			if tc.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tc.want)
			var at *jose.JSONError
			require.ErrorAs(t, err, &at)
			require.LessOrEqual(t, at.Offset, len(tc.text))
			require.NotEmpty(t, at.Error())
		})
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]byte{
		`"-_8"`:           {0xfb, 0xff},
		`"-_8="`:          {0xfb, 0xff},
		`"+/8"`:           {0xfb, 0xff},
		`"+/8="`:          {0xfb, 0xff},
		`"\u002d\u005f8"`: {0xfb, 0xff},
		`"AAE"`:           {0, 1},
		`""`:              {},
		`"+_8"`:           nil,
		`"-_8=="`:         nil,
		`"-"`:             nil,
		`"é"`:             nil,
		`1`:               nil,
		`null`:            nil,
		`["AAE"]`:         nil,
	} {
		object, err := jose.ParseObject([]byte(`{"a":` + text + `}`))
		require.NoError(t, err)
		got, ok := object[0].Bytes()
		require.Equal(t, want != nil, ok, text)
		if ok {
			require.Equal(t, want, got, text)
		}
	}
}

func TestOffsets(t *testing.T) {
	t.Parallel()
	text := `{"keys":[ {"kty":"RSA"}]}`
	object, err := jose.ParseObject([]byte(text))
	require.NoError(t, err)
	keys, ok := object[0].Array()
	require.True(t, ok)
	require.Equal(t, strings.Index(text, `{"kty"`), keys[0].Offset)

	var at *jose.JSONError
	_, err = jose.ParseObject([]byte(`{"a":1, "a":2}`))
	require.ErrorAs(t, err, &at)
	require.Equal(t, 8, at.Offset)
}

// Whatever ParseObject accepts, encoding/json accepts and reads the same.
func FuzzParseObject(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
		`{"a":"\ud83d\ude00","b":[true,false,null,-1.5e-3,{"c":"\\"}]}`, `{"a":1,"\u0061":2}`, "{\"a\":\"\xff\"}", `{"a":"\ud83d"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		object, err := jose.ParseObject(data)
		if err != nil {
			var at *jose.JSONError
			require.ErrorAs(t, err, &at)
			return
		}
		var want map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(data, &want))
		require.Len(t, object, len(want))
		for _, m := range object {
			require.Equal(t, string(bytes.TrimSpace(want[m.Name])), m.Raw)
			if text, ok := m.Text(); ok {
				var s string
				require.NoError(t, json.Unmarshal([]byte(m.Raw), &s))
				require.Equal(t, s, text)
			}
		}
	})
}
