package observe

import (
	"context"
	"errors"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// Prometheus counts verdicts and measures them:
//
//	partnertrust_verdicts_total{of,domain,outcome,reason,remembered}
//	partnertrust_verdict_duration_seconds{of,domain,outcome,remembered}
//
// Every label has few values: reasons are constants, and domains are the host's.
// The hash of a certificate is no label, for there is no end of them.
func Prometheus(r prometheus.Registerer) (Observer, error) {
	verdicts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "partnertrust_verdicts_total",
		Help: "Verdicts about certificate chains, signed tokens and biometric captures.",
	}, []string{"of", "domain", "outcome", "reason", "remembered"})
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "partnertrust_verdict_duration_seconds",
		Help:    "What verdicts took.",
		Buckets: buckets,
	}, []string{"of", "domain", "outcome", "remembered"})
	if err := errors.Join(r.Register(verdicts), r.Register(durations)); err != nil {
		return Observer{}, err
	}
	return Observer{func(_ context.Context, v verdict) {
		remembered := strconv.FormatBool(v.remembered)
		verdicts.WithLabelValues(v.of, string(v.domain), v.outcome(), v.reason, remembered).Inc()
		durations.WithLabelValues(v.of, string(v.domain), v.outcome(), remembered).Observe(v.duration.Seconds())
	}}, nil
}
