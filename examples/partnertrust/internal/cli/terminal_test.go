package cli_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

const refusedLine = "partnertrust verify --store trust --domain DEVICE partner.pem"

func TestColours(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name     string
		terminal bool
		env      map[string]string
		flag     string
		colours  bool
	}{
		{"a terminal", true, nil, "auto", true},
		{"a pipe", false, nil, "auto", false},
		{"NO_COLOR", true, map[string]string{"NO_COLOR": "1"}, "auto", false},
		{"a dumb terminal", true, map[string]string{"TERM": "dumb"}, "auto", false},
		{"never", true, nil, "never", false},
		{"always", false, map[string]string{"NO_COLOR": "1"}, "always", true},
	} {
		w.host.OutIsTerminal = c.terminal
		w.host.Getenv = func(name string) string { return c.env[name] }
		for _, line := range []string{refusedLine, "partnertrust list --store trust", "partnertrust expiry --store trust"} {
			r := w.shell(line + " --color " + c.flag)
			require.Equal(t, c.colours, strings.Contains(r.out, "\x1b["), "%s: %q", c.name, r.out)
		}
	}
}

// Colours do not count as width: a table looks the same without them.
func TestColouredTable(t *testing.T) {
	w := newWorld(t)
	without := w.shell("partnertrust list --store trust").out
	with := w.shell("partnertrust list --store trust --color always").out
	for _, code := range []string{"2", "31", "33", "0"} {
		with = strings.ReplaceAll(with, "\x1b["+code+"m", "")
	}
	require.Equal(t, without, with)
}

// Names are a stranger's: they cannot steer the terminal, or pretend to be
// another line.
func TestNamesCannotSteerTheTerminal(t *testing.T) {
	w := newWorld(t)
	evil := "Acme\x1b[2J\n\u202eBank"
	ca := w.authority(w.pki.Root(trust.Auth), evil, w.pki.Clock().AddDate(-1, 0, 0), w.pki.Clock().AddDate(4, 0, 0))
	w.bundle("evil.p7b", []*x509.Certificate{ca})
	w.shell("partnertrust admit --store trust --domain AUTH evil.p7b")
	for _, line := range []string{
		"partnertrust admit --store trust --domain AUTH evil.p7b",
		"partnertrust list --store trust",
		"partnertrust expiry --store trust --within 10y",
		"partnertrust verify --store trust --domain AUTH evil.p7b",
		"partnertrust explain --store trust --domain AUTH evil.p7b",
		"partnertrust graph --store trust",
		"partnertrust graph --store trust --format dot",
		"partnertrust export --at 2040-01-01 --store trust " + w.idOf("[2J"),
		"partnertrust explain --store trust --domain AUTH --org \x1b[2J partner.pem",
		"partnertrust explain --store trust --domain \x1b[2J partner.pem",
	} {
		r := w.shell(line)
		require.NotContains(t, r.out+r.err, "\x1b", line)
		require.NotContains(t, r.out+r.err, "\n\u202e", line)
	}
}

// slow is a clock that goes on by most of a second whenever it is asked.
func slow(from time.Time) func() time.Time {
	return func() time.Time {
		from = from.Add(700 * time.Millisecond)
		return from
	}
}

