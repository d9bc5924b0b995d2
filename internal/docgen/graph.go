package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

const module = "github.com/mosip/partnertrust"

// importGraph draws which public package of the module imports which, as they
// are, in the language that code hosts render. Internal packages are left out:
// no host sees them.
func importGraph(root string) (string, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	var arrows, lone []string
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		from, public := publicPath(p.ImportPath)
		if !public {
			continue
		}
		before := len(arrows)
		for _, i := range p.Imports {
			if to, public := publicPath(i); public {
				arrows = append(arrows, fmt.Sprintf("    %s --> %s", node(from), node(to)))
			}
		}
		if len(arrows) == before {
			lone = append(lone, "    "+node(from))
		}
	}
	slices.Sort(arrows)
	slices.Sort(lone)
	return "```mermaid\ngraph TD\n" + strings.Join(append(lone, arrows...), "\n") + "\n```\n", nil
}

// publicPath is a package's path in the module.
func publicPath(path string) (string, bool) {
	rest, ours := strings.CutPrefix(path, module+"/")
	return rest, ours && !strings.Contains("/"+rest+"/", "/internal/")
}

func node(path string) string {
	return strings.ReplaceAll(path, "/", "_") + "[" + path + "]"
}
