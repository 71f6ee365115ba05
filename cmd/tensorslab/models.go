package main

import (
	"context"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const modelZImage = "zimage"

// modelNames are those of --model, the default first: of the ones whose sizes
// are published it makes the largest images.
var modelNames = []string{"seedreamv45", "seedreamv4", "seedreamv5", modelZImage}

// models submit a generation.
var models = map[string]func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error){
	"seedreamv4": func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
		req := generated.SeeDreamV4MultipartRequestBody{Prompt: prompt, Batchsize: f.batch, SourceImage: sources, ImageURL: f.imageURL}
		setText(&req.Resolution, f.resolution)
		return c.SeeDreamV4(ctx, req)
	},
	"seedreamv45": func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{
			Prompt: prompt, Batchsize: f.batch, Resolution: f.resolution, SourceImage: sources, ImageURL: f.imageURL,
		})
	},
	"seedreamv5": func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, sources []types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{
			Prompt: prompt, Batchsize: f.batch, Resolution: f.resolution, SourceImage: sources, ImageURL: f.imageURL,
		})
	},
	modelZImage: func(ctx context.Context, c *wrapper.Client, f generateFlags, prompt string, _ []types.File) (*generated.GeneralResponse, error) {
		req := generated.ZImageMultipartRequestBody{Prompt: prompt, Resolution: f.resolution}
		if f.given("seed") {
			req.Seed = &f.seed
		}
		if f.given("extend-prompt") {
			setText(&req.PromptExtend, map[bool]string{true: "1", false: "0"}[f.extendPrompt])
		}
		return c.ZImage(ctx, req)
	},
}

// setText sets a field whose type has a name that depends on where the contract
// puts its schema.
func setText[T ~string](field *T, text string) { *field = T(text) }

// flagOf is what a field of the request is called on the command line.
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
