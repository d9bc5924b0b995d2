package cli

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

var idRules = []struct {
	name string
	rule oidc.Rule
}{
	{"current", oidc.CurrentRule},
	{"jwk-text", oidc.JWKTextRule},
	{"rfc7638", oidc.RFC7638Rule},
}

func ruleNames() []string {
	var names []string
	for _, r := range idRules {
		names = append(names, r.name)
	}
	return names
}

func (a *app) clientIDCommand() *cobra.Command {
	var name, check string
	cmd := &cobra.Command{
		Use:   "clientid FILE",
		Short: "Which eSignet client is this public key?",
		Long: `Print the id of the eSignet client with this key: a JWK, a public key in PEM, or a certificate. The rule
says which version of the platform derives it: current since PMS 1.2.2, jwk-text in PMS 1.2.0 and 1.2.1
(RSA, of the JWK as it was registered), rfc7638 for other OpenID providers.

With --check it says by which rule an id belongs to the key, if by any.`,
		Example: `  partnertrust clientid client.jwk
  partnertrust clientid --rule rfc7638 --json partner.pem
  partnertrust clientid --check r8wFdTGflhPpc8dV8h456zgBQyRa86QKFnsahBjVrIs partner.pem`,
		Args: cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&name, "rule", "current", "the `rule`: current, jwk-text, rfc7638")
	cmd.Flags().StringVar(&check, "check", "", "say by which rule this `id` is that of the key")
	cmd.MarkFlagsMutuallyExclusive("rule", "check")
	complete(cmd, "rule", ruleNames()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		at := slices.Index(ruleNames(), name)
		if at < 0 {
			return fmt.Errorf("--rule %q: there is no such rule", name)
		}
		data, err := a.read(args[0])
		if err != nil {
			return err
		}
		key, err := keyOf(data)
		switch {
		case errors.Is(err, oidc.Malformed):
			return fmt.Errorf("%s: %w", args[0], err)
		case err != nil:
			return a.noID(err)
		case check != "":
			return a.checkID(key, check)
		}
		id, err := key.ClientID(idRules[at].rule)
		if err != nil {
			return a.noID(err)
		}
		if a.json {
			return a.writeJSON(idJSON{ClientID: id, Rule: name, Type: key.Type(), Key: rawJSON(key.JWK())})
		}
		a.say("%s", id)
		return nil
	}
	return cmd
}

// idJSON is the answer of clientid for programs.
type idJSON struct {
	ClientID string  `json:"clientId,omitempty"`
	Rule     string  `json:"rule,omitempty"`
	Type     string  `json:"kty,omitempty"`
	Key      rawJSON `json:"jwk,omitempty"`
	Problem  string  `json:"problem,omitempty"`
}

// rawJSON is JSON already.
type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

// keyOf reads a key in any of the forms in which people have one.
func keyOf(data []byte) (*oidc.Key, error) {
	text := bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return oidc.ParseKey(text)
	case bytes.Contains(text, []byte("PUBLIC KEY-----")):
		return oidc.KeyFromPEM(text)
	}
	certs, err := pkcs7.Parse(data)
	if err != nil {
		return nil, errors.Join(oidc.Malformed, err)
	}
	return oidc.KeyFromCertificate(leafOf(certs))
}

func (a *app) checkID(key *oidc.Key, id string) error {
	rule, err := key.Identify(id)
	if err != nil {
		return a.noID(err)
	}
	for _, r := range idRules {
		if r.rule == rule {
			if a.json {
				return a.writeJSON(idJSON{ClientID: id, Rule: r.name, Type: key.Type(), Key: rawJSON(key.JWK())})
			}
			a.say("%s", r.name)
		}
	}
	return nil
}

// noID says why a key, which could be read, has no such id.
func (a *app) noID(problem error) error {
	if a.json {
		return errors.Join(a.writeJSON(idJSON{Problem: problem.Error()}), errNo)
	}
	a.say("%s", a.in(red, "no: "+printable(problem.Error())))
	return errNo
}
