package images

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

// submitTimeout is the time limit that the vendor recommends. It includes the upload.
const submitTimeout = 3 * time.Minute

// generateFlags are the flags of images generate.
type generateFlags struct {
	service.Flags
	waitFlags
	saveFlags
	model, resolution, imageURL string
	batch, seed                 int
	sources                     []string
	extendPrompt, wait          bool
	isSet                       func(flag string) bool // whether the flag is on the command line
}

func newGenerateCommand(e cli.Env) *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:     "generate PROMPT",
		Short:   "Generate images from a prompt",
		Long:    generateLong,
		Example: generateExample,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return cli.Usagef("%s takes one PROMPT; put it in quotes (see %[1]s --help)", cmd.CommandPath())
			case strings.TrimSpace(args[0]) == "":
				return cli.Usagef("the PROMPT is blank (see %s --help)", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.isSet = cmd.Flags().Changed
			if err := f.check(cmd.Flags()); err != nil {
				return err
			}
			return generateImages(cmd.Context(), e, f, args[0])
		},
	}
	f.register(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

func (f *generateFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.model, "model", modelNames[0], "`MODEL`: "+strings.Join(modelNames, ", "))
	fs.StringVar(&f.resolution, "resolution", "", "`SIZE`: a ratio (16:9), a level (2K) or WxH, as the model allows")
	fs.IntVar(&f.batch, "batch", 1, "number of images, at most 15")
	fs.StringArrayVar(&f.sources, "source", nil, "use the image in `FILE` as a source; may be repeated")
	fs.StringVar(&f.imageURL, "image-url", "", "use the image at `URL` as a source")
	fs.IntVar(&f.seed, "seed", 0, "seed of the random numbers (zimage)")
	fs.BoolVar(&f.extendPrompt, "extend-prompt", false, "let the service extend the prompt (zimage)")
	fs.BoolVar(&f.wait, "wait", false, "wait until the task has ended")
	f.waitFlags.register(fs)
	f.saveFlags.register(cmd, "", "wait, and write the images to this `DIR`")
	f.Register(cmd, submitTimeout)
	cli.CompleteWords(cmd, "model", modelNames...)
	cli.CompleteWords(cmd, "resolution", "1:1", "4:3", "3:4", "16:9", "9:16", "2K", "4K")
	_ = cmd.MarkFlagFilename("source")
}

// check returns a usage error for flags that cannot be meant. The library checks what a
// model allows.
func (f *generateFlags) check(fs *pflag.FlagSet) error {
	if err := cli.FirstError(f.Check(fs), f.checkWait()); err != nil {
		return err
	}
	switch {
	case !slices.Contains(modelNames, f.model):
		return cli.Usagef("--model must be one of %s", strings.Join(modelNames, ", "))
	case f.batch < 1:
		return cli.Usagef("--batch must be above 0")
	}
	return cli.FirstError(f.checkModel(), f.checkUse())
}

// checkModel returns a usage error for flags that the model has no field for.
func (f *generateFlags) checkModel() error {
	without := []string{"seed", "extend-prompt"}
	if f.model == modelZImage {
		without = []string{"batch", "source", "image-url"}
	}
	for _, flag := range without {
		if f.isSet(flag) {
			return cli.Usagef("--%s does not apply to --model %s", flag, f.model)
		}
	}
	return nil
}

// checkUse returns a usage error for flags that would have no effect.
func (f *generateFlags) checkUse() error {
	for _, flag := range []string{"force", "allow-private"} {
		if f.isSet(flag) && f.out == "" {
			return cli.Usagef("--%s requires --out", flag)
		}
	}
	if f.isSet("wait-timeout") && !f.wait && f.out == "" {
		return cli.Usagef("--wait-timeout requires --wait or --out")
	}
	return nil
}
