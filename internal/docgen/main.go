// Command docgen writes those parts of the documentation that follow from the
// code: the reference of reasons, the import graph, the list of the API and the
// licences of what is linked. Run it in the root of the module:
//
//	go run ./internal/docgen
//
// A test fails when what it would write is not what is there.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// run writes every document below root.
func run(root string) error {
	docs, err := documents(root)
	if err != nil {
		return err
	}
	for name, text := range docs {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// documents returns what is to be in each file.
func documents(root string) (map[string]string, error) {
	reasons, err := reasonsPage(root)
	if err != nil {
		return nil, err
	}
	graph, err := importGraph(root)
	if err != nil {
		return nil, err
	}
	api, err := apiPage(root)
	if err != nil {
		return nil, err
	}
	licences, err := licencesPage(root)
	if err != nil {
		return nil, err
	}
	const page = "docs/architecture.md"
	old, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		return nil, err
	}
	architecture, err := between(string(old), "import graph", graph)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", page, err)
	}
	return map[string]string{"docs/reasons.md": reasons, page: architecture, "docs/api.txt": api, "docs/licences.md": licences}, nil
}

// between replaces what stands between the two comments that name a part.
func between(text, name, part string) (string, error) {
	begin, end := "<!-- "+name+": generated -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(text, begin)
	if !ok {
		return "", fmt.Errorf("no comment %q", strings.TrimSpace(begin))
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("no comment %q after it", end)
	}
	return before + begin + part + end + after, nil
}
