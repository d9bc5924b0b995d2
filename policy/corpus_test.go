package policy_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// refusedOnPurpose is the ledger of documents that the platform's schema takes
// and the strict reading does not, each with the reason. It is empty.
var refusedOnPurpose = map[string]policy.Reason{}

// corpus gives the policy documents found in the platform's public
// repositories, with the row that index.csv has for each.
func corpus(t *testing.T) (dir string, rows []map[string]string) {
	t.Helper()
	root := os.Getenv("PARTNERTRUST_CORPORA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpora")
	}
	dir = filepath.Join(root, "mosip", "policies")
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no corpus at %s: set PARTNERTRUST_CORPORA", dir)
	}
	require.NoError(t, err)
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(table), 1, "an empty index would make every test pass")
	for _, line := range table[1:] {
		row := map[string]string{}
		for i, name := range table[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return dir, rows
}

type document interface {
	json.Marshaler
	Deviations() []*policy.Problem
	Lint(policy.LintContext) []policy.Finding
}

func read(r policy.Reading, kind string, data []byte) (document, error) {
	switch kind {
	case "Auth":
		return r.ParseAuth(data)
	case "DataShare":
		return r.ParseDataShare(data)
	default:
		return r.ParseMISP(data)
	}
}

func TestCorpusOfRealPolicies(t *testing.T) {
	t.Parallel()
	dir, rows := corpus(t)
	for _, row := range rows {
		t.Run(row["file"], func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, row["file"]))
			require.NoError(t, err)
			kind := row["inferred_type"]

			_, err = read(policy.Strict, kind, data)
			switch reason, listed := refusedOnPurpose[row["file"]]; {
			case row["validates_own_type_schema"] == "valid" && !listed:
				require.NoError(t, err)
			case listed:
				require.ErrorIs(t, err, reason)
			}

			p, err := read(policy.TolerateUnknown, kind, data)
			require.NoError(t, err, "every document of the field can be read tolerantly")
			out, err := p.MarshalJSON()
			require.NoError(t, err)
			if len(p.Deviations()) == 0 {
				require.JSONEq(t, string(data), string(out), "nothing is lost")
			}
			again, err := read(policy.TolerateUnknown, kind, out)
			require.NoError(t, err)
			twice, err := again.MarshalJSON()
			require.NoError(t, err)
			require.Equal(t, string(out), string(twice))

			for _, f := range p.Lint(policy.LintContext{}) {
				require.NotEmpty(t, f.Suggestion)
			}
		})
	}
}

func TestCorpusPoliciesDecideAsTheyRead(t *testing.T) {
	t.Parallel()
	dir, rows := corpus(t)
	load := func(name string) []byte {
		t.Helper()
		for _, row := range rows {
			if row["file"] == name {
				data, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				return data
			}
		}
		t.Skipf("%s is not in this corpus", name)
		return nil
	}

	relying, err := policy.ParseAuth(load("auth-007-demo-oidc-policy.json"))
	require.NoError(t, err)
	for op, given := range map[policy.Operation]string{
		policy.OperationAuth: "otp bio/FACE", policy.OperationOTPRequest: "", policy.OperationKYC: "demo",
		policy.OperationKYCAuth: "pwd kbt wla", policy.OperationKYCExchange: "", policy.OperationKeyBinding: "bio/IRIS", policy.OperationVCIExchange: "",
	} {
		require.NoError(t, relying.Decide(policy.AuthRequest{Operation: op, Factors: factors(given), Attributes: []string{"fullName", "individual_id"}}).Err(), op)
	}
	require.ErrorIs(t, relying.Decide(policy.AuthRequest{Operation: "auth", Factors: factors("pin")}).Err(), policy.FactorNotAllowed)

	three, err := policy.ParseAuth(load("auth-024-AuthPolicy6.json"))
	require.NoError(t, err)
	d := three.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("bio/IRIS demo")})
	require.Equal(t, []string{"bio-FINGER", "bio-FACE"}, []string{d.Denials[0].Subject, d.Denials[1].Subject})

	reprint, err := policy.ParseDataShare(load("datashare-011-mpolicy-default-reprint.json"))
	require.NoError(t, err)
	all := reprint.Decide(policy.ShareRequest{All: true})
	require.True(t, all.Allowed)
	require.Len(t, all.Attributes, 14)
	face, denials := policy.FilterBiometrics(all.Attributes[13].Sources[0], hand, itself)
	require.Empty(t, denials)
	require.Equal(t, pick(3), face)
	require.False(t, reprint.Decide(policy.ShareRequest{Attributes: []string{"photo", "name"}}).Allowed)

	// A policy that says biometrics without saying which shares none of them.
	cert, err := policy.ParseDataShare(load("datashare-018-mpolicy-default-cert.json"))
	require.NoError(t, err)
	for _, a := range cert.Decide(policy.ShareRequest{All: true}).Attributes {
		if a.Group != policy.GroupCBEFF {
			continue
		}
		got, denials := policy.FilterBiometrics(a.Sources[0], hand, itself)
		require.Empty(t, got)
		require.Equal(t, []policy.Reason{policy.FilterMissing}, reasonsOf(denials))
	}

	esignet, err := policy.ParseMISP(load("misp-001-mpolicy-default-esignet.json"))
	require.NoError(t, err)
	require.True(t, esignet.Decide(policy.OperationKYCExchange).Allowed)
	require.ErrorIs(t, esignet.Decide(policy.OperationKeyBinding).Err(), policy.DelegationForbidden)
	_, err = policy.ParseMISP(load("misp-005-definePolicyMisp.json"))
	require.Equal(t, []policy.Reason{policy.UnknownMember}, reasonsOfProblems(err))
}

func reasonsOfProblems(err error) []policy.Reason {
	var out []policy.Reason
	for _, p := range placesOf(err) {
		out = append(out, p.reason)
	}
	return out
}

// The sample of eSignet's guide to client management names only what its client
// needs; the platform's defaults fill in the rest, and they release nothing.
func TestDocumentedSampleIsRead(t *testing.T) {
	t.Parallel()
	var entries []string
	for _, e := range strings.Fields("bio/IRIS bio/FINGER otp bio/FACE otp-request kycauth kycexchange wla") {
		name, sub, _ := strings.Cut(e, "/")
		entries = append(entries, `{"authSubType":"`+sub+`","authType":"`+name+`","mandatory":false}`)
	}
	p := mustAuth(t, `{"allowedAuthTypes":[`+strings.Join(entries, ",")+`]}`)
	require.True(t, p.Decide(policy.AuthRequest{Operation: policy.OperationKYCAuth, Factors: factors("wla bio/IRIS")}).Allowed)
	require.True(t, p.Decide(policy.AuthRequest{Operation: policy.OperationKYCExchange}).Allowed)
	require.False(t, p.Decide(policy.AuthRequest{Operation: policy.OperationKYCExchange, Attributes: []string{"fullName"}}).Allowed)
	require.False(t, p.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp")}).Allowed)
}
