// Ida is the front of an authentication service: it decides whether a partner's
// request may be served, before anybody looks at the person in it.
//
//	POST /auth/{misp}/{partner}/{key}   a request, its signature in the header "signature"
//	GET  /metrics                       for Prometheus
//
// A request passes four gates, each of which says all that stands against it: the
// partner is registered (package policy, Standing), the request is signed by the
// certificate that it registered (x5c), every biometric was captured just now by
// a trusted device with a trusted chip (device), and the partner's policy allows
// the rest (policy). Trust comes from a folder and is reloaded while it runs.
//
//	ida -trust FOLDER -partners FILE    serves
//	ida -demo                           shows what it answers to good and bad requests
//
// One-time passwords, demographic data and the matching of biometrics are behind
// this front.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"

	"github.com/mosip/partnertrust/trust/dirstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run returns the exit status: 2 for what cannot be used, 1 for what failed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ida", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on")
	folder := flags.String("trust", "", "`folder` with a sub-folder of CA certificates for each domain")
	partners := flags.String("partners", "", "JSON `file` that says who is registered")
	demo := flags.Bool("demo", false, "show what it answers, with a PKI made for the purpose")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0 || !*demo && (*folder == "" || *partners == ""):
		fmt.Fprintln(stderr, "ida: needs -trust and -partners, or -demo alone")
		flags.Usage()
		return 2
	}
	log := slog.New(slog.NewJSONHandler(stderr, nil))
	var err error
	if *demo {
		err = demonstrate(ctx, stdout, log)
	} else {
		err = serveFiles(ctx, *listen, *folder, *partners, log)
	}
	if err != nil {
		fmt.Fprintln(stderr, "ida:", err)
		return 1
	}
	return 0
}

// serveFiles serves until ctx ends.
func serveFiles(ctx context.Context, address, folder, partners string, log *slog.Logger) error {
	store, err := dirstore.Open(folder)
	if err != nil {
		return err
	}
	for _, p := range store.Problems() {
		log.Warn("not trusted", "problem", p.Error())
	}
	register, err := readRegister(partners)
	if err != nil {
		return err
	}
	f, err := newFront(config{
		source: store, register: register, now: time.Now, open: unencrypted, log: log,
		metrics: prometheus.NewRegistry(),
		meters:  otel.GetMeterProvider(), // does nothing until an SDK is installed
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return f.serve(ctx, listener)
}
