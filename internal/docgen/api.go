package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// apiPage lists every exported symbol of every public package, a line each, so
// that a change of the API shows in a review and none slips in by accident.
func apiPage(root string) (string, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	var lines []string
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		if path, public := publicPath(p.ImportPath); public {
			found, err := packageAPI(path, p.Dir, p.GoFiles)
			if err != nil {
				return "", err
			}
			lines = append(lines, found...)
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n") + "\n", nil
}

func packageAPI(path, dir string, names []string) ([]string, error) {
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(set, files, path)
	if err != nil {
		return nil, err
	}
	w := writer{set: set, path: path}
	w.values(p.Consts)
	w.values(p.Vars)
	w.funcs(p.Funcs)
	for _, t := range p.Types {
		w.kind(t)
		w.values(t.Consts)
		w.values(t.Vars)
		w.funcs(t.Funcs)
		w.funcs(t.Methods)
	}
	return w.lines, nil
}

type writer struct {
	set   *token.FileSet
	path  string
	lines []string
}

// line adds a declaration, in one line whatever its layout.
func (w *writer) line(words ...string) {
	text := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	w.lines = append(w.lines, "pkg "+w.path+", "+text)
}

func (w *writer) text(node any) string {
	var b bytes.Buffer
	_ = printer.Fprint(&b, w.set, node) // to memory
	return b.String()
}

func (w *writer) values(groups []*doc.Value) {
	for _, g := range groups {
		for _, spec := range g.Decl.Specs {
			s, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for i, n := range s.Names {
				if !n.IsExported() {
					continue
				}
				value, kind := "", ""
				if s.Type != nil {
					kind = w.text(s.Type)
				}
				if g.Decl.Tok == token.CONST && i < len(s.Values) {
					value = "= " + w.text(s.Values[i])
				}
				w.line(g.Decl.Tok.String(), n.Name, kind, value)
			}
		}
	}
}

func (w *writer) funcs(funcs []*doc.Func) {
	for _, f := range funcs {
		signature := *f.Decl
		signature.Body, signature.Doc = nil, nil
		w.line(w.text(&signature))
	}
}

// kind adds a type: an interface with its methods, a struct with a line for
// each exported field, any other as it is.
func (w *writer) kind(t *doc.Type) {
	for _, spec := range t.Decl.Specs {
		s, ok := spec.(*ast.TypeSpec)
		if !ok || s.Name.Name != t.Name {
			continue
		}
		parameters := ""
		if s.TypeParams != nil {
			parameters = w.text(s.TypeParams)
		}
		st, ok := s.Type.(*ast.StructType)
		if !ok {
			w.line("type", t.Name, parameters, w.text(s.Type))
			continue
		}
		w.line("type", t.Name, parameters, "struct")
		for _, field := range st.Fields.List {
			if len(field.Names) == 0 {
				w.line("type", t.Name, "struct, embeds", w.text(field.Type))
			}
			for _, n := range field.Names {
				if n.IsExported() {
					w.line("type", t.Name, "struct,", n.Name, w.text(field.Type))
				}
			}
		}
	}
}
