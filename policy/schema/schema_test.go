package schema_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/policy/schema"
)

// place is what a test holds a failure against: never its message.
type place struct {
	reason                 policy.Reason
	line, column           int
	pointer, keyword, rule string
}

func placesOf(err error) []place {
	var bad *schema.Error
	if !errors.As(err, &bad) {
		return nil
	}
	var out []place
	for _, f := range bad.Failures {
		out = append(out, place{f.Reason, f.Line, f.Column, f.Pointer, f.Keyword, f.SchemaPointer})
	}
	return out
}

func must(tb testing.TB, doc string) *schema.Schema {
	tb.Helper()
	s, err := schema.Compile([]byte(doc))
	require.NoError(tb, err)
	return s
}

func TestCorpusVerdicts(t *testing.T) {
	t.Parallel()
	root := os.Getenv("PARTNERTRUST_CORPORA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpora")
	}
	dir := filepath.Join(root, "mosip", "policies")
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no corpus at %s: set PARTNERTRUST_CORPORA", dir)
	}
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	verdict := func(err error) string {
		if err != nil {
			return "invalid"
		}
		return "valid"
	}
	require.Greater(t, len(rows), 1)
	for _, row := range rows[1:] {
		data, err := os.ReadFile(filepath.Join(dir, row[column["file"]]))
		require.NoError(t, err)
		for kind, name := range map[policy.Kind]string{policy.KindAuth: "vs_auth", policy.KindDataShare: "vs_datashare", policy.KindMISP: "vs_misp"} {
			s, err := schema.For(kind)
			require.NoError(t, err)
			err = s.Validate(data)
			require.Equal(t, row[column[name]], verdict(err), "%s against %s: %v", row[column["file"]], kind, err)
			if string(kind) == row[column["inferred_type"]] {
				own := row[column["validates_own_type_schema"]]
				require.Equal(t, strings.HasPrefix(own, "valid"), err == nil, row[column["file"]])
				if err != nil {
					// "invalid: PATH: WHAT | PATH: WHAT": as many failures, counting a list of
					// unexpected names as one of theirs.
					require.GreaterOrEqual(t, len(placesOf(err)), 1+strings.Count(own, " | "), "%s: %v", own, err)
				}
			}
		}
	}
}

func TestValidateReportsEveryFailureWithItsPlace(t *testing.T) {
	t.Parallel()
	s, err := schema.For(policy.KindAuth)
	require.NoError(t, err)
	err = s.Validate([]byte(`{
  "authTokenType": "ramdom",
  "allowedAuthTypes": [{"authType": 1, "authType": 2}, {"mandatory": "no"}],
  "kycLanguages": "eng",
  "publicKey": {}, "privateKey": {}
} x`))
	require.Equal(t, []place{
		{schema.Violation, 1, 1, "", "required", "/required"},
		{schema.Violation, 2, 20, "/authTokenType", "enum", "/properties/authTokenType/enum"},
		{schema.Violation, 3, 24, "/allowedAuthTypes/0", "required", "/properties/allowedAuthTypes/items/required"},
		{schema.Violation, 3, 37, "/allowedAuthTypes/0/authType", "type", "/properties/allowedAuthTypes/items/properties/authType/type"},
		{policy.DuplicateMember, 3, 40, "/allowedAuthTypes/0/authType", "", ""},
		{schema.Violation, 3, 56, "/allowedAuthTypes/1", "required", "/properties/allowedAuthTypes/items/required"},
		{schema.Violation, 3, 70, "/allowedAuthTypes/1/mandatory", "type", "/properties/allowedAuthTypes/items/properties/mandatory/type"},
		{schema.Violation, 4, 19, "/kycLanguages", "type", "/properties/kycLanguages/type"},
		{schema.Violation, 5, 3, "/publicKey", "additionalProperties", "/additionalProperties"},
		{schema.Violation, 5, 20, "/privateKey", "additionalProperties", "/additionalProperties"},
		{policy.TrailingData, 6, 3, "", "", ""},
	}, placesOf(err))
	require.ErrorIs(t, err, schema.Violation)
	require.ErrorIs(t, err, policy.DuplicateMember)
	var first *schema.Failure
	require.ErrorAs(t, err, &first)
	require.Contains(t, err.Error(), first.Error())
}

func TestValidateRefusesWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	open := must(t, `{}`)
	for doc, want := range map[string]policy.Reason{
		"":                                      policy.NotJSON,
		"{":                                     policy.NotJSON,
		"{} {}":                                 policy.TrailingData,
		`{"a":1,"a":1}`:                         policy.DuplicateMember,
		strings.Repeat("[", 17):                 policy.DocumentTooDeep,
		strings.Repeat(" ", 65<<10):             policy.DocumentTooLarge,
		"[" + strings.Repeat("1,", 1024) + "1]": policy.TooManyEntries,
	} {
		require.ErrorIs(t, open.Validate([]byte(doc)), want)
	}
	require.NoError(t, open.Validate([]byte(`{"a":[1e3,-0.5,true,null,"x"]}`)))
	require.ErrorIs(t, (*schema.Schema)(nil).Validate([]byte(`{}`)), schema.InvalidSchema)
	require.ErrorIs(t, (&schema.Schema{}).Validate([]byte(`{}`)), schema.InvalidSchema)
}

// The keywords beyond type, enum, required and additionalProperties are where a
// failure is most easily taken for none.
func TestEveryKeywordAsserts(t *testing.T) {
	t.Parallel()
	const d4, d6, d7, d19, d20 = "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-07/schema#",
		"https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema"
	for _, c := range []struct{ draft, rule, good, bad, keyword string }{
		{d4, `"pattern":"^a+$"`, `"aa"`, `"b"`, "pattern"},
		{d4, `"maxLength":2`, `"aa"`, `"aaa"`, "maxLength"},
		{d4, `"minLength":2`, `"éé"`, `"é"`, "minLength"},
		{d4, `"minimum":3`, `3`, `2.5`, "minimum"},
		{d4, `"maximum":3`, `3`, `1e9`, "maximum"},
		{d4, `"minimum":3,"exclusiveMinimum":true`, `4`, `3`, "exclusiveMinimum"},
		{d4, `"multipleOf":0.1`, `0.3`, `0.35`, "multipleOf"},
		{d4, `"uniqueItems":true`, `[1,2]`, `[1,1.0]`, "uniqueItems"},
		{d4, `"maxItems":1`, `[1]`, `[1,1]`, "maxItems"},
		{d4, `"minItems":1`, `[1]`, `[]`, "minItems"},
		{d4, `"items":[{"type":"string"}],"additionalItems":false`, `["a"]`, `["a",1]`, "additionalItems"},
		{d4, `"maxProperties":0`, `{}`, `{"a":1}`, "maxProperties"},
		{d4, `"minProperties":1`, `{"a":1}`, `{}`, "minProperties"},
		{d4, `"patternProperties":{"^x":{"type":"null"}}`, `{"xa":null}`, `{"xa":1}`, "type"},
		{d4, `"dependencies":{"a":["b"]}`, `{"a":1,"b":1}`, `{"a":1}`, "dependencies"},
		{d4, `"not":{"type":"string"}`, `1`, `"a"`, ""},
		{d4, `"anyOf":[{"type":"string"},{"type":"null"}]`, `null`, `1`, "type"},
		{d4, `"oneOf":[{"type":"string"},{"maxLength":3}]`, `"abcd"`, `"abc"`, "oneOf"},
		{d4, `"format":"date-time"`, `"2026-01-02T03:04:05Z"`, `"yesterday"`, "format"},
		{d4, `"definitions":{"w":{"enum":["a"]}},"items":{"$ref":"#/definitions/w"}`, `["a"]`, `["b"]`, "enum"},
		{d6, `"const":1`, `1`, `2`, "const"},
		{d6, `"contains":{"const":1}`, `[0,1]`, `[0]`, "const"},
		{d6, `"propertyNames":{"maxLength":1}`, `{"a":1}`, `{"ab":1}`, "maxLength"},
		{d6, `"exclusiveMaximum":3`, `2`, `3`, "exclusiveMaximum"},
		{d7, `"if":{"type":"string"},"then":{"minLength":1},"else":{"type":"null"}`, `"a"`, `1`, "type"},
		{d7, `"contentEncoding":"base64"`, `"QQ=="`, `"!"`, "contentEncoding"},
		{d19, `"dependentRequired":{"a":["b"]}`, `{"b":1}`, `{"a":1}`, "dependentRequired"},
		{d19, `"unevaluatedProperties":false,"properties":{"a":true}`, `{"a":1}`, `{"b":1}`, ""},
		{d19, `"format":"ipv4"`, `"127.0.0.1"`, `"here"`, "format"},
		{d20, `"prefixItems":[{"type":"null"}],"items":false`, `[null]`, `[null,1]`, ""},
		{d20, `"$ref":"#/$defs/w","$defs":{"w":{"type":"string"}},"minLength":2`, `"ab"`, `"a"`, "minLength"},
	} {
		s := must(t, fmt.Sprintf(`{"$schema":%q,%s}`, c.draft, c.rule))
		require.NoError(t, s.Validate([]byte(c.good)), c.rule)
		err := s.Validate([]byte(c.bad))
		require.ErrorIs(t, err, schema.Violation, c.rule)
		if c.keyword != "" {
			require.Equal(t, c.keyword, placesOf(err)[0].keyword, c.rule)
		}
	}
}

