package testkit

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

func TestFormServerRecordsWholeForms(t *testing.T) {
	t.Parallel()
	server, url := NewFormServer(t, Respond(200, TaskCreatedBody))
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("prompt", "p")
	part, _ := w.CreateFormFile("image", "a.png")
	_, _ = part.Write(PNG)
	_ = w.Close()
	whole := body.String()

	client := &http.Client{Transport: Transport(t)}
	resp, err := client.Post(url+"/path", w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	req, _ := http.NewRequest(http.MethodPost, url, strings.NewReader(whole[:10]))
	req.ContentLength = int64(len(whole))
	req.Header.Set("Content-Type", w.FormDataContentType())
	if resp, err := client.Do(req); err == nil {
		resp.Body.Close()
	}

	got := server.Submissions()
	want := `[prompt=p image=["a.png" application/octet-stream "\x89PNG\r\n\x1a\n and so on"]]`
	if len(got) != 1 || got[0].Path != "/path" || got[0].Length != int64(len(whole)) || fmt.Sprint(got[0].Parts) != want {
		t.Errorf("got %v", got)
	}
}

func TestReadFormRefuses(t *testing.T) {
	t.Parallel()
	for contentType, body := range map[string]string{
		"application/json":                "{}",
		"multipart/form-data":             "",
		"multipart/form-data; boundary=b": "--b\r\n\r\ncut",
	} {
		if parts, err := ReadForm(contentType, strings.NewReader(body)); err == nil {
			t.Errorf("%s: got %v", contentType, parts)
		}
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	data, err := io.ReadAll(Image(1000))
	if err != nil || len(data) != 1000 || !bytes.HasPrefix(data, PNG) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
