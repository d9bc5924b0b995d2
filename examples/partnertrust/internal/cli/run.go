// Package cli is the operators' command without its process: what it reads,
// writes and takes the time from is given to it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// The exit statuses of every command. Scripts depend on them.
const (
	ExitYes      = 0 // yes, accepted, nothing found
	ExitNo       = 1 // no, refused, something found
	ExitUnusable = 2 // the command could not be carried out: bad usage, unreadable input, a store that is away
)

// exitText is what every help and manual page says about them.
const exitText = `Exit status: 0 yes, accepted, nothing to report; 1 no, refused, or problems found; 2 bad usage,
unreadable input, or a store that does not answer.`

// errNo ends a command with ExitNo. What there is to say was said on the output.
var errNo = errors.New("no")

// Host is what is around one run.
type Host struct {
	In       io.Reader
	Out, Err io.Writer

	// Whether a person looks at the output and at the errors: colours and
	// progress are for persons.
	OutIsTerminal, ErrIsTerminal bool

	Now    func() time.Time
	Getenv func(string) string
}

// Run carries out one command line and returns its exit status.
func Run(ctx context.Context, host Host, args []string) int {
	a := &app{Host: host}
	root := a.root()
	root.SetArgs(doubleDash(args))
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return ExitYes
	case errors.Is(err, errNo):
		return ExitNo
	}
	fmt.Fprintln(host.Err, "partnertrust:", printableLines(err.Error()))
	if hint := hintFor(err); hint != "" {
		fmt.Fprintln(host.Err, hint)
	} else if !a.begun {
		fmt.Fprintf(host.Err, "See %s --help.\n", cmd.CommandPath())
	}
	return ExitUnusable
}

// doubleDash takes -json for --json: the other programs of this project have
// flags with one dash.
func doubleDash(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		if a == "--" {
			copy(out[i:], args[i:])
			break
		}
		if a == "-json" {
			a = "--json"
		}
		out[i] = a
	}
	return out
}

// app is one run: its host and the flags that every command has.
type app struct {
	Host
	json  bool
	at    string
	color string

	begun bool // the command line made sense
}

// Root returns the whole command, for who looks at it.
func Root(host Host) *cobra.Command { return (&app{Host: host}).root() }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "partnertrust",
		Short: "Whom does a national-ID service trust, and why not?",
		Long: `partnertrust asks a trust store of MOSIP's partner CAs: whether a certificate is trusted, and if not,
why not and what would mend it; who is in it; what runs out and whom that cuts off.

A store is a folder (--store), a database (--postgres, --sqlite), or certificate files that are taken
as trusted for this one question (--ca). FILE may be "-" for the standard input; certificates are
PEM, DER, PKCS#7 or base64 of these. Results go to the standard output, everything else to the
standard error. Every command writes JSON with --json (-json will do).`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Example: `  partnertrust verify --store trust --domain AUTH --org 'Acme Bank' partner.pem
  partnertrust expiry --store trust --within 90d
  partnertrust completion bash > partnertrust.bash`,
	}
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "write JSON")
	flags.StringVar(&a.at, "at", "", "ask about this `time` (2026-01-31 or RFC 3339) in place of now")
	flags.StringVar(&a.color, "color", "auto", "colours: auto (on a terminal, unless NO_COLOR is set), always, never")
	complete(root, "color", "auto", "always", "never")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.check() }
	root.AddCommand(
		a.verifyCommand(), a.explainCommand(),
		a.admitCommand(), a.listCommand(), a.exportCommand(),
		a.expiryCommand(), a.graphCommand(), a.compareCommand(),
		a.clientIDCommand(), a.policyCommand(), a.deviceCommand(),
		a.manCommand(),
	)
	a.finish(root)
	// Lines of a hundred letters, and what does not fit below.
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", "Flags.FlagUsagesWrapped 110"))
	return root
}

func (a *app) check() error {
	if a.color != "auto" && a.color != "always" && a.color != "never" {
		return fmt.Errorf("--color %q: it is auto, always or never", a.color)
	}
	_, err := a.now()
	return err
}

// finish adds to every help what a command's exit status means, after what the
// command itself says about it, and has every command say that it began.
func (a *app) finish(cmd *cobra.Command) {
	cmd.Long = strings.TrimSpace(cmd.Long) + "\n\n" + exitText
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a.begun = true
		return run(cmd, args)
	}
	for _, c := range cmd.Commands() {
		a.finish(c)
	}
}

// complete offers the values of a flag to the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag was not defined: no input can cause that
	}
}
