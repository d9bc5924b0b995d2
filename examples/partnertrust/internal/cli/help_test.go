package cli_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
)

// every walks over the commands that this project wrote.
func every(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, c := range cmd.Commands() {
		if c.Name() != "help" && c.Name() != "completion" {
			every(c, do)
		}
	}
}

// The examples of every help are run, each in a world of its own.
func TestExamplesOfHelp(t *testing.T) {
	every(cli.Root(cli.Host{}), func(cmd *cobra.Command) {
		t.Run(strings.ReplaceAll(cmd.CommandPath(), " ", "-"), func(t *testing.T) {
			require.NotEmpty(t, strings.TrimSpace(cmd.Example))
			for line := range strings.Lines(cmd.Example) {
				line = strings.TrimSpace(line)
				t.Run(line, func(t *testing.T) {
					r := newWorld(t).shell(line)
					t.Log(r.code, "\n"+r.out, r.err)
					require.NotEqual(t, cli.ExitUnusable, r.code, r.err)
					require.True(t, r.out != "" || strings.Contains(line, ">") || strings.Contains(line, " man "))
				})
			}
		})
	})
}

// Help says what a person needs: what it does, how the exit status is meant, and
// an example.
func TestHelp(t *testing.T) {
	w := newWorld(t)
	every(cli.Root(cli.Host{}), func(cmd *cobra.Command) {
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		r := w.run(args...)
		require.Equal(t, cli.ExitYes, r.code)
		require.Empty(t, r.err)
		require.Contains(t, r.out, "Exit status: 0 yes")
		require.Contains(t, r.out, "Examples:")
		require.Contains(t, r.out, "--json")
		require.NotEmpty(t, cmd.Short)
		for line := range strings.Lines(r.out) {
			require.LessOrEqual(t, len([]rune(line)), 140, line)
		}
	})
}

func TestCompletion(t *testing.T) {
	w := newWorld(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		r := w.run("completion", shell)
		require.Equal(t, cli.ExitYes, r.code, r.err)
		require.Contains(t, r.out, "partnertrust")
	}
	for flag, want := range map[string][]string{
		"--domain": {"AUTH", "DEVICE", "FTM", "MISP"}, "--profile": {"partner", "rfc5280"}, "--match": {"exact", "fold"},
	} {
		r := w.run("__complete", "verify", flag, "")
		require.Equal(t, cli.ExitYes, r.code)
		for _, value := range want {
			require.Contains(t, strings.Split(r.out, "\n"), value)
		}
	}
	require.Contains(t, w.run("__complete", "list", "--sort", "").out, "validTill\n")
}

// Who mistypes is told where the help is; whose input is bad knows how to type.
func TestMistyped(t *testing.T) {
	w := newWorld(t)
	require.Contains(t, w.shell("partnertrust verify --store trust").err, "See partnertrust verify --help.")
	require.Contains(t, w.shell("partnertrust policy decide --nothing").err, "See partnertrust policy decide --help.")
	require.NotContains(t, w.shell("partnertrust verify --store trust --domain AUTH nowhere.pem").err, "--help")
}
