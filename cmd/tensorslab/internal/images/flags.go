package images

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const idsHelp = `Ids are arguments and the lines of --file or, without either, the lines of
standard input if that is a pipe or a file. A line may also be a JSON object with an
id, as --output json writes it. Other kinds of files are refused. With --from-journal
they are those of tasks that this machine created, by --state, --older-than and --since;
"tensorslab images list --help" explains their values.`

const statusHelp = `Exit status: 0 success, 1 something failed, 2 usage, 3 authentication, 4 credits,
6 not finished yet, 7 outage or too many requests: try again later, 130 interrupted.`

// waitFlags say how long to wait for a task.
type waitFlags struct{ waitTimeout time.Duration }

func (f *waitFlags) register(fs *pflag.FlagSet) {
	fs.DurationVar(&f.waitTimeout, "wait-timeout", wrapper.DefaultWaitTimeout, "time limit for the wait for a task")
}

func (f *waitFlags) checkWait() error {
	if f.waitTimeout <= 0 {
		return cli.Usagef("--wait-timeout must be a duration above 0, such as 5m")
	}
	return nil
}

// saveFlags say where to write images.
type saveFlags struct {
	out                 string
	force, allowPrivate bool
	view                bool // --open
	toStdout            bool // --out is -, and the command allows that
}

func (f *saveFlags) register(cmd *cobra.Command, out, usage string) {
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", out, usage)
	fs.BoolVar(&f.force, "force", false, "replace existing files")
	fs.BoolVar(&f.view, "open", false, "show the first image with the program that this system has for it")
	fs.BoolVar(&f.allowPrivate, "allow-private", false, "allow downloads from addresses that are not public")
	_ = cmd.MarkFlagDirname("out")
}

// open checks that images can be written, before they are paid for.
func (f *saveFlags) open() (*outfile.Folder, error) {
	if err := checkDirectory(f.out); err != nil {
		return nil, err
	}
	folder, err := outfile.Open(f.out, f.force)
	if err != nil {
		return nil, cli.Usagef("cannot write to --out: %w; nothing was sent", err)
	}
	return folder, nil
}

// checkDirectory returns a usage error for a name that other tools would give to the image
// itself. An existing directory may have any name.
func checkDirectory(name string) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil
	case name == "-":
		return cli.Usagef("--out - is for \"tensorslab images download\", to which --quiet pipes the id; nothing was sent")
	case err != nil && outfile.IsImageName(name):
		return cli.Usagef("--out must be a directory, but %s is the name of an image; files are named after their tasks; nothing was sent", cli.Printable(name))
	}
	return nil
}

// tasksFlags are the flags of the commands that take ids.
type tasksFlags struct {
	service.Flags
	source
}

func (f *tasksFlags) register(cmd *cobra.Command, e cli.Env) {
	cmd.Flags().SortFlags = false
	f.source.register(cmd, e)
}

// check returns a usage error for a value that cannot be meant.
func (f *tasksFlags) check(cmd *cobra.Command, args []string) error {
	return cli.FirstError(f.Check(cmd.Flags()), f.source.check(cmd, f.Demo, args), cli.CheckStdin(append(f.stdinUsers(f.Demo, args), f.StdinUsers()...)...))
}
