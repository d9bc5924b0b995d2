package cli

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/trust"
)

func (a *app) compareCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compare FOLDER FOLDER",
		Short: "Do two services hold the same certificates of the same partners?",
		Long: `Compare what two services hold of the same partners: a folder for each, in it a certificate for each
partner, in a file named after the partner's id. Where the two differ, one service works with a stale
certificate: it encrypts for a key that the partner has given up, or refuses what the other accepts.`,
		Example: `  partnertrust compare pms ida`,
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			first, err := a.partnersIn(args[0])
			if err != nil {
				return err
			}
			second, err := a.partnersIn(args[1])
			if err != nil {
				return err
			}
			return a.writeUnequal(args, first, second)
		},
	}
}

// partnersIn reads a folder of certificates, by the names of their files.
func (a *app) partnersIn(dir string) (map[string]*x509.Certificate, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := map[string]*x509.Certificate{}
	for _, f := range files {
		if f.IsDir() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		key := strings.TrimSuffix(f.Name(), filepath.Ext(f.Name()))
		if out[key] != nil {
			return nil, fmt.Errorf("%s: two files are of %s", dir, key)
		}
		if out[key], _, err = a.certificates(filepath.Join(dir, f.Name())); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unequalJSON is a partner of whom two services hold different certificates.
type unequalJSON struct {
	Partner string           `json:"partner"`
	First   *certificateJSON `json:"first"` // null where it holds none
	Second  *certificateJSON `json:"second"`
}

func (a *app) writeUnequal(names []string, first, second map[string]*x509.Certificate) error {
	found := trust.Unequal(first, second)
	if a.json {
		out := []unequalJSON{}
		for _, u := range found {
			out = append(out, unequalJSON{u.Key, held(first[u.Key]), held(second[u.Key])})
		}
		return a.concluded(a.writeJSON(out), len(found) == 0)
	}
	if len(found) == 0 {
		a.say("the same in both: %d", len(first))
		return nil
	}
	t := table{heads: []string{"PARTNER", strings.ToUpper(names[0]), strings.ToUpper(names[1])}}
	for _, u := range found {
		t.add(red, u.Key, brief(first[u.Key]), brief(second[u.Key]))
	}
	return a.concluded(t.write(a), false)
}

func held(c *x509.Certificate) *certificateJSON {
	if c == nil {
		return nil
	}
	return &chainJSON(one(c))[0]
}

// brief tells a certificate from another of the same partner.
func brief(c *x509.Certificate) string {
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("until %s, SHA-256 %.16s…", c.NotAfter.UTC().Format("2006-01-02"), trust.SHA256(c))
}
