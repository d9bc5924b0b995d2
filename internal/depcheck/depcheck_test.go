// Package depcheck holds the packages of this module to the import graph that
// the architecture allows. A new arrow is a decision: it is made here first.
package depcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/mosip/partnertrust"

// rule is what a package may import: packages of this module by their path in
// it, and of others by prefix. The standard library is allowed to all, but
// net/http only to those that fetch.
type rule struct {
	own     []string
	others  []string
	fetches bool
}

var x = []string{"golang.org/x/text/", "golang.org/x/crypto/cryptobyte"}

var rules = map[string]rule{
	"":                           {},
	"internal/dn":                {others: x},
	"internal/hamt":              {},
	"internal/setcache":          {},
	"trust":                      {own: []string{"internal/dn", "internal/hamt"}, others: x},
	"trust/pkcs7":                {own: []string{"trust"}, others: x},
	"trust/dirstore":             {own: []string{"trust", "trust/pkcs7"}},
	"trust/expiry":               {own: []string{"certchain", "trust"}},
	"trust/sqlstore":             {own: []string{"internal/dn", "trust"}, others: x},
	"trust/storetest":            {own: []string{"trust"}},
	"trust/trusttest":            {own: []string{"certchain", "certchain/device", "internal/pkitest", "oidc", "policy", "trust"}, others: []string{"golang.org/x/crypto/cryptobyte", "golang.org/x/crypto/ocsp"}, fetches: true},
	"trust/admit":                {own: []string{"certchain", "trust", "trust/pkcs7"}},
	"certchain":                  {own: []string{"trust", "internal/dn", "internal/setcache"}, others: x},
	"certchain/revocation":       {own: []string{"certchain", "trust", "internal/dn"}, others: x, fetches: true},
	"certchain/x5c":              {own: []string{"certchain", "trust", "internal/jose", "internal/setcache"}},
	"certchain/device":           {own: []string{"certchain/x5c", "certchain", "trust", "internal/jose"}},
	"policy":                     {own: []string{"policy/internal/strictjson"}, others: x},
	"policy/internal/strictjson": {},
	"policy/schema":              {own: []string{"policy", "policy/internal/strictjson"}, others: []string{"github.com/santhosh-tekuri/jsonschema/v6", "golang.org/x/text/"}},
	"internal/jose":              {},
	"oidc":                       {own: []string{"internal/jose", "policy"}, others: x},
	"oidc/clientstest":           {own: []string{"oidc"}},
}

// Helpers for tests import what they like; nothing but tests and trust/trusttest
// imports them.
var testOnly = []string{"internal/pkitest", "internal/corpora", "internal/depcheck", "internal/covercheck", "internal/docgen"}

// pure are the packages that, with all that they reach, rest on the standard
// library and golang.org/x alone.
var pure = []string{"trust", "certchain", "policy"}

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
	Name       string
}

func list(t *testing.T, args ...string) (pkgs []pkg) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Standard,Name"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	require.NoError(t, err)
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else {
			require.NoError(t, err)
		}
		pkgs = append(pkgs, p)
	}
}

func own(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func TestImportGraph(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range list(t, "./...") {
		name, _ := own(p.ImportPath)
		if slices.Contains(testOnly, name) {
			continue
		}
		r, known := rules[name]
		require.True(t, known, "package %q has no rule: say in this file what it may import", name)
		seen[name] = true
		for _, i := range p.Imports {
			if o, ours := own(i); ours {
				require.Contains(t, r.own, o, "%s must not import %s", name, o)
			} else if !standard(i) {
				require.True(t, slices.ContainsFunc(r.others, func(prefix string) bool { return strings.HasPrefix(i, prefix) }),
					"%s must not import %s", name, i)
			}
		}
		if !r.fetches {
			require.NotContains(t, p.Deps, "net/http", "%s reaches net/http", name)
		}
	}
	for name := range rules {
		require.True(t, seen[name], "there is no package %q (any more): remove its rule", name)
	}
}

func TestPurePackages(t *testing.T) {
	t.Parallel()
	for _, name := range pure {
		for _, p := range list(t, "./"+name) {
			for _, d := range p.Deps {
				_, ours := own(d)
				require.True(t, ours || standard(d) || strings.HasPrefix(d, "golang.org/x/") || strings.HasPrefix(d, "vendor/golang.org/x/"),
					"%s reaches %s", name, d)
			}
			require.NotContains(t, p.Deps, "net/http")
		}
	}
}
