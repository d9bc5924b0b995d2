package strictjson_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

var limits = strictjson.Limits{Bytes: 1 << 16, Depth: 8, Entries: 16, Problems: 4}

func TestFaultsHaveAPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text         string
		fault        strictjson.Fault
		line, column int
		pointer      string
	}{
		"empty":                   {"", strictjson.Malformed, 1, 1, ""},
		"only space":              {" \n ", strictjson.Malformed, 2, 2, ""},
		"byte order mark":         {"\ufeff{}", strictjson.Malformed, 1, 1, ""},
		"no value":                {`{"a": nope}`, strictjson.Malformed, 1, 7, "/a"},
		"cut word":                {`{"a": tru`, strictjson.Malformed, 1, 7, "/a"},
		"open array":              {`[1`, strictjson.Malformed, 1, 3, ""},
		"array without comma":     {`[1 2]`, strictjson.Malformed, 1, 4, ""},
		"trailing comma":          {`[1,]`, strictjson.Malformed, 1, 4, "/1"},
		"open object":             {`{"a":1`, strictjson.Malformed, 1, 7, ""},
		"object trailing comma":   {`{"a":1,}`, strictjson.Malformed, 1, 8, ""},
		"name without quotes":     {`{a:1}`, strictjson.Malformed, 1, 2, ""},
		"name without colon":      {`{"a" 1}`, strictjson.Malformed, 1, 6, "/a"},
		"name cut":                {`{"a`, strictjson.Malformed, 1, 4, ""},
		"minus alone":             {`-`, strictjson.Malformed, 1, 2, ""},
		"leading zero":            {`01`, strictjson.Trailing, 1, 2, ""},
		"no fraction":             {`1.`, strictjson.Malformed, 1, 3, ""},
		"no exponent":             {`1e+`, strictjson.Malformed, 1, 4, ""},
		"raw control character":   {"\"a\nb\"", strictjson.Malformed, 1, 3, ""},
		"unknown escape":          {`"\x"`, strictjson.Malformed, 1, 2, ""},
		"cut escape":              {`"\`, strictjson.Malformed, 1, 2, ""},
		"short hex":               {`"\u12"`, strictjson.Malformed, 1, 2, ""},
		"no hex":                  {`"\u12g4"`, strictjson.Malformed, 1, 2, ""},
		"lone low surrogate":      {`"\udc00"`, strictjson.Malformed, 1, 2, ""},
		"lone high surrogate":     {`"\ud800"`, strictjson.Malformed, 1, 2, ""},
		"high without low":        {`"\ud800\u0041"`, strictjson.Malformed, 1, 2, ""},
		"high without escape":     {`"\ud800xxdc00"`, strictjson.Malformed, 1, 2, ""},
		"broken UTF-8":            {"\"a\xff\"", strictjson.Malformed, 1, 3, ""},
		"open string":             {`"ab`, strictjson.Malformed, 1, 4, ""},
		"second document":         {"{}\n {}", strictjson.Trailing, 2, 2, ""},
		"duplicate":               {"{\"a\":1,\n  \"a\":2}", strictjson.Duplicate, 2, 3, "/a"},
		"duplicate by escape":     {`{"a":1,"\u0061":2}`, strictjson.Duplicate, 1, 8, "/a"},
		"duplicate below":         {`{"a/b":{"~":1,"~":2}}`, strictjson.Duplicate, 1, 15, "/a~1b/~0"},
		"columns are characters":  {`{"é":1,"é":2}`, strictjson.Duplicate, 1, 8, "/é"},
		"fault inside an array":   {`[[1],[2,{"a":x}]]`, strictjson.Malformed, 1, 14, "/1/1/a"},
		"malformed inside object": {`{"a":{"b":"\q"}}`, strictjson.Malformed, 1, 12, "/a/b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, problems := strictjson.Parse([]byte(c.text), limits)
			require.NotEmpty(t, problems)
			p := problems[len(problems)-1]
			line, column := doc.Position(p.Offset)
			require.Equal(t, c.fault, p.Fault, p.Detail)
			require.Equal(t, []int{c.line, c.column}, []int{line, column}, p.Detail)
			require.Equal(t, c.pointer, p.Pointer)
			if c.fault == strictjson.Malformed {
				require.Equal(t, strictjson.Invalid, doc.Root.Kind)
			}
		})
	}
}

