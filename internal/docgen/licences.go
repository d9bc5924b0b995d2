package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// licencesPage lists the modules that a host links with each part of the
// library, with their licences as the modules themselves carry them.
func licencesPage(root string) (string, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Module", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	type module struct{ Path, Version, Dir string }
	found := map[string]module{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			Standard bool
			Module   *struct {
				module
				Main bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		if p.Module != nil && !p.Module.Main {
			found[p.Module.Path] = p.Module.module
		}
	}
	var rows []string
	for _, m := range found {
		licence, err := licenceOf(m.Dir)
		if err != nil {
			return "", fmt.Errorf("%s: %w", m.Path, err)
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", m.Path, m.Version, licence))
	}
	slices.Sort(rows)
	return "# Licences of dependencies\n\n<!-- Written by internal/docgen. -->\n\n" +
		"The library itself is under MPL-2.0. These modules are linked with it, as far as its packages are imported; `trust`, `certchain` and\n" +
		"`policy` need none but those of golang.org/x. Modules that only tests, examples or drivers need are listed in their own go.mod.\n\n" +
		"| module | version | licence |\n|---|---|---|\n" + strings.Join(rows, ""), nil
}

// licences are told by what their texts alone have.
var licences = []struct{ name, phrase string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License"},
	{"BSD-3-Clause", "Neither the name of"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"MIT", "Permission is hereby granted, free of charge"},
}

func licenceOf(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "LICENSE*"))
	if err != nil || len(files) == 0 {
		return "", errors.New("no licence file")
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return "", err
	}
	flat := strings.Join(strings.Fields(string(text)), " ")
	for _, l := range licences {
		if strings.Contains(flat, l.phrase) {
			return l.name, nil
		}
	}
	return "", fmt.Errorf("unknown licence in %s", filepath.Base(files[0]))
}
