package observe

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// OpenTelemetry counts verdicts (partnertrust.verdicts) and measures them
// (partnertrust.verdict.duration), with the same attributes as [Prometheus]. They
// are recorded in the context of the call, so that the SDK may link a slow one to
// its trace.
func OpenTelemetry(p metric.MeterProvider) (Observer, error) {
	meter := p.Meter("github.com/mosip/partnertrust")
	verdicts, err := meter.Int64Counter("partnertrust.verdicts", metric.WithUnit("{verdict}"),
		metric.WithDescription("Verdicts about certificate chains, signed tokens and biometric captures."))
	durations, failed := meter.Float64Histogram("partnertrust.verdict.duration", metric.WithUnit("s"),
		metric.WithDescription("What verdicts took."), metric.WithExplicitBucketBoundaries(buckets...))
	if err := errors.Join(err, failed); err != nil {
		return Observer{}, err
	}
	return Observer{func(ctx context.Context, v verdict) {
		common := attribute.NewSet(
			attribute.String("of", v.of), attribute.String("domain", string(v.domain)),
			attribute.String("outcome", v.outcome()), attribute.Bool("remembered", v.remembered),
		)
		verdicts.Add(ctx, 1, metric.WithAttributeSet(common), metric.WithAttributes(attribute.String("reason", v.reason)))
		durations.Record(ctx, v.duration.Seconds(), metric.WithAttributeSet(common))
	}}, nil
}