func TestLimitsHoldAtTheLimitAndRefuseOnePast(t *testing.T) {
	t.Parallel()
	array := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	object := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(`,"` + strings.Repeat("k", i+1) + `":1`)
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	}
	for name, c := range map[string]struct {
		within, past string
		fault        strictjson.Fault
	}{
		"bytes":          {strings.Repeat(" ", limits.Bytes-1) + "1", strings.Repeat(" ", limits.Bytes) + "1", strictjson.TooLarge},
		"depth":          {strings.Repeat("[", 8) + strings.Repeat("]", 8), strings.Repeat("[", 9) + strings.Repeat("]", 9), strictjson.TooDeep},
		"depth, objects": {strings.Repeat(`{"a":`, 8) + "1" + strings.Repeat("}", 8), strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9), strictjson.TooDeep},
		"array":          {array(16), array(17), strictjson.TooMany},
		"object":         {object(16), object(17), strictjson.TooMany},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := strictjson.Parse([]byte(c.within), limits)
			require.Empty(t, problems)
			_, problems = strictjson.Parse([]byte(c.past), limits)
			require.Len(t, problems, 1)
			require.Equal(t, c.fault, problems[0].Fault)
		})
	}
}

func TestProblemsAreSpeltOutToALimit(t *testing.T) {
	t.Parallel()
	_, problems := strictjson.Parse([]byte(`{"a":0`+strings.Repeat(`,"a":0`, 6)+`}`), limits)
	require.Len(t, problems, 6)
	for i, p := range problems {
		require.Equal(t, strictjson.Duplicate, p.Fault)
		require.Equal(t, i < limits.Problems, p.Pointer == "/a")
	}
}

func TestAppendWritesWhatWasRead(t *testing.T) {
	t.Parallel()
	const text = `{"b":[1,-0.5e+3,true,false,null,{}],"a":"q\"\\\n\t\r\u0001é😀","":[]}`
	doc, problems := strictjson.Parse([]byte(text), limits)
	require.Empty(t, problems)
	require.Equal(t, text, string(strictjson.Append(nil, &doc.Root)))

	doc, problems = strictjson.Parse([]byte(`"\/\b\f\n\r\t\"\\\ud83d\ude00\uAbCd"`), limits)
	require.Empty(t, problems)
	require.Equal(t, "/\b\f\n\r\t\"\\😀\uabcd", doc.Root.Text)
	require.Equal(t, "null", string(strictjson.Append(nil, &strictjson.Node{})))
}

func TestKindsHaveNames(t *testing.T) {
	t.Parallel()
	names := map[strictjson.Kind]string{
		strictjson.Invalid: "nothing", strictjson.Null: "null", strictjson.Bool: "boolean", strictjson.Number: "number",
		strictjson.String: "string", strictjson.Array: "array", strictjson.Object: "object",
	}
	for kind, name := range names {
		require.Equal(t, name, kind.String())
	}
}

// FuzzParse compares with encoding/json: what is accepted here is accepted
// there and means the same; what is refused here alone has a reason that is
// stricter on purpose.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `{"a":[1,2.5,-3e10,"x",true,false,null]}`, `{"a":1,"a":2}`, `{} {}`, `"\ud83d\ude00"`, `"\ud800"`,
		"\"\xff\"", `[[[[[[[[[]]]]]]]]]`, ` 1 `, `01`, `{"é":"\u00e9"}`, `1e`, `{"a"`, "\ufeff1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, problems := strictjson.Parse(data, limits)
		if len(problems) > 0 {
			if json.Valid(data) {
				for _, p := range problems {
					broken := p.Fault == strictjson.Malformed && (!bytes.Equal(bytes.ToValidUTF8(data, nil), data) || bytes.Contains(bytes.ToLower(data), []byte(`\ud`)))
					require.True(t, broken || p.Fault >= strictjson.Duplicate, "refused as %d %q: %q", p.Fault, p.Detail, data)
				}
			}
			return
		}
		require.True(t, reflect.DeepEqual(decode(t, data), decode(t, strictjson.Append(nil, &doc.Root))))
	})
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // a number may be larger than any float
	var v any
	require.NoError(t, d.Decode(&v))
	return v
}