func TestCompileRefusesWhatItWouldIgnore(t *testing.T) {
	t.Parallel()
	const d7 = `"$schema":"http://json-schema.org/draft-07/schema#"`
	for doc, want := range map[string]place{
		``:                        {policy.NotJSON, 1, 1, "", "", ""},
		`{"type":"string"} {}`:    {policy.TrailingData, 1, 19, "", "", ""},
		`{"type":"a","type":"b"}`: {policy.DuplicateMember, 1, 13, "/type", "", ""},
		`{"$schema":"draft-03"}`:  {schema.UnknownDraft, 1, 12, "/$schema", "$schema", ""},
		`{"$schema":4}`:           {schema.UnknownDraft, 1, 12, "/$schema", "$schema", ""},
		`{"propertes":{}}`:        {schema.UnknownKeyword, 1, 2, "/propertes", "propertes", ""},
		`{"const":1}`:             {schema.UnknownKeyword, 1, 2, "/const", "const", ""},
		`{` + d7 + `,"$defs":{}}`: {schema.UnknownKeyword, 1, 54, "/$defs", "$defs", ""},
		`{"$schema":"https://json-schema.org/draft/2020-12/schema","dependencies":{}}`:   {schema.UnknownKeyword, 1, 59, "/dependencies", "dependencies", ""},
		`{"$schema":"https://json-schema.org/draft/2020-12/schema","$recursiveRef":"#"}`: {schema.UnknownKeyword, 1, 59, "/$recursiveRef", "$recursiveRef", ""},
		`{"format":"datetime"}`:                              {schema.UnknownFormat, 1, 11, "/format", "format", ""},
		`{"items":{"$ref":"#","maxLength":3}}`:               {schema.IgnoredKeyword, 1, 22, "/items/maxLength", "maxLength", ""},
		`{"properties":{"a":{"oneOf":[{},{"requird":[]}]}}}`: {schema.UnknownKeyword, 1, 34, "/properties/a/oneOf/1/requird", "requird", ""},
		`{"items":[{"minimun":1}]}`:                          {schema.UnknownKeyword, 1, 12, "/items/0/minimun", "minimun", ""},
		`{"not":{"typ":1}}`:                                  {schema.UnknownKeyword, 1, 9, "/not/typ", "typ", ""},
		`{"additionalProperties":{"typ":1}}`:                 {schema.UnknownKeyword, 1, 26, "/additionalProperties/typ", "typ", ""},
		`{"type":"strng"}`:                                   {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"required":[]}`:                                    {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"pattern":"("}`:                                    {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"pattern":"(?=a)"}`:                                {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"$ref":"https://example.org/s.json"}`:              {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"$ref":"file:///etc/passwd"}`:                      {schema.InvalidSchema, 1, 1, "", "", ""},
		`{"$ref":"#/definitions/none"}`:                      {schema.InvalidSchema, 1, 1, "", "", ""},
		`[]`:                                                 {schema.InvalidSchema, 1, 1, "", "", ""},
		strings.Repeat(" ", schema.MaxSchemaBytes+1):         {policy.DocumentTooLarge, 1, 1, "", "", ""},
		strings.Repeat("[", schema.MaxSchemaDepth+1):         {policy.DocumentTooDeep, 1, schema.MaxSchemaDepth + 1, strings.Repeat("/0", schema.MaxSchemaDepth), "", ""},
	} {
		_, err := schema.Compile([]byte(doc))
		require.NotEmpty(t, placesOf(err), doc)
		require.Equal(t, want, placesOf(err)[0], doc)
	}
	must(t, `{"x-note":{"anything":1},"$id":"http://example.org/a","$comment":"a","examples":[{"typ":1}],"default":{"typ":1},"enum":[{"typ":1}],"additionalProperties":false}`)
	must(t, strings.Repeat(" ", schema.MaxSchemaBytes-2)+"{}")
}

func TestForKnowsThreeKinds(t *testing.T) {
	t.Parallel()
	for kind, doc := range map[policy.Kind]string{
		policy.KindAuth:      `{"authTokenType":"random","allowedAuthTypes":[],"allowedKycAttributes":[]}`,
		policy.KindDataShare: `{"dataSharePolicies":{"typeOfShare":"direct","validForInMinutes":"1","transactionsAllowed":"1","encryptionType":"none","shareDomain":"a","source":"b"},"shareableAttributes":[]}`,
		policy.KindMISP:      `{"allowAuthRequestDelegation":true,"allowKycRequestDelegation":true,"allowKeyBindingDelegation":true}`,
	} {
		for other := range map[policy.Kind]bool{policy.KindAuth: true, policy.KindDataShare: true, policy.KindMISP: true} {
			s, err := schema.For(other)
			require.NoError(t, err)
			require.Equal(t, kind == other, s.Validate([]byte(doc)) == nil, "%s as %s", kind, other)
		}
	}
	_, err := schema.For("CredentialIssuance")
	require.ErrorIs(t, err, policy.UnknownKind)
}

func TestFailuresAreBounded(t *testing.T) {
	t.Parallel()
	s := must(t, `{"items":{"items":{"type":"string"}}}`)
	row := "[" + strings.TrimSuffix(strings.Repeat("1,", 501), ",") + "]"
	err := s.Validate([]byte("[" + row + "," + row + "]"))
	require.Len(t, placesOf(err), schema.MaxFailures)
	require.Contains(t, err.Error(), "(and 2 failures more)")
}

// A short text can stand for more digits than memory has: such numbers are
// refused before anything works them out.
func TestHugeNumbers(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{`"type":"integer"`, `"multipleOf":0.1`, `"minimum":1`, `"enum":[1]`, `"uniqueItems":true`} {
		s := must(t, `{"items":{`+rule+`}}`)
		for _, n := range []string{"1e1000000000", "-1e-1000000000", "0e999999999", "1e309", "1e-309", "1e99999999999999999999"} {
			err := s.Validate([]byte("[0," + n + "]"))
			require.Equal(t, []place{{policy.BadValue, 1, 4, "/1", "", ""}}, placesOf(err), "%s %s", rule, n)
			_, err = schema.Compile([]byte(`{"x-n":[` + n + `]}`))
			require.Equal(t, []place{{policy.BadValue, 1, 9, "/x-n/0", "", ""}}, placesOf(err))
		}
		_ = s.Validate([]byte("[1e308,1e-308,-1E+308]"))
	}
}

// FuzzValidate: the documented schema and the strict reading agree: a document
// that is read strictly and carries what the schema demands satisfies it, up to
// what the schema alone closes; and no document or schema makes a panic.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(`{"authTokenType":"random","allowedAuthTypes":[{"authType":"otp","mandatory":true}],"allowedKycAttributes":[{"attributeName":"a"}],"kycLanguages":["eng"]}`), []byte(`{"type":"object"}`))
	f.Add([]byte(`{"authTokenType":"x","allowedAuthTypes":[{}]}`), []byte(`{"$ref":"#"}`))
	f.Add([]byte(`{"allowedAuthTypes":[]}`), []byte(`{"oneOf":[{"required":["a"]},{"not":{}}],"properties":{"a":{"pattern":"^a"}}}`))
	f.Add([]byte(`[1e400,1e400]`), []byte(`{"items":{"multipleOf":0.01},"uniqueItems":true}`))
	auth, err := schema.For(policy.KindAuth)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, doc, rules []byte) {
		valid := auth.Validate(doc) == nil
		p, err := policy.ParseAuth(doc)
		if valid {
			require.NoError(t, err, "what the schema takes is read")
		} else if err == nil {
			// The reading asks for less in two places only.
			out, err := p.MarshalJSON()
			require.NoError(t, err)
			require.False(t, strings.Contains(string(out), `"authTokenType":`) && strings.Contains(string(out), `"allowedKycAttributes":`), "%s", out)
		}
		if s, err := schema.Compile(rules); err == nil {
			_ = s.Validate(doc)
		}
	})
}
