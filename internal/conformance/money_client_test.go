package conformance

import (
	"context"
	"io"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// onDisk is larger than a source that is kept in memory.
const onDisk = 1<<20 + 10_000

// generator calls one of the methods that create tasks, with source images
// where it has any.
type generator func(ctx context.Context, c *wrapper.Client, prompt string, files ...types.File) (*generated.GeneralResponse, error)

var generators = map[string]generator{
	"seeDreamV4": func(ctx context.Context, c *wrapper.Client, prompt string, files ...types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV4(ctx, generated.SeeDreamV4MultipartRequestBody{Prompt: prompt, SourceImage: files})
	},
	"seeDreamV45": func(ctx context.Context, c *wrapper.Client, prompt string, files ...types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{Prompt: prompt, SourceImage: files})
	},
	"seeDreamV5": func(ctx context.Context, c *wrapper.Client, prompt string, files ...types.File) (*generated.GeneralResponse, error) {
		return c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{Prompt: prompt, SourceImage: files})
	},
	"zImage": func(ctx context.Context, c *wrapper.Client, prompt string, _ ...types.File) (*generated.GeneralResponse, error) {
		return c.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: prompt})
	},
}

// generate is the call of tests for which one method stands for all four.
func generate(ctx context.Context, c *wrapper.Client, files ...types.File) error {
	_, err := generators["seeDreamV45"](ctx, c, "a lighthouse", files...)
	return err
}

// newRetryingClient returns a client that would make three attempts through
// wrapper's own transport.
func newRetryingClient(t *testing.T, url string, opts ...wrapper.Option) *wrapper.Client {
	t.Helper()
	return newClient(t, url, nil, append([]wrapper.Option{fast}, opts...)...)
}

func aFile() types.File { return testkit.File("a.png", testkit.PNG) }

// newSource returns a source of r's bytes that is closed when the test ends.
func newSource(t *testing.T, r io.Reader) *wrapper.Source {
	t.Helper()
	source, err := wrapper.NewSource("a.png", r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}
