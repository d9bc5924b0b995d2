package observe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/examples/internal/observe"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// play lets the observer watch two captures of one device, the second of which
// is for another purpose, and then a certificate that has expired.
func play(t *testing.T, o observe.Observer) {
	t.Helper()
	pki := trusttest.New(t)
	at := pki.Clock()
	stopwatch := func() time.Time { at = at.Add(2 * time.Millisecond); return at }
	chains := pki.Verifier(certchain.WithObserver(o), certchain.WithStopwatch(stopwatch))
	tokens := x5c.New(chains, x5c.WithObserver(o), x5c.WithStopwatch(stopwatch))
	captures := device.New(tokens, device.WithClock(pki.Clock), device.Environments(trusttest.Environment),
		device.WithObserver(o), device.WithStopwatch(stopwatch))

	sound := trusttest.Capture{Device: pki.Device("Acme Biometrics"), Chip: pki.Chip("Acme Chips")}
	segments, request := pki.SignCapture(sound)
	_, err := captures.VerifyCapture(t.Context(), segments, request)
	require.NoError(t, err)
	sound.Data = trusttest.Members{"purpose": "Registration"}
	segments, request = pki.SignCapture(sound)
	_, err = captures.VerifyCapture(t.Context(), segments, request)
	require.ErrorIs(t, err, device.PurposeMismatch)
	_, err = tokens.Verify(t.Context(), trust.Auth, pki.Partner("Acme Bank", trusttest.Expired()).SignJWS([]byte("{}")))
	require.ErrorIs(t, err, certchain.Expired)
}

func TestSlog(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level][]string{
		slog.LevelDebug: {
			"chain  DEVICE", "token  DEVICE", "chain  FTM", "token  FTM", "capture  ",
			"chain  DEVICE remembered", "token  DEVICE remembered", "chain  FTM remembered", "token  FTM remembered", "capture PurposeMismatch ",
			"chain Expired AUTH", "token CertificateNotTrusted AUTH because Expired",
		},
		slog.LevelInfo: {"capture PurposeMismatch ", "chain Expired AUTH", "token CertificateNotTrusted AUTH because Expired"},
	} {
		var out bytes.Buffer
		play(t, observe.Slog(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))))
		var got []string
		for line := range strings.Lines(out.String()) {
			var l struct {
				Msg, Of, Reason, Domain, Cause, Certificate string

				Accepted, Remembered bool
				Took                 time.Duration
				Snapshot             uint64
			}
			require.NoError(t, json.Unmarshal([]byte(line), &l))
			require.Equal(t, "verdict", l.Msg)
			require.Equal(t, l.Reason == "", l.Accepted)
			require.Positive(t, l.Took)
			require.Equal(t, l.Of == "chain", l.Snapshot > 0)
			require.Equal(t, l.Of != "capture", len(l.Certificate) == 64)
			text := l.Of + " " + l.Reason + " " + l.Domain
			if l.Remembered {
				text += " remembered"
			}
			if l.Cause != "" {
				text += " because " + l.Cause
			}
			got = append(got, text)
		}
		require.Equal(t, want, got)
	}
}

func TestPrometheus(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	o, err := observe.Prometheus(registry)
	require.NoError(t, err)
	play(t, o)
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`partnertrust_verdicts_total{domain="DEVICE",of="chain",outcome="accepted",reason="",remembered="false"} 1`,
		`partnertrust_verdicts_total{domain="DEVICE",of="chain",outcome="accepted",reason="",remembered="true"} 1`,
		`partnertrust_verdicts_total{domain="AUTH",of="chain",outcome="refused",reason="Expired",remembered="false"} 1`,
		`partnertrust_verdicts_total{domain="AUTH",of="token",outcome="refused",reason="CertificateNotTrusted",remembered="false"} 1`,
		`partnertrust_verdicts_total{domain="",of="capture",outcome="refused",reason="PurposeMismatch",remembered="false"} 1`,
		`partnertrust_verdict_duration_seconds_sum{domain="AUTH",of="chain",outcome="refused",remembered="false"} 0.002`,
		`partnertrust_verdict_duration_seconds_count{domain="",of="capture",outcome="accepted",remembered="false"} 1`,
	} {
		require.Contains(t, answer.Body.String(), line+"\n")
	}

	_, err = observe.Prometheus(registry)
	require.Error(t, err, "the names are taken")
}

func TestOpenTelemetry(t *testing.T) {
	t.Parallel()
	reader := sdk.NewManualReader()
	o, err := observe.OpenTelemetry(sdk.NewMeterProvider(sdk.WithReader(reader)))
	require.NoError(t, err)
	play(t, o)
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	require.Len(t, all.ScopeMetrics, 1)
	counts, seconds := map[string]int64{}, 0.0
	for _, m := range all.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			require.Equal(t, "partnertrust.verdicts", m.Name)
			for _, p := range data.DataPoints {
				counts[value(p.Attributes, "of")+" "+value(p.Attributes, "domain")+" "+value(p.Attributes, "reason")] += p.Value
			}
		case metricdata.Histogram[float64]:
			require.Equal(t, "partnertrust.verdict.duration", m.Name)
			for _, p := range data.DataPoints {
				if value(p.Attributes, "of") == "chain" {
					seconds += p.Sum
				}
			}
		}
	}
	require.Equal(t, map[string]int64{
		"chain DEVICE ": 2, "token DEVICE ": 2, "chain FTM ": 2, "token FTM ": 2,
		"capture  ": 1, "capture  PurposeMismatch": 1, "chain AUTH Expired": 1, "token AUTH CertificateNotTrusted": 1,
	}, counts)
	require.InDelta(t, 5*0.002, seconds, 1e-9)

	_, err = observe.OpenTelemetry(refusing{})
	require.Error(t, err)
}

func value(s attribute.Set, key attribute.Key) string {
	v, _ := s.Value(key)
	return v.AsString()
}

// refusing is a provider whose meters cannot make a counter.
type refusing struct{ metric.MeterProvider }

func (refusing) Meter(string, ...metric.MeterOption) metric.Meter { return refusingMeter{} }

type refusingMeter struct{ metric.Meter }

func (refusingMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return nil, context.Canceled
}

func (refusingMeter) Float64Histogram(string, ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return nil, nil
}
