// Onboard shows the library's main job on real input. Without flags it plays a
// country's onboarding desk: an embedded certificate authority issues
// certificates to partners of every type, their CAs are admitted, their
// certificates verified, their policies asked; then come the ones that are
// refused, each with its reason. With flags it takes your files instead:
//
//	onboard -domain DEVICE -ca chain.p7b -cert partner.pem -org 'Acme Biometrics'
//
// The exit status is 0 for accepted, 1 for refused, 2 for bad usage or input
// that cannot be read (of the program; under go run everything but 0 is 1).
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

const (
	exitAccepted = 0
	exitRefused  = 1
	exitUnusable = 2
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// arguments are the flags of one run.
type arguments struct {
	domain, cert, org, at, jwk, policy string

	cas  list
	json bool
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ", ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitAccepted
	case err != nil:
		return exitUnusable
	}
	var report *Report
	if a.files() {
		report, err = fromFiles(ctx, a)
	} else {
		report, err = demonstrate(ctx, time.Now)
	}
	if err == nil {
		out := bufio.NewWriter(stdout)
		if a.json {
			err = report.writeJSON(out)
		} else {
			report.writeText(out)
		}
		err = errors.Join(err, out.Flush())
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "onboard:", err)
		return exitUnusable
	case !report.Accepted:
		return exitRefused
	}
	return exitAccepted
}

// files reports whether any file was named.
func (a arguments) files() bool {
	return a.domain+a.cert+a.org+a.at+a.jwk+a.policy != "" || len(a.cas) > 0
}

func parse(args []string, stderr io.Writer) (arguments, error) {
	var a arguments
	flags := flag.NewFlagSet("onboard", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, `Onboard partners: admit their CAs, verify their certificates, ask their policies.

  onboard [-json]
        play through every type of partner, and through the refusals
  onboard -domain D -ca FILE... -cert FILE -org NAME [flags]
        onboard one partner from files (PEM, DER or PKCS#7; JSON)

Exit status: 0 accepted, 1 refused, 2 bad usage or unreadable input.

`)
		flags.PrintDefaults()
	}
	flags.StringVar(&a.domain, "domain", "", "partner domain `D`: AUTH, DEVICE, FTM or MISP")
	flags.Var(&a.cas, "ca", "`file` with CA certificates; may be given several times")
	flags.StringVar(&a.cert, "cert", "", "`file` with the partner's certificate; more of them after it may help to build the path")
	flags.StringVar(&a.org, "org", "", "organisation `name` under which the partner is registered")
	flags.StringVar(&a.at, "at", "", "judge as of this `time` (2006-01-02 or RFC 3339), not of now")
	flags.StringVar(&a.jwk, "jwk", "", "`file` with the partner's public key as a JWK: prints its eSignet client id")
	flags.StringVar(&a.policy, "policy", "", "`file` with the partner's policy: prints what it allows")
	flags.BoolVar(&a.json, "json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return a, err
	}
	var missing []string
	if a.files() {
		for _, required := range []struct {
			name  string
			given bool
		}{{"-domain", a.domain != ""}, {"-ca", len(a.cas) > 0}, {"-cert", a.cert != ""}, {"-org", a.org != ""}} {
			if !required.given {
				missing = append(missing, required.name)
			}
		}
	}
	switch {
	case flags.NArg() > 0:
		return a, misuse(flags, "unexpected argument "+flags.Arg(0))
	case len(missing) > 0:
		return a, misuse(flags, "missing "+strings.Join(missing, ", "))
	}
	return a, nil
}

func misuse(flags *flag.FlagSet, problem string) error {
	fmt.Fprintf(flags.Output(), "onboard: %s\n\n", problem)
	flags.Usage()
	return errors.New(problem)
}
