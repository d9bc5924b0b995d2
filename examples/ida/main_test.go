package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDemonstration(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"-demo"}, &out, &log), log.String())
	rest := out.String()
	// In this order.
	for _, want := range []string{
		"✓ a finger and a one-time password", `200 allowed, attributes ["fullName"], token for the partner`,
		"✗ signed by another bank", "[NotBound, IDA-MPA-021]",
		"swapped", "[TypeMismatch, IDA-DPM-004]",
		"✗ a device of a maker", "[DataNotTrusted, CertificateNotTrusted, UnknownIssuer, IDA-MPA-001]",
		"✗ an attribute", "[attribute-not-allowed]",
		"✗ the root of the devices is removed", "UnknownIssuer",
		"✓ the root is put back", "200 allowed",
		`ida_answers_total{check="policy",status="403"} 1`,
		"OpenTelemetry", "partnertrust.verdicts: ",
	} {
		_, after, found := strings.Cut(rest, want)
		require.True(t, found, "%q in\n%s", want, rest)
		rest = after
	}
	for line := range strings.Lines(log.String()) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

// files writes a folder and a register, with a change to the register's text.
func files(t *testing.T, w *world, change func(string) string) (folder, partners string) {
	t.Helper()
	folder = t.TempDir()
	require.NoError(t, w.writeTrust(folder))
	text, err := json.Marshal(w.register)
	require.NoError(t, err)
	partners = filepath.Join(t.TempDir(), "partners.json")
	require.NoError(t, os.WriteFile(partners, []byte(change(string(text))), 0o600))
	return folder, partners
}

func same(text string) string { return text }

// From files, by the system's clock, until it is told to stop.
func TestServesFromFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(time.Now())
	folder, partners := files(t, w, same)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "AUTH", "broken.pem"), []byte("x"), 0o600))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-trust", folder, "-partners", partners}, io.Discard, writer)
		_ = writer.Close()
	}()
	var messages []string
	for lines := bufio.NewScanner(log); lines.Scan(); {
		var line struct{ Msg, Address string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line), lines.Text())
		messages = append(messages, line.Msg)
		if line.Msg == "listening" {
			go func() {
				status, a := post(t, "http://"+line.Address, w.good())
				if status != http.StatusOK {
					t.Errorf("%+v", a)
				}
				stop()
			}()
		}
	}
	require.Zero(t, <-ended)
	require.Equal(t, "not trusted", messages[0], "a file that cannot be read is named")
	require.Equal(t, "stopped", messages[len(messages)-1])
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	w := newWorld(time.Now())
	folder, partners := files(t, w, same)
	register := func(old, new string) string {
		_, name := files(t, w, func(text string) string {
			require.Contains(t, text, old)
			return strings.Replace(text, old, new, 1)
		})
		return name
	}
	missing := filepath.Join(t.TempDir(), "missing")
	for name, tt := range map[string]struct {
		want int
		args []string
	}{
		"help":               {0, []string{"-h"}},
		"nothing":            {2, nil},
		"no register":        {2, []string{"-trust", folder}},
		"an argument":        {2, []string{"-demo", "x"}},
		"unknown flag":       {2, []string{"-x"}},
		"no such folder":     {1, []string{"-trust", missing, "-partners", partners}},
		"no such register":   {1, []string{"-trust", folder, "-partners", missing}},
		"no such address":    {1, []string{"-trust", folder, "-partners", partners, "-listen", "256.0.0.1:0"}},
		"unknown member":     {1, []string{"-trust", folder, "-partners", register(`"misps"`, `"x":1,"misps"`)}},
		"no environment":     {1, []string{"-trust", folder, "-partners", register(`["Staging"]`, `[]`)}},
		"no certificate":     {1, []string{"-trust", folder, "-partners", register(w.register.Partners[0].Certificate, "")}},
		"unreadable policy":  {1, []string{"-trust", folder, "-partners", register("authTokenType", "authTokentype")}},
		"data behind a JSON": {1, []string{"-trust", folder, "-partners", register(`"environments"`, `"environments":[]}{"environments"`)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What is not refused would be served, but not for ever.
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, tt.want, run(ctx, tt.args, &stdout, &stderr))
			require.NotEmpty(t, stderr.String())
			require.Empty(t, stdout.String())
		})
	}
}

// The files that README.md shows are what the program reads and writes.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	require.NoError(t, err)
	block := func(first string) []byte {
		_, rest, found := strings.Cut(string(text), "```json\n"+first)
		require.True(t, found, first)
		body, _, _ := strings.Cut(rest, "```")
		return []byte(first + body)
	}
	partners := block("{\n  \"environments\"")
	_, err = parseRegister(bytes.Replace(partners, []byte("…the SHA-256 of its DER in hex…"), bytes.Repeat([]byte("0"), 64), 1))
	require.NoError(t, err)
	w := newWorld(time.Now())
	_, got := post(t, start(t, w), w.scenes()[1].message)
	var want answer
	require.NoError(t, decodeStrictly(block(`{"allowed"`), &want))
	require.Equal(t, want, got)
}
