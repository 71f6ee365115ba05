package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// submitTimeout is the vendor's own figure for a request; it bounds uploads too.
const submitTimeout = 3 * time.Minute

// generateFlags are the flags of images generate.
type generateFlags struct {
	serviceFlags
	waitFlags
	saveFlags
	model, resolution, imageURL string
	batch, seed                 int
	sources                     []string
	extendPrompt, wait          bool
	given                       func(flag string) bool
}

func newGenerateCommand(e env) *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:     "generate PROMPT",
		Short:   "Generate images from a prompt",
		Long:    generateLong,
		Example: generateExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
				return usagef("%s wants one PROMPT; put it in quotes (see %[1]s --help)", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given = cmd.Flags().Changed
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
	fs.IntVar(&f.batch, "batch", 1, fmt.Sprintf("how many images to make, up to %d", wrapper.MaxImages))
	fs.StringArrayVar(&f.sources, "source", nil, "start from the image in `FILE`; may be repeated")
	fs.StringVar(&f.imageURL, "image-url", "", "start from the image at `URL`")
	fs.IntVar(&f.seed, "seed", 0, "where the randomness starts from (zimage)")
	fs.BoolVar(&f.extendPrompt, "extend-prompt", false, "let the service extend the prompt (zimage)")
	fs.BoolVar(&f.wait, "wait", false, "wait until the task has ended")
	f.waitFlags.register(fs)
	f.saveFlags.register(cmd, "", "wait, and write the images to this `DIR`")
	f.serviceFlags.register(cmd, submitTimeout)
	completeWords(cmd, "model", modelNames...)
	completeWords(cmd, "resolution", "1:1", "4:3", "3:4", "16:9", "9:16", "2K", "4K")
	_ = cmd.MarkFlagFilename("source")
}

// check refuses what can't be meant. What a model allows is the wrapper's to say.
func (f *generateFlags) check(fs *pflag.FlagSet) error {
	if err := firstError(f.serviceFlags.check(fs), f.checkWait()); err != nil {
		return err
	}
	switch {
	case !slices.Contains(modelNames, f.model):
		return usagef("--model wants one of %s", strings.Join(modelNames, ", "))
	case f.batch < wrapper.MinImages || f.batch > wrapper.MaxImages:
		return between("batch", f.batch, wrapper.MinImages, wrapper.MaxImages)
	}
	return firstError(f.checkModel(), f.checkUse())
}

// checkModel refuses flags that the model has nothing for.
func (f *generateFlags) checkModel() error {
	foreign := []string{"seed", "extend-prompt"}
	if f.model == modelZImage {
		foreign = []string{"batch", "source", "image-url"}
	}
	for _, flag := range foreign {
		if f.given(flag) {
			return usagef("--%s is not for --model %s", flag, f.model)
		}
	}
	return nil
}

// checkUse refuses flags that nothing would come of.
func (f *generateFlags) checkUse() error {
	for _, flag := range []string{"force", "allow-private"} {
		if f.given(flag) && f.out == "" {
			return usagef("--%s is for --out", flag)
		}
	}
	if f.given("wait-timeout") && !f.wait && f.out == "" {
		return usagef("--wait-timeout is for --wait and --out")
	}
	return nil
}
