package images

import (
	"fmt"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const modelZImage = string(wrapper.ModelZImage)

// modelNames are the values of --model. The first is the default, because it makes the
// largest images of those whose sizes are published.
var modelNames = []string{string(wrapper.ModelSeeDreamV45), string(wrapper.ModelSeeDreamV4), string(wrapper.ModelSeeDreamV5), modelZImage}

// request returns the request that the flags describe. What is not on the command line is
// left out, so that the defaults of the service apply.
func (f *generateFlags) request(prompt string, sources []types.File) wrapper.GenerateRequest {
	req := wrapper.GenerateRequest{
		Model: wrapper.Model(f.model), Prompt: prompt, Resolution: f.resolution,
		ExtendPrompt: f.extendPrompt, Sources: sources, ImageURL: f.imageURL,
	}
	if f.isSet("batch") {
		req.Count = f.batch
	}
	if f.isSet("seed") {
		req.Seed = &f.seed
	}
	return req
}

// typed returns a flag with its value, if that cannot be a secret.
func (f *generateFlags) typed(flag string) string {
	const longest = 12 // of any resolution
	switch {
	case flag == "--resolution" && len(f.resolution) <= longest:
		return flag + " " + cli.Quote(f.resolution)
	case flag == "--batch":
		return fmt.Sprintf("%s %d", flag, f.batch)
	}
	return flag
}

// flagOf returns the flag for a field of the request, which is a JSON Pointer.
func flagOf(field string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(field, "/"), "/")
	flags := map[string]string{
		"prompt": "PROMPT", "resolution": "--resolution", "batchsize": "--batch", "sourceImage": "--source", "imageUrl": "--image-url",
		"seed": "--seed", "prompt_extend": "--extend-prompt",
	}
	if flag, ok := flags[name]; ok {
		return flag
	}
	return "the request"
}
