package trusttest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
)

// promise is how the comment of a property names the reason that it provokes.
var promise = regexp.MustCompile(`Reason[^:]*: \[certchain\.(\w+)\]`)

// Every property is in the table of the tests, and its comment promises the
// reason that the table asserts.
func TestPropertyComments(t *testing.T) {
	t.Parallel()
	asserted := map[string]certchain.Reason{}
	for name, tc := range propertyCases {
		name, _, _ = strings.Cut(name, ",")
		if tc.want != "" || asserted[name] == "" {
			asserted[name] = tc.want
		}
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			if result, ok := f.Type.Results.List[0].Type.(*ast.Ident); !ok || result.Name != "Property" {
				continue
			}
			found++
			want, inTable := asserted[f.Name.Name]
			require.True(t, inTable, "%s is in no test", f.Name.Name)
			promised := ""
			if m := promise.FindStringSubmatch(f.Doc.Text()); m != nil {
				promised = m[1]
			}
			require.Equal(t, string(want), promised, "the comment of %s", f.Name.Name)
		}
	}
	require.Len(t, asserted, found, "the table names a property that is none")
}
