package fakeapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

const (
	firstTask   = "fake_0000000000000001"
	createdBody = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"` + firstTask + `"}}`
)

var (
	infoPath        = frozen.Path("infoByTaskId")
	v4Path          = frozen.Path("seeDreamV4")
	generatingPaths = []string{v4Path, frozen.Path("seeDreamV45"), frozen.Path("seeDreamV5"), frozen.Path("zImage")}
)

// part is one part of a form, and a file if it has a type.
type part struct{ name, value, filename, contentType string }

func file(name, filename, value string) part { return part{name, value, filename, "image/png"} }

func encodeForm(t testing.TB, parts ...part) (contentType, body string) {
	t.Helper()
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	for _, p := range parts {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", p.name)}}
		if p.contentType != "" {
			header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q; filename=%q", p.name, p.filename))
			header.Set("Content-Type", p.contentType)
		}
		w, err := form.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), buf.String()
}

// generation builds a request for images; parts are those beside a prompt.
func generation(t testing.TB, srv *fakeapi.Server, path string, parts ...part) *http.Request {
	t.Helper()
	contentType, body := encodeForm(t, append([]part{{name: "prompt", value: "a fox"}}, parts...)...)
	req := request(t, srv, http.MethodPost, path, body)
	req.Header.Set("Content-Type", contentType)
	return req
}

// create generates a task and returns its id.
func create(t testing.TB, srv *fakeapi.Server, parts ...part) string {
	t.Helper()
	got := must(t, send(srv, generation(t, srv, v4Path, parts...)))
	var created struct{ Data struct{ TaskID string } }
	if err := json.Unmarshal([]byte(got.body), &created); err != nil || got.status != 200 || created.Data.TaskID == "" {
		t.Fatalf("no task was created: %d %s", got.status, got.body)
	}
	return created.Data.TaskID
}

func info(t testing.TB, srv *fakeapi.Server, taskID string) reply {
	t.Helper()
	body, err := json.Marshal(map[string]string{"taskid": taskID})
	if err != nil {
		t.Fatal(err)
	}
	return send(srv, request(t, srv, http.MethodPost, infoPath, string(body)))
}

// statuses queries a task n times.
func statuses(t testing.TB, srv *fakeapi.Server, taskID string, n int) (all []int) {
	t.Helper()
	for range n {
		var state struct {
			Data struct {
				Status int `json:"image_status"`
			}
		}
		got := must(t, info(t, srv, taskID))
		if err := json.Unmarshal([]byte(got.body), &state); err != nil || got.status != 200 {
			t.Fatalf("status %d, body %s", got.status, got.body)
		}
		all = append(all, state.Data.Status)
	}
	return all
}

// fetch sends a request without a key or body, such as to the image host.
func fetch(t testing.TB, srv *fakeapi.Server, method, url string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(srv, req)
}

// example returns an example of the contract, as JSON.
func example(t testing.TB, path, name string) string {
	t.Helper()
	var doc struct {
		Paths map[string]struct {
			Post struct {
				Responses map[string]struct {
					Content map[string]struct {
						Examples map[string]struct{ Value json.RawMessage }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(frozen.Spec(), &doc); err != nil {
		t.Fatal(err)
	}
	value := doc.Paths[path].Post.Responses["200"].Content["application/json"].Examples[name].Value
	if len(value) == 0 {
		t.Fatalf("the contract has no example %s of %s", name, path)
	}
	return string(value)
}
