package evolved_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// parts lists the parts of a form in the order of their names, with the media type of
// those that have one.
func parts(t *testing.T, r fakeapi.Request) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for reader := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return strings.Join(list, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(part)
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s=%s %s", part.FormName(), data, part.Header.Get("Content-Type"))))
	}
}

// Fields of all kinds are sent as they are set, and not sent if they are not.
func TestUnsetInForms(t *testing.T) {
	type request = generated.SeeDreamV45MultipartRequestBody
	mask := types.File{}
	mask.InitFromBytes([]byte("\x89PNG\r\n\x1a\n"), "m.png")
	var either generated.SeeDreamV45RequestEither
	if err := either.UnmarshalJSON([]byte("false")); err != nil {
		t.Fatal(err)
	}
	for want, req := range map[string]request{
		"prompt=p": {Prompt: "p"},
		"prompt=p steps=0 strength=0 style= watermark=false":           {Prompt: "p", Watermark: new(false), Strength: new(0.0), Steps: new(int64(0)), Style: new("")},
		"prompt=p steps=9007199254740993 strength=0.25 watermark=true": {Prompt: "p", Watermark: new(true), Strength: new(0.25), Steps: new(int64(9007199254740993))},
		"prompt=p sizes=0 sizes=1 tags=a tags=":                        {Prompt: "p", Tags: []string{"a", ""}, Sizes: []int{0, 1}},
		`crop={"left":0} application/json either=false prompt=p`:       {Prompt: "p", Crop: &generated.SeeDreamV45RequestCrop{}, Either: &either},
		`crop={"left":1,"whole":false} application/json prompt=p`:      {Prompt: "p", Crop: &generated.SeeDreamV45RequestCrop{Left: 1, Whole: new(false)}},
		"mask=\x89PNG\r\n\x1a\n image/png prompt=p":                    {Prompt: "p", Mask: mask},
	} {
		srv := fakeapi.Start(t, fakeapi.WithKey(key), fakeapi.WithStrict())
		c, err := wrapper.NewClient(key, wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.SeeDreamV45(t.Context(), req); err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if got := parts(t, srv.Requests()[0]); got != want {
			t.Errorf("sent %q; want %q", got, want)
		}
	}
}

func TestUnsetInJSON(t *testing.T) {
	ids := []string{task}
	for want, req := range map[string]generated.DeleteImagesTaskRequest{
		`{"taskids":["` + task + `"]}`:                                     {TaskIDs: ids},
		`{"force":false,"limit":0,"taskids":["` + task + `"]}`:             {TaskIDs: ids, Force: new(false), Limit: new(0)},
		`{"scope":{},"taskids":["` + task + `"]}`:                          {TaskIDs: ids, Scope: &generated.DeleteImagesTaskRequestScope{}},
		`{"scope":{"images":false,"tasks":[]},"taskids":["` + task + `"]}`: {TaskIDs: ids, Scope: &generated.DeleteImagesTaskRequestScope{Images: new(false), Tasks: []string{}}},
	} {
		srv, c := service(t, key)
		if _, err := c.DeleteImagesTaskWithResponse(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if got := string(srv.Requests()[0].Body); got != want {
			t.Errorf("sent %s; want %s", got, want)
		}
	}
}
