// Command covercheck holds a coverage profile to floors:
//
//	go run ./internal/covercheck cover.out trust=95 certchain/search.go=100
//
// A floor names a package or a file of this module and the percentage of its
// statements that the tests must reach.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
)

const module = "github.com/mosip/partnertrust/"

type count struct{ covered, all int }

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: covercheck PROFILE NAME=PERCENT …")
		os.Exit(2)
	}
	counts, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "covercheck:", err)
		os.Exit(2)
	}
	failed := false
	for _, floor := range os.Args[2:] {
		name, percent, _ := strings.Cut(floor, "=")
		want, err := strconv.ParseFloat(percent, 64)
		c := counts[name]
		if err != nil || c.all == 0 {
			fmt.Printf("FAIL  %-28s no such floor or no statements\n", floor)
			failed = true
			continue
		}
		got := 100 * float64(c.covered) / float64(c.all)
		verdict := "ok  "
		if got < want {
			verdict, failed = "FAIL", true
		}
		fmt.Printf("%s  %-28s %6.1f %% of %d statements, the floor is %g %%\n", verdict, name, got, c.all, want)
	}
	if failed {
		os.Exit(1)
	}
}

// read counts the statements of a profile by file and by package. A block that
// several test binaries report counts once, as reached if any reached it.
func read(profile string) (map[string]count, error) {
	f, err := os.Open(profile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	type block struct {
		statements int
		reached    bool
	}
	blocks := map[string]block{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		where, rest, ok := strings.Cut(lines.Text(), " ")
		if !ok || where == "mode:" {
			continue
		}
		var statements, hits int
		if _, err := fmt.Sscanf(rest, "%d %d", &statements, &hits); err != nil {
			return nil, fmt.Errorf("%s: %w", lines.Text(), err)
		}
		blocks[where] = block{statements, hits > 0 || blocks[where].reached}
	}
	counts := map[string]count{}
	for where, b := range blocks {
		file, _, _ := strings.Cut(strings.TrimPrefix(where, module), ":")
		for _, name := range []string{file, path.Dir(file)} {
			c := counts[name]
			c.all += b.statements
			if b.reached {
				c.covered += b.statements
			}
			counts[name] = c
		}
	}
	return counts, lines.Err()
}
