package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mosip/partnertrust/trust"
)

// serve answers until ctx ends, and then what has begun.
func (f *front) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           f,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    128 << 10, // the signature brings certificates
		ErrorLog:          slog.NewLogLogger(f.log.Handler(), slog.LevelWarn),
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := f.follow(ctx); err != nil {
			ended <- err
		}
	}()
	f.log.Info("listening", "address", listener.Addr().String())

	var err error
	select {
	case <-ctx.Done():
	case err = <-ended: // who hears no more whom to trust does not go on
	}
	stop()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(patience))
	<-followed
	f.log.Info("stopped")
	return err
}

// follow keeps trust current until ctx ends. A source that is no watcher is
// current by itself whenever it is asked.
func (f *front) follow(ctx context.Context) error {
	watcher, ok := f.source.(trust.Watcher)
	if !ok {
		return nil
	}
	err := watcher.Watch(ctx, func(s *trust.Snapshot) {
		f.log.Info("trust changed", "domain", s.Domain(), "version", s.Version(), "cas", s.Len())
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// trusted says what is trusted at the moment of the question.
type trusted struct{ source trust.Source }

var (
	trustedCAs     = prometheus.NewDesc("partnertrust_trusted_cas", "CA certificates that are trusted.", []string{"domain"}, nil)
	trustedVersion = prometheus.NewDesc("partnertrust_trust_version", "Version of the trust snapshot.", []string{"domain"}, nil)
	trustChecked   = prometheus.NewDesc("partnertrust_trust_checked_timestamp_seconds", "When trust was last known to be current.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (t trusted) Describe(out chan<- *prometheus.Desc) {
	out <- trustedCAs
	out <- trustedVersion
	out <- trustChecked
}

// Collect implements [prometheus.Collector]. A domain that the source cannot tell
// of is left out: its absence is the alarm.
func (t trusted) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), timeToDecide)
	defer cancel()
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM} {
		s, err := t.source.Snapshot(ctx, d)
		if err != nil {
			continue
		}
		out <- prometheus.MustNewConstMetric(trustedCAs, prometheus.GaugeValue, float64(s.Len()), string(d))
		out <- prometheus.MustNewConstMetric(trustedVersion, prometheus.GaugeValue, float64(s.Version()), string(d))
	}
	if m, ok := t.source.(trust.Monitored); ok {
		checked := m.Freshness().Checked
		out <- prometheus.MustNewConstMetric(trustChecked, prometheus.GaugeValue, float64(checked.UnixMilli())/1000)
	}
}
