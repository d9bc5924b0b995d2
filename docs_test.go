package partnertrust_test

// What a reader sees is held to what is: snippets are compiled and run, their
// output is real, links lead somewhere, and everything exported is documented.

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	return append(found, "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples/README.md")
}

// sources returns the tests whose snippets the pages show, and what they print.
func sources(t *testing.T) (snippets map[string]bool, printed string) {
	t.Helper()
	found, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	snippets = map[string]bool{}
	for _, name := range found {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?s)\n\t// (?:tour|guide): \w+\n(.*?)\n\t// end\n`).FindAllStringSubmatch(string(source), -1) {
			snippets[strings.ReplaceAll(strings.TrimPrefix(m[1], "\t"), "\n\t", "\n")] = false
		}
		for _, m := range regexp.MustCompile(`(?s)\n\t// Output:\n(.*?)\n}`).FindAllStringSubmatch(string(source), -1) {
			printed += "\n" + strings.ReplaceAll(strings.ReplaceAll(m[1], "\t// ", ""), "\t//", "") + "\n"
		}
	}
	return snippets, printed
}

// Every Go snippet of a page stands in a test between the lines "tour:" or
// "guide:" and "end", word for word, and what the page shows as its output is
// what that test is held to.
func TestSnippets(t *testing.T) {
	t.Parallel()
	snippets, printed := sources(t)
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile("(?s)```go\n(.*?)\n```(?:\n\n```\n(.*?)```)?").FindAllStringSubmatch(string(text), -1) {
			_, compiled := snippets[m[1]]
			require.True(t, compiled, "%s: no test has this snippet:\n%s", page, m[1])
			snippets[m[1]] = true
			require.Contains(t, printed, "\n"+m[2], "%s: no test prints this:\n%s", page, m[2])
		}
	}
	for snippet, shown := range snippets {
		require.True(t, shown, "no page shows this snippet:\n%s", snippet)
	}
}

// Links within the repository lead to a file, and to a heading where they name
// one.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(string(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			path := page
			if target != "" {
				path = filepath.Join(filepath.Dir(page), target)
			}
			_, err := os.Stat(path)
			require.NoError(t, err, "%s: the link %s", page, m[1])
			if anchor != "" {
				linked, err := os.ReadFile(path)
				require.NoError(t, err)
				require.Contains(t, anchors(string(linked)), anchor, "%s: the link %s", page, m[1])
			}
		}
	}
}

func anchors(markdown string) (names []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(markdown, -1) {
		name := regexp.MustCompile("[^a-z0-9 _-]").ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// Every exported symbol of every public package has a comment, and every such
// package a tour and an example whose output is checked.
func TestEverythingIsDocumented(t *testing.T) {
	t.Parallel()
	require.NoError(t, filepath.WalkDir(".", func(dir string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		if name := e.Name(); dir != "." && (name == "internal" || name == "testdata" || name == "examples" || strings.HasPrefix(name, ".") || name == "bench" || name == "interop" || name == "drivertest") {
			return filepath.SkipDir
		}
		documented(t, dir)
		return nil
	}))
}

func documented(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	set := token.NewFileSet()
	var parsed []*ast.File
	checked := false
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			for _, e := range doc.Examples(file) {
				checked = checked || e.Output != ""
			}
			continue
		}
		parsed = append(parsed, file)
	}
	if len(parsed) == 0 {
		return
	}
	p, err := doc.NewFromFiles(set, parsed, "github.com/mosip/partnertrust/"+dir)
	require.NoError(t, err)
	require.NotEmpty(t, p.Doc, "%s: no package comment", dir)
	assert.True(t, checked || dir == "trust/sqlstore/pgxlisten", "%s: no example with an output", dir)
	values := func(vs []*doc.Value) {
		for _, v := range vs {
			for _, spec := range v.Decl.Specs {
				s, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for _, n := range s.Names {
					assert.True(t, !n.IsExported() || v.Doc != "" || s.Doc.Text() != "" || s.Comment.Text() != "", "%s: %s has no comment", dir, n.Name)
				}
			}
		}
	}
	funcs := func(fs []*doc.Func) {
		for _, f := range fs {
			// The interfaces of errors and texts say what these do.
			usual := f.Recv != "" && strings.Contains(" Error Unwrap String ", " "+f.Name+" ")
			assert.True(t, f.Doc != "" || usual, "%s: %s %s has no comment", dir, f.Recv, f.Name)
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs(p.Funcs)
	for _, typ := range p.Types {
		assert.NotEmpty(t, typ.Doc, "%s: %s has no comment", dir, typ.Name)
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
}
