package images

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/prompts"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/submission"
)

// defaultName is the default of --name. It is that of images download, with the key of the
// job in place of the id.
const defaultName = "{key}-{n}{ext}"

// generateFlags are the flags of images generate.
type generateFlags struct {
	service.Flags
	waitFlags
	saveFlags
	journal                     journal.Flags
	model, resolution, imageURL string
	batch, seed                 int
	sources                     []string
	extendPrompt, wait          bool
	file, format, name          string
	parallel, maxTasks          int
	dryRun, yes                 bool
	isSet                       func(flag string) bool // whether the flag is on the command line
}

func newGenerateCommand(e cli.Env) *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:     "generate PROMPT | - | --file FILE",
		Short:   "Generate images from a prompt, or from many",
		Long:    generateLong,
		Example: generateExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := f.CheckOutput(cmd.Flags()); err != nil { // whose value may be taken for a PROMPT
				return err
			}
			switch {
			case f.file != "" && len(args) > 0:
				return cli.Usagef("use a PROMPT or --file, not both (see %s --help)", cmd.CommandPath())
			case f.file != "" || cmd.Flags().Changed("file"): // which check refuses if it is empty
				return nil
			}
			return checkPrompt(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.isSet, f.SendsNothing = cmd.Flags().Changed, f.dryRun
			if err := cli.FirstError(f.check(cmd.Flags()), cli.CheckStdin(f.stdinUsers(args)...)); err != nil {
				return err
			}
			if f.file != "" {
				return generateMany(cmd.Context(), e, f)
			}
			return generateOne(cmd.Context(), e, f, args[0])
		},
	}
	f.register(cmd)
	cli.MarkSending(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

func (f *generateFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.model, "model", modelNames[0], "`MODEL`: "+strings.Join(modelNames, ", "))
	fs.StringVar(&f.resolution, "resolution", "", "`SIZE`: a ratio (16:9), a level (2K) or WxH, as the model allows")
	fs.IntVar(&f.batch, "batch", 1, "number of images, at most 15")
	fs.StringArrayVar(&f.sources, "source", nil, "use the image in `FILE` as a source (- is standard input); may be repeated")
	fs.StringVar(&f.imageURL, "image-url", "", "use the image at `URL` as a source")
	fs.IntVar(&f.seed, "seed", 0, "seed of the random numbers (zimage)")
	fs.BoolVar(&f.extendPrompt, "extend-prompt", false, "let the service extend the prompt (zimage)")
	fs.BoolVar(&f.wait, "wait", false, "wait until the task has ended")
	f.waitFlags.register(fs)
	f.saveFlags.register(cmd, "", "wait, and write the images to this `DIR`")
	f.registerMany(cmd)
	f.journal.Register(cmd, true)
	f.RegisterQuiet(cmd, "print only the ids of the tasks, and everything else on standard error")
	f.Register(cmd, submission.Timeout)
	cli.CompleteWords(cmd, "model", modelNames...)
	cli.CompleteWords(cmd, "resolution", "1:1", "4:3", "3:4", "16:9", "9:16", "2K", "4K")
	_ = cmd.MarkFlagFilename("source")
}

// registerMany defines the flags that are about many prompts.
func (f *generateFlags) registerMany(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVarP(&f.file, "file", "f", "", "read prompts from `FILE`, .txt, .csv or .jsonl (- is standard input)")
	fs.StringVar(&f.format, "format", "", "`FORMAT` of --file: "+strings.Join(prompts.Formats, ", ")+" (default: by its name)")
	fs.IntVar(&f.parallel, "parallel", batch.DefaultParallel, "number of tasks at a time, as your plan allows: 2, 4 or 8")
	fs.IntVar(&f.maxTasks, "max-tasks", 0, "submit at most `N` tasks, and leave the other prompts to the next run")
	fs.StringVar(&f.name, "name", defaultName, "`TEMPLATE` of file names: {key} {task} {model} {n} {ext}")
	// It has no short form: -n may be meant as the number of images.
	fs.BoolVar(&f.dryRun, "dry-run", false, "check everything, print what would be generated, and send nothing; needs no key")
	fs.BoolVarP(&f.yes, "yes", "y", false, "do not ask before many prompts are paid for")
	cli.CompleteWords(cmd, "format", prompts.Formats...)
	_ = cmd.MarkFlagFilename("file")
}
