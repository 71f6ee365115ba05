package fakeapi_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestForms(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	type part struct{ name, value string }
	for name, c := range map[string]struct {
		parts []part
		msg   string
	}{
		"text":          {[]part{{"prompt", "a cat"}}, ""},
		"all types":     {[]part{{"prompt", "7"}, {"batchsize", "3"}, {"strength", "0.5"}, {"public", "false"}, {"other", "x"}}, ""},
		"two files":     {[]part{{"prompt", ""}, {"sourceImage", "\x89PNG\xff"}, {"sourceImage", "\r\n"}}, ""},
		"one file":      {[]part{{"sourceImage", "\x00"}, {"prompt", "x"}}, ""},
		"no prompt":     {[]part{{"batchsize", "3"}}, `the body: "/prompt" is required`},
		"no parts":      {nil, `"/prompt" is required`},
		"not a number":  {[]part{{"prompt", "x"}, {"batchsize", marker}}, `"/batchsize" must be of type integer`},
		"out of range":  {[]part{{"prompt", "x"}, {"batchsize", "16"}}, `"/batchsize" does not satisfy "maximum"`},
		"not a boolean": {[]part{{"prompt", "x"}, {"public", "1"}}, `"/public" must be of type boolean`},
		"repeated":      {[]part{{"prompt", "x"}, {"prompt", "y"}}, `the part "prompt" is repeated`},
		"other case":    {[]part{{"prompt", "x"}, {"batchSize", "3"}}, `the contract has "/batchsize"`},
		"no name":       {[]part{{"", "x"}}, "a part of the multipart body has no name"},
	} {
		t.Run(name, func(t *testing.T) {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			for _, p := range c.parts {
				w, err := form.CreateFormField(p.name)
				if p.name == "sourceImage" {
					w, err = form.CreateFormFile(p.name, "source.png")
				}
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.WriteString(w, p.value)
			}
			form.Close()
			wantForm(t, srv, form.FormDataContentType(), body.String(), c.msg)
		})
	}
}

func TestFormsThatAreMalformed(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	const whole = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nx\r\n--b--\r\n"
	for name, c := range map[string]struct{ contentType, body, msg string }{
		"whole":          {"multipart/form-data; boundary=b", whole, ""},
		"no boundary":    {"multipart/form-data", whole, "no boundary"},
		"other boundary": {"multipart/form-data; boundary=c", whole, "malformed"},
		"cut off":        {"multipart/form-data; boundary=b", whole[:len(whole)-8], "malformed"},
		"empty":          {"multipart/form-data; boundary=b", "", "malformed"},
		"JSON":           {"application/json", `{"prompt":"x"}`, "accepts: multipart/form-data"},
	} {
		t.Run(name, func(t *testing.T) { wantForm(t, srv, c.contentType, c.body, c.msg) })
	}
}

// wantForm sends a form and expects the refusal msg, or acceptance if empty.
func wantForm(t *testing.T, srv *fakeapi.Server, contentType, body, msg string) {
	t.Helper()
	req := request(t, srv, http.MethodPost, "/v2/generate", body)
	req.Header.Set("Content-Type", contentType)
	got := send(srv, req)
	if msg == "" {
		wantJSON(t, got, 201, `{"code":1000,"msg":""}`)
	} else if text := wantError(t, got, 400); !strings.Contains(text, msg) || strings.Contains(text, marker) {
		t.Errorf("msg %q, want %q in it", text, msg)
	}
}
