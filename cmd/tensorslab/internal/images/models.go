package images

import (
	"context"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const modelZImage = "zimage"

// modelNames are the values of --model. The first is the default, because it makes the
// largest images of those whose sizes are published.
var modelNames = []string{"seedreamv45", "seedreamv4", "seedreamv5", modelZImage}

// submitFunc submits a generation to one model.
type submitFunc func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error)

var models = map[string]submitFunc{
	"seedreamv45": submitSeeDreamV45,
	"seedreamv4":  submitSeeDreamV4,
	"seedreamv5":  submitSeeDreamV5,
	modelZImage:   submitZImage,
}

func submitSeeDreamV4(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
	req := generated.SeeDreamV4MultipartRequestBody{Prompt: prompt, Batchsize: f.batch, SourceImage: sources, ImageURL: f.imageURL}
	setText(&req.Resolution, f.resolution)
	return c.SeeDreamV4(ctx, req)
}

func submitSeeDreamV45(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
	return c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{
		Prompt: prompt, Batchsize: f.batch, Resolution: f.resolution, SourceImage: sources, ImageURL: f.imageURL,
	})
}

func submitSeeDreamV5(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
	return c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{
		Prompt: prompt, Batchsize: f.batch, Resolution: f.resolution, SourceImage: sources, ImageURL: f.imageURL,
	})
}

func submitZImage(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, _ []types.File) (*generated.GeneralResponse, error) {
	req := generated.ZImageMultipartRequestBody{Prompt: prompt, Resolution: f.resolution}
	if f.isSet("seed") {
		req.Seed = &f.seed
	}
	if f.isSet("extend-prompt") {
		setText(&req.PromptExtend, map[bool]string{true: "1", false: "0"}[f.extendPrompt])
	}
	return c.ZImage(ctx, req)
}

// setText sets a field without naming its type, whose name depends on where the contract
// defines the schema.
func setText[T ~string](field *T, text string) { *field = T(text) }

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
