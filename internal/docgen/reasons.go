package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/trust/admit"
)

// door is a package whose refusals have reasons.
type door struct {
	path, when string
	// What the reason itself tells, where it does.
	sentence, source func(string) string
	codes            []code
	coded            bool // the comments end with the platform's codes
}

type code struct {
	heading string
	of      func(string) string
}

var doors = []door{
	{
		path: "certchain", when: "A certificate does not chain to a trusted CA, or is not what a partner's must be. The order is the ranking: of two reasons against one path the first is told first.",
		sentence: func(r string) string { return certchain.Reason(r).Sentence() },
		source:   func(r string) string { return certchain.Reason(r).Source() },
		codes: []code{
			{"partner's upload", func(r string) string { return certchain.Reason(r).PlatformCode() }},
			{"CA's upload", func(r string) string { return admit.PlatformCode(certchain.Reason(r)) }},
		},
	},
	{
		path: "certchain/x5c", when: "A token that brings its certificates is not accepted.",
		sentence: func(r string) string { return x5c.Reason(r).Sentence() },
		codes:    []code{{"authentication", func(r string) string { return x5c.Reason(r).PlatformCode() }}},
	},
	{
		path: "certchain/device", when: "What a biometric device and its chip signed is not accepted.",
		sentence: func(r string) string { return device.Reason(r).Sentence() },
		codes:    []code{{"authentication", func(r string) string { return device.Reason(r).PlatformCode() }}},
	},
	{path: "policy", when: "A policy document cannot be read, or a policy does not allow what was asked.", coded: true},
	{path: "oidc", when: "A key, an id, a registration or a client's authentication is not accepted.",
		codes: []code{{"registration", func(r string) string { return oidc.Reason(r).PlatformCode() }}}},
}

var platformCode = regexp.MustCompile(`(IDA|PMS)[-_A-Z]+\d+`)

// constant is a reason as the source has it.
type constant struct{ name, value, comment string }

func reasonsPage(root string) (string, error) {
	var b strings.Builder
	b.WriteString("# Reasons\n\n<!-- Written by internal/docgen. -->\n\n" +
		"Every refusal carries typed reasons: constants that are errors, so that `errors.Is(err, certchain.Expired)` holds. Programs compare\n" +
		"them; people read the sentence and the detail beside it. The platform's codes are an attribute for those who must answer with one; the\n" +
		"platform uses some codes for several reasons, so a code never identifies a reason.\n")
	for _, d := range doors {
		constants, err := reasonConstants(filepath.Join(root, d.path))
		if err != nil {
			return "", err
		}
		if d.path == "certchain" {
			constants = ranked(constants)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", d.path, d.when)
		header := []string{"reason", "what it says"}
		if d.source != nil {
			header = append(header, "where it comes from")
		}
		if d.coded {
			header = append(header, "code")
		}
		for _, c := range d.codes {
			header = append(header, "code, "+c.heading)
		}
		writeRow(&b, header)
		b.WriteString(strings.Repeat("|---", len(header)) + "|\n")
		for _, c := range constants {
			cells := []string{"`" + c.name + "`", cmp.Or(c.comment, c.value)}
			if d.sentence != nil {
				cells[1] = d.sentence(c.value)
			}
			if d.source != nil {
				cells = append(cells, d.source(c.value))
			}
			if d.coded {
				text, codes, _ := strings.Cut(c.comment, ": "+platformCode.FindString(c.comment))
				cells[1] = text
				cells = append(cells, strings.TrimSpace(platformCode.FindString(c.comment)+codes))
			}
			for _, code := range d.codes {
				cells = append(cells, code.of(c.value))
			}
			writeRow(&b, cells)
		}
	}
	return b.String(), nil
}

func writeRow(b *strings.Builder, cells []string) {
	for _, c := range cells {
		b.WriteString("| " + strings.ReplaceAll(c, "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}

// ranked puts the constants of package certchain in the order of the ranking.
func ranked(constants []constant) []constant {
	byValue := map[string]constant{}
	for _, c := range constants {
		byValue[c.value] = c
	}
	var out []constant
	for _, r := range certchain.Reasons() {
		out = append(out, byValue[string(r)])
	}
	return out
}

// reasonConstants reads the constants of type Reason from a package's sources,
// with the comment of each.
func reasonConstants(dir string) ([]constant, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var found []constant
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				if kind, ok := value.Type.(*ast.Ident); !ok || kind.Name != "Reason" {
					continue
				}
				for i, ident := range value.Names {
					literal, ok := value.Values[i].(*ast.BasicLit)
					if !ok {
						return nil, fmt.Errorf("%s: %s is no literal", name, ident.Name)
					}
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						return nil, err
					}
					found = append(found, constant{ident.Name, text, comment(value, ident.Name)})
				}
			}
		}
	}
	return found, nil
}

// comment is what stands above a constant, without its name, or behind it.
func comment(value *ast.ValueSpec, name string) string {
	text := value.Doc.Text()
	if text == "" {
		text = value.Comment.Text()
	}
	text = strings.Join(strings.Fields(text), " ")
	text = strings.TrimPrefix(strings.TrimPrefix(text, name+": "), name+" is ")
	return plainLinks(text)
}

// plainLinks takes the brackets off names that the doc comment links.
func plainLinks(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "]")
		if !ok {
			b.WriteString("[" + rest)
			return b.String()
		}
		b.WriteString("`" + name + "`")
		text = after
	}
}
