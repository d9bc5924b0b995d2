package cli

import (
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual. It is for who packages the command.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write the manual pages into a folder",
		Long:    `Write a manual page for every command into a folder, which is made if need be.`,
		Example: `  partnertrust man man1`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			now := a.clock()().UTC().Truncate(24 * time.Hour)
			return doc.GenManTree(cmd.Root(), &doc.GenManHeader{Section: "1", Source: "partnertrust " + version(), Date: &now}, args[0])
		},
	}
}

// version is that of the module, as go install stamped it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