// A person sees how far a long loading is, and nobody else does; of a short one
// nobody sees anything; and nothing of it stays.
func TestProgress(t *testing.T) {
	w := newWorld(t)
	for i := range 200 {
		w.write(fmt.Sprintf("trust/AUTH/ca-%d.pem", i), w.bank.ChainPEM()) // what it holds does not matter
	}
	var out, errs bytes.Buffer
	host := w.host
	host.Out, host.Err = &out, &errs
	host.ErrIsTerminal, host.Now = true, slow(w.pki.Clock())
	require.Equal(t, cli.ExitYes, cli.Run(t.Context(), host, []string{"list", "--store", "trust"}))
	require.Contains(t, errs.String(), "\rreading trust [")
	require.Contains(t, errs.String(), "#")
	require.Contains(t, errs.String(), "\r\x1b[K")
	require.NotContains(t, out.String(), "reading")

	errs.Reset()
	host.ErrIsTerminal, host.Now = false, slow(w.pki.Clock())
	require.Equal(t, cli.ExitYes, cli.Run(t.Context(), host, []string{"list", "--store", "trust"}))
	require.NotContains(t, errs.String(), "\r")

	errs.Reset()
	host.ErrIsTerminal, host.Now = true, w.pki.Clock
	require.Equal(t, cli.ExitYes, cli.Run(t.Context(), host, []string{"list", "--store", "trust"}))
	require.NotContains(t, errs.String(), "\r", "it took no time")
}

func TestStandardInput(t *testing.T) {
	w := newWorld(t)
	w.host.In = bytes.NewReader(w.bank.PEM())
	require.Equal(t, cli.ExitYes, w.shell("partnertrust verify --store trust --domain AUTH -").code)
	w.host.In = bytes.NewReader(make([]byte, 65<<20))
	r := w.shell("partnertrust verify --store trust --domain AUTH -")
	require.Equal(t, cli.ExitUnusable, r.code)
	require.Contains(t, r.err, "standard input: more than")
}

func TestEveryReasonIsMended(t *testing.T) {
	for _, r := range certchain.Reasons() {
		require.NotEmpty(t, cli.Mending(r), string(r))
	}
}

// What in a store is not served is told, and the rest is answered.
func TestProblemsAreTold(t *testing.T) {
	w := newWorld(t)
	w.write("trust/AUTH/broken.pem", []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	r := w.shell("partnertrust verify --store trust --domain AUTH partner.pem")
	require.Equal(t, cli.ExitYes, r.code)
	require.Contains(t, r.err, "AUTH/broken.pem")
	require.NotContains(t, r.out, "broken")
}

// Files are taken as trusted as far as the gate lets them in. A CA that has
// expired is known, so that the answer can name it, and vouches for nobody.
func TestFilesPassTheGate(t *testing.T) {
	w := newWorld(t)
	now := w.pki.Clock()
	expired := w.authority(w.pki.Root(trust.Auth), "Example Late CA", now.AddDate(-3, 0, 0), now.AddDate(0, 0, -1))
	w.bundle("late.p7b", []*x509.Certificate{expired, w.pki.Root(trust.Auth).Certificate})
	w.bundle("below.p7b", []*x509.Certificate{w.below(expired, "Acme Bank")})
	r := w.shell("partnertrust explain --ca late.p7b --domain AUTH below.p7b")
	require.Equal(t, cli.ExitNo, r.code)
	require.Contains(t, r.out, "Example Late CA")
	require.Contains(t, r.out, "[Expired")
	require.Empty(t, r.err)

	r = w.shell("partnertrust verify --ca partner.pem --domain AUTH partner.pem")
	require.Equal(t, cli.ExitNo, r.code)
	require.Contains(t, r.err, "left out: partner.pem")
}

// A country's own domain is known where the store has it.
func TestOwnDomain(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, os.Mkdir("trust/HEALTH", 0o755))
	w.write("trust/HEALTH/root.pem", w.pki.Root(trust.Auth).PEM())
	w.write("health.pem", w.pki.Partner("Acme Clinic", trusttest.Organization("Acme Clinic")).PEM())
	r := w.shell("partnertrust verify --store trust --domain health health.pem")
	require.Equal(t, cli.ExitNo, r.code, r.err)
	require.Contains(t, r.out, "IssuerInOtherDomain")
	require.Equal(t, cli.ExitYes, w.shell("partnertrust list --store trust --domain HEALTH").code)
	require.Equal(t, cli.ExitUnusable, w.shell("partnertrust list --store trust --domain WEALTH").code)
}
