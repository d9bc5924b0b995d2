package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// demonstrate starts a front over a folder of CA certificates, sends it requests
// and prints what came back.
func demonstrate(ctx context.Context, out io.Writer, log *slog.Logger) error {
	w := newWorld(time.Now())
	folder, err := os.MkdirTemp("", "ida")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := w.writeTrust(folder); err != nil {
		return err
	}
	store, err := dirstore.Open(folder, dirstore.WithInterval(0))
	if err != nil {
		return err
	}
	reader := sdk.NewManualReader()
	f, err := newFront(config{
		source: store, register: w.register, now: w.pki.Clock, open: unencrypted, log: log,
		metrics: prometheus.NewRegistry(), meters: sdk.NewMeterProvider(sdk.WithReader(reader)),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- f.serve(serving, listener) }()

	d := &demo{world: w, out: out, base: "http://" + listener.Addr().String(), folder: folder}
	err = d.play(ctx)
	if err == nil {
		err = d.metrics(ctx, reader)
	}
	stop()
	return errors.Join(err, <-stopped)
}

type demo struct {
	*world
	out          io.Writer
	base, folder string
}

func (d *demo) play(ctx context.Context) error {
	for _, s := range d.scenes() {
		if err := d.show(ctx, s.title, s.message); err != nil {
			return err
		}
	}
	// An operator takes the CA of the devices out of the folder, and puts it back.
	good := d.good()
	file := filepath.Join(d.folder, string(trust.Device), "root.pem")
	kept, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, change := range []struct {
		title string
		do    func() error
		want  int
	}{
		{"the root of the devices is removed while it runs", func() error { return os.Remove(file) }, http.StatusForbidden},
		{"the root is put back", func() error { return os.WriteFile(file, kept, 0o600) }, http.StatusOK},
	} {
		if err := change.do(); err != nil {
			return err
		}
		if err := d.await(ctx, good, change.want); err != nil {
			return err
		}
		if err := d.show(ctx, change.title, good); err != nil {
			return err
		}
	}
	return nil
}

// await sends a request until it is answered as it should be: a folder is looked
// at every second or so.
func (d *demo) await(ctx context.Context, m message, want int) error {
	for range 200 {
		status, _, err := d.send(ctx, m)
		if err != nil || status == want {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the folder was changed, and nothing came of it")
}

func (d *demo) show(ctx context.Context, title string, m message) error {
	status, body, err := d.send(ctx, m)
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	mark := "✗"
	if a.Allowed {
		mark = "✓"
	}
	fmt.Fprintf(d.out, "%s %s\n    %d", mark, title, status)
	if a.Allowed {
		fmt.Fprintf(d.out, " allowed, attributes %q, token for the %s", a.Attributes, a.TokenType)
	}
	fmt.Fprintln(d.out)
	for _, r := range a.Reasons {
		words := append([]string{r.Reason}, r.Because...)
		if r.Code != "" {
			words = append(words, r.Code)
		}
		at := ""
		if r.Pointer != "" {
			at = " " + r.Pointer
		}
		fmt.Fprintf(d.out, "    %s%s: %s [%s]\n", r.Check, at, r.Message, strings.Join(words, ", "))
	}
	return nil
}

func (d *demo) send(ctx context.Context, m message) (status int, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+m.path, bytes.NewReader(m.body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("signature", m.signature)
	return do(r)
}

func do(r *http.Request) (int, []byte, error) {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// metrics prints what Prometheus would see, but for the durations, and how much
// OpenTelemetry saw of it.
func (d *demo) metrics(ctx context.Context, reader *sdk.ManualReader) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/metrics", nil)
	if err != nil {
		return err
	}
	_, body, err := do(r)
	if err != nil {
		return err
	}
	fmt.Fprintln(d.out, "\nGET /metrics, but for the durations")
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") && !strings.Contains(line, "_duration_") {
			fmt.Fprintln(d.out, "   ", line)
		}
	}
	var seen metricdata.ResourceMetrics
	if err := reader.Collect(ctx, &seen); err != nil {
		return err
	}
	fmt.Fprintln(d.out, "\nOpenTelemetry")
	for _, scope := range seen.ScopeMetrics {
		for _, m := range scope.Metrics {
			total := uint64(0)
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					total += uint64(p.Value)
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					total += p.Count
				}
			}
			fmt.Fprintf(d.out, "    %s: %d verdicts\n", m.Name, total)
		}
	}
	return nil
}
