package bench

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	createdResponse = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"abcd_1234567890abcdef"}}`
	queryURL        = "/v1/images/infobytaskid" // below the base URL
	generateURL     = "/v1/images/seedreamv45"

	sourceSize  = 64 << 20
	pictureSize = 16 << 20
)

// completedResponse is the response to a query, with so many URLs.
func completedResponse(urls int) string {
	list := slices.Repeat([]string{`"https://example.com/images/abcd_0000000000000000/image.jpg"`}, urls)
	return `{"code":1000,"msg":"OK","data":{"taskid":"abcd_0000000000000000","starttime":"2026-01-30T12:00:00Z",` +
		`"url":[` + strings.Join(list, ",") + `],"image_status":3,"width":2048,"height":2048}}`
}

// respond reads each request to its end and gives one JSON response.
func respond(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the client is gone
		}
		w.Header()["Content-Type"] = asJSON
		_, _ = io.WriteString(w, body)
	}
}

func servePicture() http.HandlerFunc {
	data := picture(pictureSize)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(data)
	}
}

// picture returns so many bytes that begin as a PNG file does, or nil for none.
func picture(size int) []byte {
	if size == 0 {
		return nil
	}
	data := make([]byte, size)
	copy(data, "\x89PNG\r\n\x1a\n")
	return data
}

func newClient(b bed, baseURL string) (*wrapper.Client, error) {
	return wrapper.NewClient(apiKey, wrapper.WithBaseURL(baseURL), wrapper.WithHTTPClient(&http.Client{Transport: newTransport(b)}),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true, Transport: newTransport(b)}))
}

// generateRaw submits a prompt and, unless it is nil, a source image. It writes the
// form into a pipe, as is done by hand where a file should not be in memory twice.
func generateRaw(b bed, baseURL string, source []byte) func(context.Context) error {
	c := newHTTPClient(newTransport(b))
	return func(ctx context.Context) error {
		in, out := io.Pipe()
		form := multipart.NewWriter(out)
		go func() { out.CloseWithError(writeForm(form, source)) }()
		var created generated.GeneralResponse
		if err := post(ctx, c, baseURL+generateURL, form.FormDataContentType(), in, &created); err != nil {
			return err
		}
		return confirm(created.Code)
	}
}

func writeForm(form *multipart.Writer, source []byte) error {
	for _, field := range [][2]string{{"prompt", "a fox in the snow"}, {"resolution", "16:9"}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return err
		}
	}
	if source != nil {
		part, err := form.CreateFormFile("sourceImage", "fox.png")
		if err != nil {
			return err
		}
		if _, err := part.Write(source); err != nil {
			return err
		}
	}
	return form.Close()
}

// generateOurs is generateRaw by the wrapper. Both have the source in memory.
func generateOurs(c *wrapper.Client, source []byte) func(context.Context) error {
	req := generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox in the snow", Resolution: "16:9"}
	if source != nil {
		req.SourceImage = make([]types.File, 1)
		req.SourceImage[0].InitFromBytes(source, "fox.png")
	}
	return func(ctx context.Context) error {
		_, err := c.SeeDreamV45(ctx, req)
		return err
	}
}

func downloadRaw(b bed, url string) func(context.Context) error {
	c := newHTTPClient(newTransport(b))
	return func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := c.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if n, err := io.Copy(io.Discard, resp.Body); err != nil || n != pictureSize {
			return fmt.Errorf("%d bytes: %w", n, err)
		}
		return nil
	}
}

func downloadOurs(c *wrapper.Client, url string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.Download(ctx, url, io.Discard)
		return err
	}
}
