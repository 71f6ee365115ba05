package wrapper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"sync"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

// What the tests of generation share.

const taskBody = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"abcd_1234567890abcdef"}}`

// onDisk is a size at which a source goes to a temporary file.
const onDisk = (1 << 20) + 10_000

// png is the beginning of one, which is all that anybody looks at.
var png = []byte("\x89PNG\r\n\x1a\n and so on")

func file(name string, data []byte) types.File {
	var f types.File
	f.InitFromBytes(data, name)
	return f
}

func newTestSource(t *testing.T, name string, r io.Reader) *Source {
	t.Helper()
	source, err := NewSource(name, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// received is one part of a form as a server reads it.
type receivedPart struct{ name, filename, contentType, data string }

func (p receivedPart) String() string {
	if p.contentType == "" {
		return p.name + "=" + p.data
	}
	return fmt.Sprintf("%s=[%q %s %q]", p.name, p.filename, p.contentType, p.data)
}

func readParts(contentType string, body io.Reader) (parts []receivedPart, err error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		return nil, fmt.Errorf("%s, %v", media, err)
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return parts, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return parts, err
		}
		parts = append(parts, receivedPart{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), string(data)})
	}
}

// studio is a service that creates tasks. A request counts as a submission when
// all of its form has arrived.
type studio struct {
	t      *testing.T
	answer http.HandlerFunc

	mu          sync.Mutex
	submissions []submission
}

type submission struct {
	path   string
	length int64
	parts  []receivedPart
}

func (s *studio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		parts, err := readParts(r.Header.Get("Content-Type"), bytes.NewReader(body))
		if err != nil {
			s.t.Errorf("the form can't be read: %v", err)
		}
		s.mu.Lock()
		s.submissions = append(s.submissions, submission{r.URL.Path, r.ContentLength, parts})
		s.mu.Unlock()
	}
	s.answer(w, r)
}

// all waits for no one: call it when the requests have returned.
func (s *studio) all() []submission {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submissions
}

func newStudio(t *testing.T, answer http.HandlerFunc) (*studio, string) {
	t.Helper()
	s := &studio{t: t, answer: answer}
	url, _ := serve(t, s.ServeHTTP)
	return s, url
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
