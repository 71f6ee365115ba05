package wrapper

import (
	"context"
	"io"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

// What the tests of generation share.

// onDisk is a size at which a source goes to a temporary file.
const onDisk = (1 << 20) + 10_000

func newTestSource(t *testing.T, name string, r io.Reader) *Source {
	t.Helper()
	source, err := NewSource(name, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// generator is one of the four methods, with a prompt and source images where
// it takes any.
type generator func(ctx context.Context, c *Client, prompt, resolution string, files ...types.File) (*generated.GeneralResponse, error)

// setText sets a field whose type has a name that depends on where the contract
// puts its schema.
func setText[T ~string](field *T, text string) { *field = T(text) }

var generators = map[string]generator{
	"seeDreamV4": func(ctx context.Context, c *Client, prompt, resolution string, files ...types.File) (*generated.GeneralResponse, error) {
		req := generated.SeeDreamV4MultipartRequestBody{Prompt: prompt, SourceImage: files}
		setText(&req.Resolution, resolution)
		return c.SeeDreamV4(ctx, req)
	},
	"seeDreamV45": func(ctx context.Context, c *Client, prompt, resolution string, files ...types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{Prompt: prompt, Resolution: resolution, SourceImage: files})
	},
	"seeDreamV5": func(ctx context.Context, c *Client, prompt, resolution string, files ...types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{Prompt: prompt, Resolution: resolution, SourceImage: files})
	},
	"zImage": func(ctx context.Context, c *Client, prompt, resolution string, _ ...types.File) (*generated.GeneralResponse, error) {
		return c.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: prompt, Resolution: resolution})
	},
}

// generateOne is the request of tests that look at what comes back.
func generateOne(ctx context.Context, c *Client, files ...types.File) (*generated.GeneralResponse, error) {
	return generators["seeDreamV45"](ctx, c, "a lighthouse", "", files...)
}
