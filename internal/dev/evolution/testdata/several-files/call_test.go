package evolved_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// form has a text, a number and two files of one name.
func form() (contentType string, body *bytes.Reader, err error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range map[string]string{"prompt": "a fox", "batchsize": "2"} {
		if err := w.WriteField(name, value); err != nil {
			return "", nil, err
		}
	}
	for _, name := range []string{"1.png", "2.png"} {
		file, err := w.CreateFormFile("sourceImage", name)
		if err != nil {
			return "", nil, err
		}
		if _, err := file.Write([]byte("\x89PNG of " + name)); err != nil {
			return "", nil, err
		}
	}
	err = w.Close()
	return w.FormDataContentType(), bytes.NewReader(buf.Bytes()), err
}

func upload(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
	contentType, body, err := form()
	if err != nil {
		return nil, err
	}
	resp, err := c.EditImageWithBodyWithResponse(ctx, contentType, body)
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data.ID, nil
}

func TestSeveralFiles(t *testing.T) {
	trial{
		operation: "editImage",
		request:   "POST /v1/images/editimage",
		call:      upload,
		response:  `{"code": 1000, "msg": "Task created successfully", "data": {"id": "abcd_1234567890abcdef"}}`,
		want:      "abcd_1234567890abcdef",
		invalid:   `{"code": 1000, "msg": "OK", "data": {"id": 7}}`,
		violation: wrapper.Violation{Pointer: "/data/id", Keyword: "type"},
	}.run(t)
}

// Both files arrive, under one name and whole.
func TestSeveralFilesArrive(t *testing.T) {
	srv, c := service(t, key)
	if _, err := upload(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	body := string(srv.Requests()[0].Body)
	for _, part := range []string{`name="sourceImage"; filename="1.png"`, `name="sourceImage"; filename="2.png"`, "\x89PNG of 1.png", "\x89PNG of 2.png"} {
		if !strings.Contains(body, part) {
			t.Errorf("the body lacks %q", part)
		}
	}
}
