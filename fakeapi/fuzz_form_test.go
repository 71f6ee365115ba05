package fakeapi

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/getkin/kin-openapi/openapi3"
)

// fuzzedFields are of each kind that forms have: text, a number, a list of files.
func fuzzedFields() openapi3.Schemas {
	files := openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithFormat("binary"))
	return openapi3.Schemas{
		"prompt": openapi3.NewStringSchema().NewRef(), "batchsize": openapi3.NewIntegerSchema().NewRef(), "sourceImage": files.NewRef(),
	}
}

// What formReader accepts is what mime/multipart reads of the same bytes, part
// by part; what it refuses, it refuses on one short line; and how the body is
// cut into reads makes no difference.
func FuzzFormReader(f *testing.F) {
	const head = "--b\r\nContent-Disposition: form-data; name="
	for _, seed := range []string{
		head + "\"prompt\"\r\n\r\na fox\r\n--b--\r\n",
		head + "\"batchsize\"\r\n\r\n3\r\n" + head + "prompt\r\n\r\n\xff\r\n--b--\r\n",
		head + "\"sourceImage\"; filename=\"1.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n" +
			head + "\"sourceImage\"; filename=\"../2.png\"\r\n\r\n\r\n--b--\r\n",
		head + "\"prompt\"; filename=\"p.txt\"\r\n\r\nx\r\n--b--",
		head + "\"mask\"; filename=\"\"\r\n\r\n--b\n--b-\n\r\n--b-- \t\r\n",
		head + "\"prompt\"\r\n\r\nx\r\n" + head + "\"prompt\"\r\n\r\ny\r\n--b--\r\n",
		head + "\"prompt\"\r\n\r\nx\r\n--b--\r\ngarbage",
		head + "\"prompt\"\r\n\r\nx\r\n--b--garbage\r\n",
		"preamble\r\n" + head + "\"prompt\"\n\nx\n--b--\n", head, "--b--", "--b\r\n\r\n--b--", "", "\r\n--b\r\n--b--\r\n",
		"--b\r\nContent-Disposition: form-data; name*=utf-8''prompt\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--\r\n",
	} {
		f.Add([]byte(seed), "b")
	}
	f.Add([]byte("--\r\n\r\n----"), "")
	f.Add([]byte(strings.Repeat("--a\r\n", 2000)), "a")
	f.Fuzz(func(t *testing.T, body []byte, boundary string) {
		reader := formReader{fields: fuzzedFields(), kept: 10}
		got, err := reader.read(bytes.NewReader(body), boundary)
		if !bytes.Equal(got.kept, body[:min(10, len(body))]) {
			t.Errorf("kept %q of %q", got.kept, body)
		}
		cut, cutErr := reader.read(iotest.OneByteReader(bytes.NewReader(body)), boundary)
		if a, b := fmt.Sprint(cut.object, cut.uploads, cut.err, cutErr), fmt.Sprint(got.object, got.uploads, got.err, err); a != b {
			t.Errorf("byte by byte %s; at once %s", a, b)
		}
		if refusal := errors.Join(err, got.err); refusal != nil {
			if text := refusal.Error(); len(text) > 300 || strings.Contains(text, "\n") {
				t.Errorf("error of %d bytes: %q", len(text), text)
			}
			return
		}
		wantParts(t, got, body, boundary)
	})
}

// wantParts reads the body again, with the standard library alone.
func wantParts(t *testing.T, got *form, body []byte, boundary string) {
	t.Helper()
	files, names := 0, make(map[string]bool)
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("accepted what mime/multipart refuses: %v", err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		name := part.FormName()
		names[name] = true
		if files < len(got.uploads) && got.uploads[files].Field == name &&
			got.uploads[files].SHA256 == fmt.Sprintf("%x", sha256.Sum256(content)) && got.uploads[files].Size == int64(len(content)) {
			files++
		} else if text := fmt.Sprint(got.object[name]); text != string(content) {
			t.Errorf("the part %q is %q, want %q", name, text, content)
		}
	}
	if len(names) != len(got.object) || files != len(got.uploads) {
		t.Errorf("%d names and %d files, want %d and %d", len(got.object), len(got.uploads), len(names), files)
	}
}
