package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/metric"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/examples/internal/observe"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
)

const (
	maxBodyBytes = 8 << 20         // ten fingers, two irises and a face
	timeToDecide = 5 * time.Second // of one request, once it is read
)

// config is what a front is made of.
type config struct {
	source   trust.Source
	register *register
	now      func() time.Time
	open     opener
	log      *slog.Logger
	metrics  *prometheus.Registry
	meters   metric.MeterProvider
}

// front decides about requests.
type front struct {
	config
	http.Handler

	tokens   *x5c.Verifier
	captures *device.Verifier
	answers  *prometheus.CounterVec
}

func newFront(c config) (*front, error) {
	f := &front{config: c, answers: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ida_answers_total", Help: "Answers, by status and by the check that refused.",
	}, []string{"status", "check"})}
	counted, err := observe.Prometheus(c.metrics)
	measured, failed := observe.OpenTelemetry(c.meters)
	err = errors.Join(err, failed, c.metrics.Register(f.answers), c.metrics.Register(trusted{c.source}))
	if err != nil {
		return nil, err
	}
	chain, token := []certchain.Option{certchain.WithClock(c.now)}, []x5c.Option(nil)
	capture := []device.Option{
		device.WithClock(c.now), device.Environments(c.register.Environments...), device.DomainURIs(c.register.DomainURIs...),
		device.HashesLater(), // nothing is decrypted before it is trusted
	}
	for _, o := range []observe.Observer{counted, measured, observe.Slog(c.log)} {
		chain = append(chain, certchain.WithObserver(o))
		token = append(token, x5c.WithObserver(o))
		capture = append(capture, device.WithObserver(o))
	}
	f.tokens = x5c.New(certchain.New(c.source, chain...), token...)
	f.captures = device.New(f.tokens, capture...)

	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/{misp}/{partner}/{key}", f.auth)
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.metrics, promhttp.HandlerOpts{}))
	f.Handler = mux
	return f, nil
}

// auth answers one request, and writes one line about it. Neither the keys in the
// path nor anything of the person is in the line.
func (f *front) auth(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	a := f.answer(w, r)
	f.answers.WithLabelValues(strconv.Itoa(a.status), a.gate()).Inc()
	f.log.InfoContext(r.Context(), "answer", "partner", r.PathValue("partner"), "transaction", a.TransactionID,
		"status", a.status, "allowed", a.Allowed, "check", a.gate(), "reasons", a.words(), "took", time.Since(began))
	a.write(w) // last: who has the answer finds it in the metrics
}

func (f *front) answer(w http.ResponseWriter, r *http.Request) *answer {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return refused(http.StatusRequestEntityTooLarge, reason{Check: "request", Reason: "TooLarge", Message: "the body is too large"})
		}
		return refused(http.StatusBadRequest, reason{Check: "request", Reason: "Incomplete", Message: "the body did not arrive"})
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeToDecide)
	defer cancel()
	now := f.now()

	who := f.register.find(r.PathValue("misp"), r.PathValue("partner"), r.PathValue("key"))
	if standing := who.standing(now); !standing.Allowed {
		return denied("partner", standing.Denials)
	}
	// The certificates that the platform issues to partners are those of CAs; this
	// one is the very one that is registered.
	_, err = f.tokens.Verify(ctx, trust.Auth, r.Header.Get("signature"),
		x5c.Detached(body), x5c.BoundTo(who.partner.Certificate), x5c.AllowCASigner())
	if err != nil {
		return refusedFor(http.StatusUnauthorized, err)
	}
	asked, problem := readRequest(body, now)
	if problem != nil {
		return refused(http.StatusBadRequest, *problem)
	}
	a := f.decide(ctx, who.key.parsed, asked)
	a.TransactionID = asked.TransactionID
	return a
}

// decide answers a request that is the partner's.
func (f *front) decide(ctx context.Context, p *policy.Auth, asked *request) *answer {
	var captures []device.Capture
	if len(asked.Biometrics) > 0 {
		var refusal *answer
		if captures, refusal = f.verifyCaptures(ctx, asked); refusal != nil {
			return refusal
		}
	}
	decision := p.Decide(asked.ask(captures))
	if !decision.Allowed {
		return denied("policy", decision.Denials)
	}
	return &answer{Allowed: true, Attributes: decision.Attributes, TokenType: decision.TokenType, status: http.StatusOK}
}

func (f *front) verifyCaptures(ctx context.Context, asked *request) ([]device.Capture, *answer) {
	segments := asked.segments()
	captures, err := f.captures.VerifyCapture(ctx, segments,
		device.Request{TransactionID: asked.TransactionID, Env: asked.Env, DomainURI: asked.DomainURI})
	if err != nil {
		return nil, refusedFor(http.StatusForbidden, err)
	}
	for i, c := range captures {
		clear, err := f.open(c)
		if err != nil {
			return nil, refused(http.StatusForbidden, reason{Check: "captures", Reason: "NotOpened",
				Pointer: "/biometrics/" + strconv.Itoa(i) + "/data/bioValue", Message: "the biometric cannot be decrypted"})
		}
		sum := sha256.Sum256(clear)
		segments[i].BiometricHash = sum[:]
	}
	if err := device.VerifyHashes(segments); err != nil {
		return nil, refusedFor(http.StatusForbidden, err)
	}
	return captures, nil
}
