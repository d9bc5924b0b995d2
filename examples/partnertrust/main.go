// Partnertrust is the operators' command: it asks a trust store whom it trusts,
// says why a certificate is refused and what would mend it, admits certificates,
// and shows what runs out, as tables, as pictures and as JSON.
//
//	go install github.com/mosip/partnertrust/examples/partnertrust@latest
//	partnertrust verify --store trust/ --domain DEVICE --org 'Acme Biometrics' partner.pem
//
// The commands are in internal/cli, one file each, beside run.go, which says what
// the exit status means; the pictures are in internal/picture.
//
// In a checkout go.work puts the library of the checkout in the place of the
// released one that go.mod requires.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends what does not look at ctx
	code := cli.Run(ctx, cli.Host{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		OutIsTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrIsTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Now:           time.Now,
		Getenv:        os.Getenv,
	}, os.Args[1:])
	stop()
	os.Exit(code)
}
