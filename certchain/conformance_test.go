package certchain_test

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/trust"
)

// vector is a case of any of the suites, in the members that they share.
type vector struct {
	ID            string   `json:"id"`
	Suite         string   `json:"suite"`
	Trusted       []string `json:"trusted_certs"`
	Intermediates []string `json:"untrusted_intermediates"`
	Peer          string   `json:"peer_certificate"`
	Time          *string  `json:"validation_time"`
	Expected      string   `json:"expected_result"`
	ChainOnly     *string  `json:"expected_chain_only"`
	Pkits         string   `json:"expected"`
	MaxDepth      *int     `json:"max_chain_depth"`
	NeedsCRL      bool     `json:"needs_crl"`
	Policies      []string `json:"initial_policy_set"`
	Explicit      bool     `json:"initial_explicit_policy"`
	NoMapping     bool     `json:"initial_policy_mapping_inhibit"`
	NoAnyPolicy   bool     `json:"initial_any_policy_inhibit"`
	CRLs          []string `json:"crls"`
}

func parseAll(pems []string) (certs []*x509.Certificate, err error) {
	for _, p := range pems {
		list, err := trust.ParseCertificates([]byte(p))
		if err != nil {
			return nil, err
		}
		certs = append(certs, list...)
	}
	return certs, nil
}

// verify runs a vector under the standard's profile. Certificates that do not
// parse cannot be trusted: for an anchor or helper that means it is not there.
func (v vector) verify(t *testing.T, opts ...certchain.Option) (*certchain.Chain, error) {
	t.Helper()
	anchors := parseable(v.Trusted)
	leaf, err := trust.ParseCertificates([]byte(v.Peer))
	if err != nil {
		return nil, err
	}
	at := time.Now()
	if v.Time != nil {
		at, err = time.Parse(time.RFC3339, *v.Time)
		require.NoError(t, err)
	}
	opts = append([]certchain.Option{
		certchain.WithProfile(certchain.RFC5280), certchain.At(at),
		certchain.Intermediates(parseable(v.Intermediates)...),
	}, opts...)
	if v.MaxDepth != nil {
		opts = append(opts, certchain.MaxDepth(*v.MaxDepth))
	}
	if len(v.Policies) > 0 {
		oids := make([]x509.OID, len(v.Policies))
		for i, p := range v.Policies {
			oids[i], err = x509.ParseOID(p)
			require.NoError(t, err)
		}
		opts = append(opts, certchain.Policies(oids...))
	}
	if v.Explicit {
		opts = append(opts, certchain.RequireExplicitPolicy())
	}
	if v.NoMapping {
		opts = append(opts, certchain.InhibitPolicyMapping())
	}
	if v.NoAnyPolicy {
		opts = append(opts, certchain.InhibitAnyPolicy())
	}
	// Remembering must not show: the same verdict without it, and from what
	// was remembered.
	source := trust.Static(anchors, nil)
	_, want := certchain.New(source, certchain.WithoutCache()).Verify(ctx, trust.Auth, leaf[0], opts...)
	remembering := certchain.New(source)
	for range 2 {
		_, again := remembering.VerifyDER(ctx, trust.Auth, leaf[0].Raw, opts...)
		require.Equal(t, explain(want), explain(again))
	}
	return remembering.Verify(ctx, trust.Auth, leaf[0], opts...)
}

// lists gives the vector's revocation lists to a checker; one that cannot be
// read is not there.
func (v vector) lists(t *testing.T) []certchain.Option {
	t.Helper()
	var readable [][]byte
	for _, l := range v.CRLs {
		if _, err := revocation.CRLs([]byte(l)); err == nil {
			readable = append(readable, []byte(l))
		}
	}
	checker, err := revocation.CRLs(readable...)
	require.NoError(t, err)
	return []certchain.Option{certchain.WithRevocation(checker)}
}

func parseable(pems []string) (certs []*x509.Certificate) {
	for _, p := range pems {
		if list, err := parseAll([]string{p}); err == nil {
			certs = append(certs, list...)
		}
	}
	return certs
}

// ledger holds the known divergences from the corpora: case → why. A case in it
// that does not diverge any more fails.
func ledger(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "divergences.json"))
	require.NoError(t, err)
	var known map[string]string
	require.NoError(t, json.Unmarshal(data, &known))
	return known
}

// conforms holds a verdict against the corpus's, or against the ledger.
func conforms(t *testing.T, known map[string]string, id string, want bool, err error) {
	t.Helper()
	if why, diverges := known[id]; diverges {
		require.NotEqual(t, want, err == nil, "the ledger says that this case diverges (%s); it does not any more", why)
		return
	}
	require.Equal(t, want, err == nil, "%s", explain(err))
}

func TestBetterTLS(t *testing.T) {
	t.Parallel()
	var cases []vector
	require.NoError(t, json.Unmarshal(corpora.Read(t, "bettertls.json"), &cases))
	decided := map[string]int{}
	known := ledger(t)
	for _, v := range cases {
		if v.ChainOnly == nil {
			continue
		}
		decided[v.Suite]++
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			_, err := v.verify(t)
			conforms(t, known, v.ID, *v.ChainOnly == "SUCCESS", err)
		})
	}
	require.Equal(t, 75, decided["pathbuilding"])
}

func explain(err error) string {
	var e *certchain.Error
	if errors.As(err, &e) {
		return e.Explain()
	}
	if err != nil {
		return err.Error()
	}
	return "accepted"
}

func TestLimbo(t *testing.T) {
	t.Parallel()
	var suite struct {
		Cases []vector `json:"testcases"`
	}
	require.NoError(t, json.Unmarshal(corpora.Read(t, "limbo.json"), &suite))
	byID := map[string]vector{}
	known := ledger(t)
	for _, v := range suite.Cases {
		byID[v.ID] = v
	}
	lines := bufio.NewScanner(bytes.NewReader(corpora.Read(t, "limbo-chain-only.tsv")))
	for lines.Scan() {
		id, tag, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(id, "#") {
			continue
		}
		t.Run(tag+"/"+id, func(t *testing.T) {
			t.Parallel()
			v := byID[id]
			var opts []certchain.Option
			if tag == "crl" {
				opts = v.lists(t)
			}
			_, err := v.verify(t, opts...)
			conforms(t, known, v.ID, v.Expected == "SUCCESS", err)
		})
	}
}

func TestPKITS(t *testing.T) {
	t.Parallel()
	var cases []vector
	require.NoError(t, json.Unmarshal(corpora.Read(t, "pkits.json"), &cases))
	require.Len(t, cases, 249)
	known := ledger(t)
	for _, v := range cases {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			_, err := v.verify(t, v.lists(t)...)
			conforms(t, known, v.ID, v.Pkits == "SUCCESS", err)
			if !v.NeedsCRL {
				_, err = v.verify(t)
				conforms(t, known, v.ID, v.Pkits == "SUCCESS", err)
			}
		})
	}
}
