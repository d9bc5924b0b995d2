package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// deviceRoot is what a test takes out of the store and puts back.
func (w *world) deviceRoot() trust.CA {
	return trust.CA{Domain: trust.Device, Role: trust.Root, Certificate: w.pki.Root(trust.Device).Certificate}
}

// Trust changes under load: every request is answered under one state or the
// other, and the first one after the change under the new one.
func TestTrustChangesWhileServing(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	base := start(t, w)
	good, store, root := w.good(), w.pki.Store(), w.deviceRoot()

	load, end := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for load.Err() == nil {
				if status, _ := post(t, base, good); status != http.StatusOK && status != http.StatusForbidden {
					t.Errorf("status %d", status)
				}
			}
		})
	}
	for range 10 {
		require.NoError(t, store.Remove(t.Context(), trust.Device, root.DefaultID()))
		status, a := post(t, base, good)
		require.Equal(t, http.StatusForbidden, status)
		require.Equal(t, []string{"CertificateNotTrusted", "UnknownIssuer"}, a.Reasons[0].Because)
		require.NoError(t, store.Add(t.Context(), root))
		status, _ = post(t, base, good)
		require.Equal(t, http.StatusOK, status)
	}
	end()
	callers.Wait()
	require.Contains(t, get(t, base+"/metrics"), `partnertrust_trusted_cas{domain="DEVICE"} 2`)
}

// An operator changes the folder.
func TestFolderChangesWhileServing(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	folder := t.TempDir()
	require.NoError(t, w.writeTrust(folder))
	store, err := dirstore.Open(folder, dirstore.WithInterval(0))
	require.NoError(t, err)
	base := start(t, w, func(c *config) { c.source = store })
	good := w.good()
	eventually := func(want int) {
		require.Eventually(t, func() bool { status, _ := post(t, base, good); return status == want }, 10*time.Second, 20*time.Millisecond)
	}
	eventually(http.StatusOK)
	file := filepath.Join(folder, "DEVICE", "root.pem")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.Remove(file))
	eventually(http.StatusForbidden)
	require.NoError(t, os.WriteFile(file, kept, 0o600))
	eventually(http.StatusOK)
}

// watched is a source that is told of changes.
type watched struct {
	trust.Source

	begun chan struct{}
	fails chan error
}

func (s *watched) Watch(ctx context.Context, changed func(*trust.Snapshot)) error {
	now, err := s.Snapshot(ctx, trust.Device)
	if err != nil {
		return err
	}
	changed(now)
	close(s.begun)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.fails:
		return err
	}
}

func (s *watched) Freshness() trust.Freshness {
	return trust.Freshness{Checked: time.Unix(1_700_000_000, 0)}
}

// running is a front that serves on a port of its own.
type running struct {
	base    string
	stop    context.CancelFunc
	stopped chan error
}

func serveOn(t *testing.T, w *world, source trust.Source, open opener) running {
	t.Helper()
	f, err := newFront(config{
		source: source, register: w.register, now: w.pki.Clock, open: open, log: slog.New(slog.DiscardHandler),
		metrics: prometheus.NewRegistry(), meters: noop.NewMeterProvider(),
	})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	r := running{"http://" + listener.Addr().String(), stop, make(chan error, 1)}
	go func() { r.stopped <- f.serve(ctx, listener) }()
	return r
}

func TestWatchesWhatCanBeWatched(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	s := &watched{w.pki, make(chan struct{}), make(chan error)}
	r := serveOn(t, w, s, unencrypted)
	<-s.begun
	require.Contains(t, get(t, r.base+"/metrics"), "partnertrust_trust_checked_timestamp_seconds 1.7e+09")
	r.stop()
	require.NoError(t, <-r.stopped, "the watch ended with the service")

	s = &watched{w.pki, make(chan struct{}), make(chan error)}
	r = serveOn(t, w, s, unencrypted)
	defer r.stop()
	lost := errors.New("the folder is gone for good")
	s.fails <- lost
	select {
	case err := <-r.stopped:
		require.ErrorIs(t, err, lost)
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on and hears no more whom to trust")
	}
}

// A request that has begun is answered before the service ends.
func TestShutdown(t *testing.T) {
	t.Parallel()
	w := newWorld(trusttest.Now())
	reached, goOn := make(chan struct{}), make(chan struct{})
	r := serveOn(t, w, w.pki, func(c device.Capture) ([]byte, error) {
		close(reached)
		<-goOn
		return unencrypted(c)
	})
	answered := make(chan int, 1)
	go func() {
		status, _ := post(t, r.base, w.good())
		answered <- status
	}()
	<-reached
	r.stop()
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", r.base[len("http://"):])
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}, 10*time.Second, 10*time.Millisecond, "nobody else is let in")
	select {
	case <-r.stopped:
		t.Fatal("it ended before the answer")
	default:
	}
	close(goOn)
	require.Equal(t, http.StatusOK, <-answered)
	require.NoError(t, <-r.stopped)
}
