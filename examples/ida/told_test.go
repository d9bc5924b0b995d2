package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// What is not the partner's fault is not told as a refusal for good.
func TestCannotAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	base := start(t, w, func(c *config) { c.source = away{} })
	status, a := post(t, base, w.good())
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, []string{"SourceFailed"}, a.Reasons[0].Because)
	require.NotContains(t, get(t, base+"/metrics"), "partnertrust_trusted_cas{")
}

type away struct{}

func (away) Snapshot(context.Context, trust.Domain) (*trust.Snapshot, error) {
	return nil, errors.New("the database is away")
}

func TestBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	base := start(t, w)
	status, a := post(t, base, message{bankPath, "", make([]byte, maxBodyBytes+1)})
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	require.Equal(t, "TooLarge", a.Reasons[0].Reason)
	status, _ = post(t, base, message{bankPath, "", make([]byte, maxBodyBytes)})
	require.Equal(t, http.StatusUnauthorized, status)

	many := w.ask(make([]trusttest.Capture, device.MaxSegments+1)...)
	_, a = post(t, base, w.signed(many, w.bank))
	require.Equal(t, string(device.SegmentCount), a.Reasons[0].Reason)

	for path, want := range map[string]int{bankPath: http.StatusMethodNotAllowed, "/auth/x": http.StatusNotFound, "/": http.StatusNotFound} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
		require.NoError(t, err)
		status, _, err := do(r)
		require.NoError(t, err)
		require.Equal(t, want, status, path)
	}
}

// The log and the metrics tell what was decided, and nothing of the person or of
// the keys.
func TestTold(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	var log bytes.Buffer
	base := start(t, w, func(c *config) { c.log = slog.New(slog.NewJSONHandler(&log, nil)) })
	post(t, base, w.good())
	post(t, base, w.good())
	post(t, base, w.signed(w.ask(w.stray()), w.bank))

	metrics := get(t, base+"/metrics")
	for _, line := range []string{
		`ida_answers_total{check="",status="200"} 2`,
		`ida_answers_total{check="captures",status="403"} 1`,
		`partnertrust_verdicts_total{domain="AUTH",of="chain",outcome="accepted",reason="",remembered="true"} 2`,
		`partnertrust_verdicts_total{domain="DEVICE",of="chain",outcome="refused",reason="UnknownIssuer",remembered="false"} 1`,
		`partnertrust_verdicts_total{domain="",of="capture",outcome="refused",reason="DataNotTrusted",remembered="false"} 1`,
	} {
		require.Contains(t, metrics, line)
	}

	text := log.String()
	for _, secret := range []string{"telecom-licence", "key-1", "111111", "fullName"} {
		require.NotContains(t, text, secret)
	}
	decoder := json.NewDecoder(&log)
	var answers []string
	for {
		var line struct {
			Msg, Partner, Transaction, Check string

			Status  int
			Reasons []string
		}
		err := decoder.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if line.Msg == "answer" {
			require.Equal(t, "acme-bank", line.Partner)
			require.Equal(t, trusttest.TransactionID, line.Transaction)
			answers = append(answers, strings.Join(append([]string{line.Check}, line.Reasons...), " "))
		}
	}
	require.Equal(t, []string{"", "", "captures DataNotTrusted"}, answers)
}
