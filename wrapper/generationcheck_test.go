package wrapper

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

func TestGenerationsAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	type v45 = generated.SeeDreamV45MultipartRequestBody
	tests := map[string]struct {
		req   v45
		field string // empty: nothing is wrong
		says  string
	}{
		"prompt alone":       {v45{Prompt: "a"}, "", ""},
		"all":                {v45{Prompt: "a", Batchsize: 15, Resolution: "2K", ImageURL: "https://a.test/b?c=d", Category: "x"}, "", ""},
		"no prompt":          {v45{}, "/prompt", "is blank"},
		"blank prompt":       {v45{Prompt: " \n\u00a0"}, "/prompt", "is blank"},
		"prompt not UTF-8":   {v45{Prompt: "a\xff"}, "/prompt", "UTF-8"},
		"category not UTF-8": {v45{Prompt: "a", Category: "\xff"}, "/category", "UTF-8"},
		"-1 images":          {v45{Prompt: "a", Batchsize: -1}, "/batchsize", "is -1; it may be from 1 to 15"},
		"16 images":          {v45{Prompt: "a", Batchsize: 16}, "/batchsize", "is 16; it may be from 1 to 15"},
		"resolution":         {v45{Prompt: "a", Resolution: "1500x1500"}, "/resolution", "2250000 pixels"},
		"both sources":       {v45{Prompt: "a", ImageURL: "https://a.test", SourceImage: []types.File{file("a", "x")}}, "/imageUrl", "one or the other"},
		"ftp":                {v45{Prompt: "a", ImageURL: "ftp://a.test/b"}, "/imageUrl", "http or https"},
		"file":               {v45{Prompt: "a", ImageURL: "file:///etc/passwd"}, "/imageUrl", "http or https"},
		"data":               {v45{Prompt: "a", ImageURL: "data:image/png;base64,AA"}, "/imageUrl", "http or https"},
		"no scheme":          {v45{Prompt: "a", ImageURL: "a.test/b.png"}, "/imageUrl", "http or https"},
		"no host":            {v45{Prompt: "a", ImageURL: "https:///b.png"}, "/imageUrl", "http or https"},
		"port":               {v45{Prompt: "a", ImageURL: "https://a.test:99999/"}, "/imageUrl", "http or https"},
		"line end in URL":    {v45{Prompt: "a", ImageURL: "https://a.test/\nb"}, "/imageUrl", "http or https"},
		"URL not UTF-8":      {v45{Prompt: "a", ImageURL: "https://a.test/\xff"}, "/imageUrl", "UTF-8"},
		"empty file":         {v45{Prompt: "a", SourceImage: []types.File{file("a", "")}}, "/sourceImage", "file 1 is empty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, answers(200, createdBody))
			_, err := newTestClient(t, url).SeeDreamV45(t.Context(), tt.req)
			if tt.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *RequestError
			if !errors.As(err, &e) || e.Operation != opSeeDreamV45 || e.Field != tt.field || !strings.Contains(e.Reason, tt.says) {
				t.Errorf("%#v, want %s %s", err, tt.field, tt.says)
			}
			if !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) || requests.Load() != 0 {
				t.Errorf("%v after %d requests", err, requests.Load())
			}
		})
	}
}

// Each model is checked by its own rules.
func TestEachModelIsChecked(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, answers(200, createdBody))
	c := newTestClient(t, url)
	calls := map[string]func(ctx context.Context) error{
		"v4 resolution": func(ctx context.Context) error {
			_, err := c.SeeDreamV4(ctx, generated.SeeDreamV4MultipartRequestBody{Prompt: "a", Resolution: "2K"})
			return err
		},
		"v4 prompt": func(ctx context.Context) error {
			_, err := c.SeeDreamV4(ctx, generated.SeeDreamV4MultipartRequestBody{})
			return err
		},
		"v45 prompt": func(ctx context.Context) error {
			_, err := c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{})
			return err
		},
		"v5 resolution": func(ctx context.Context) error {
			_, err := c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{Prompt: "a", Resolution: "big"})
			return err
		},
		"v5 prompt": func(ctx context.Context) error {
			_, err := c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{})
			return err
		},
		"zimage resolution": func(ctx context.Context) error {
			_, err := c.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: "a", Resolution: "2K"})
			return err
		},
		"zimage extension": func(ctx context.Context) error {
			_, err := c.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: "a", PromptExtend: "2"})
			return err
		},
		"zimage prompt": func(ctx context.Context) error {
			_, err := c.ZImage(ctx, generated.ZImageMultipartRequestBody{})
			return err
		},
		"no context": func(context.Context) error {
			_, err := c.ZImage(nil, generated.ZImageMultipartRequestBody{Prompt: "a"}) //nolint:staticcheck // it is what is tested
			return err
		},
	}
	for name, call := range calls {
		if err := call(t.Context()); !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}
