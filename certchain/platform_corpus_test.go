package certchain_test

import (
	"bytes"
	"crypto/x509"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/trust"
)

// The platform's own certificates, each judged against all the others at three
// times, beside the verdicts of Java's PKIX set as the platform sets it and of
// crypto/x509. Nothing is accepted that both refuse; what Java accepts and we
// refuse must have one of the reasons that the partner rules give.
func TestPlatformCertificates(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(corpora.Read(t, "mosip", "certs", "chain-matrix.csv"))).ReadAll()
	require.NoError(t, err)
	certs := map[string]*x509.Certificate{}
	var anchors, others []*x509.Certificate
	for _, row := range rows[1:] {
		list, err := trust.ParseCertificates(corpora.Read(t, "mosip", "certs", row[0]))
		require.NoError(t, err, row[0])
		certs[row[0]] = list[0]
		if certchain.IsSelfSigned(list[0]) {
			anchors = append(anchors, list[0])
		} else {
			others = append(others, list[0])
		}
	}
	column := func(prefix, suffix string) int {
		i := slices.IndexFunc(rows[0], func(h string) bool { return strings.HasPrefix(h, prefix) && strings.HasSuffix(h, suffix) })
		require.GreaterOrEqual(t, i, 0)
		return i
	}
	v := certchain.New(trust.Static(anchors, others))
	accepted := 0
	for _, row := range rows[1:] {
		leaf := certs[row[0]]
		for suffix, at := range map[string]time.Time{
			"now=2026-11-23": time.Date(2026, 11, 23, 4, 28, 7, 0, time.UTC),
			"notBefore+1d":   leaf.NotBefore.Add(24 * time.Hour),
			"mid-validity":   leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2),
		} {
			java := strings.HasPrefix(row[column("java_PKIX", suffix)], "ok")
			standard := strings.HasPrefix(row[column("go_Verify", suffix)], "ok")
			_, err := v.Verify(ctx, trust.Auth, leaf, certchain.At(at))
			if err == nil {
				accepted++
				require.True(t, java || standard, "%s, %s: accepted alone", row[0], suffix)
				continue
			}
			if java {
				reason := refusal(t, err).Findings[0].Reason
				require.Contains(t, []certchain.Reason{
					certchain.SelfSigned, certchain.TrustAnchor, // an anchor is no partner
					certchain.NotV3, certchain.WeakKey, // partner rules that PKIX does not have
					certchain.NotCA, certchain.KeyUsage, // anchors that do not say that they are CAs
				}, reason, "%s, %s: %s", row[0], suffix, explain(err))
			}
		}
	}
	require.NotZero(t, accepted)
	t.Logf("%d of %d accepted", accepted, 3*len(rows[1:]))
}
