package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	createdResponse   = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"abcd_1234567890abcdef"}}`
	completedResponse = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_0000000000000000","starttime":"2026-01-30 12:00:00",` +
		`"url":["https://example.com/image.jpg"],"image_status":3,"width":2048,"height":2048}}`
	queryURL    = "/v1/images/infobytaskid" // below the base URL
	generateURL = "/v1/images/seedreamv45"

	sourceSize  = 64 << 20
	pictureSize = 16 << 20
)

// respond reads each request to its end and gives one JSON response.
func respond(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the client is gone
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

func newClient(tb testing.TB, baseURL string) *wrapper.Client {
	client, err := wrapper.NewClient(apiKey, wrapper.WithBaseURL(baseURL), wrapper.WithHTTPClient(&http.Client{Transport: newTransport(tb)}),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true, Transport: newTransport(tb)}))
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// compare runs ours and a hand-written peer, one after the other, on services of
// their own.
func compare(b *testing.B, handler http.HandlerFunc, bytes int64, peers map[string]func(tb testing.TB, baseURL string) func(context.Context) error) {
	for _, name := range []string{"raw", "ours"} {
		b.Run("peer="+name, func(b *testing.B) {
			call := peers[name](b, startService(b, handler).URL)
			ctx := b.Context()
			b.SetBytes(bytes)
			b.ReportAllocs()
			var peak uint64
			for b.Loop() {
				var err error
				if bytes == 0 {
					err = call(ctx)
				} else {
					peak = max(peak, peakHeap(func() { err = call(ctx) }))
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			if bytes > 0 {
				b.ReportMetric(float64(peak), "peak-heap-bytes")
			}
		})
	}
}

// post sends a body as the peers do, and decodes the response.
func post(ctx context.Context, c *http.Client, url, contentType string, body io.Reader, dest any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", authorization)
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return json.NewDecoder(resp.Body).Decode(dest)
}

func BenchmarkQuery(b *testing.B) {
	compare(b, respond(completedResponse), 0, map[string]func(testing.TB, string) func(context.Context) error{
		"raw": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newHTTPClient(newTransport(tb))
			return func(ctx context.Context) error {
				body, err := json.Marshal(map[string]string{"taskid": taskID(0)})
				if err != nil {
					return err
				}
				var info generated.ImageInfoResponse
				if err := post(ctx, c, baseURL+queryURL, "application/json", bytes.NewReader(body), &info); err != nil {
					return err
				}
				return confirm(info.Code)
			}
		},
		"ours": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newClient(tb, baseURL)
			return func(ctx context.Context) error {
				_, err := c.InfoByTaskID(ctx, taskID(0))
				return err
			}
		},
	})
}

func BenchmarkGenerate(b *testing.B) {
	compare(b, respond(createdResponse), 0, generators(nil))
}

// BenchmarkUpload sends a source image from memory, which both have.
func BenchmarkUpload(b *testing.B) {
	source := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, sourceSize)...)
	compare(b, respond(createdResponse), int64(len(source)), generators(source))
}

// generators submit a prompt and, unless it is nil, a source image.
func generators(source []byte) map[string]func(testing.TB, string) func(context.Context) error {
	return map[string]func(testing.TB, string) func(context.Context) error{
		"raw": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newHTTPClient(newTransport(tb))
			return func(ctx context.Context) error { return submitRaw(ctx, c, baseURL+generateURL, source) }
		},
		"ours": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newClient(tb, baseURL)
			req := generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox in the snow", Resolution: "16:9"}
			if source != nil {
				req.SourceImage = make([]types.File, 1)
				req.SourceImage[0].InitFromBytes(source, "fox.png")
			}
			return func(ctx context.Context) error {
				_, err := c.SeeDreamV45(ctx, req)
				return err
			}
		},
	}
}

// submitRaw writes the form into a pipe, as is done by hand where a file should
// not be in memory twice.
func submitRaw(ctx context.Context, c *http.Client, url string, source []byte) error {
	in, out := io.Pipe()
	form := multipart.NewWriter(out)
	go func() { out.CloseWithError(writeForm(form, source)) }()
	var created generated.GeneralResponse
	if err := post(ctx, c, url, form.FormDataContentType(), in, &created); err != nil {
		return err
	}
	return confirm(created.Code)
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

func BenchmarkDownload(b *testing.B) {
	picture := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, pictureSize)...)[:pictureSize]
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(picture)
	}
	compare(b, serve, pictureSize, map[string]func(testing.TB, string) func(context.Context) error{
		"raw": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newHTTPClient(newTransport(tb))
			return func(ctx context.Context) error {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, baseURL, nil)
				if err != nil {
					return err
				}
				resp, err := c.Do(req)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				_, err = io.Copy(io.Discard, resp.Body)
				return err
			}
		},
		"ours": func(tb testing.TB, baseURL string) func(context.Context) error {
			c := newClient(tb, baseURL)
			return func(ctx context.Context) error {
				_, err := c.Download(ctx, baseURL, io.Discard)
				return err
			}
		},
	})
}
