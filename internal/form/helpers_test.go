package form

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"testing"

	"github.com/oapi-codegen/runtime/types"
)

// What the tests of this package share.

// large is more than a multipart.Form keeps in memory here.
const large, inMemory = 110_000, 100_000

// png is the beginning of one, which is all that anybody looks at.
var png = []byte("\x89PNG\r\n\x1a\n and so on")

// file is what generated code takes for a file.
func file(name string, data []byte) types.File {
	var f types.File
	f.InitFromBytes(data, name)
	return f
}

// uploaded is a file of an incoming form, of which all beyond inMemory bytes are
// in temporary files until remove is called.
func uploaded(t *testing.T, data []byte) (header *multipart.FileHeader, remove func()) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = w.Close()
	form, err := multipart.NewReader(&b, w.Boundary()).ReadForm(inMemory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = form.RemoveAll() })
	return form.File["file"][0], func() { _ = form.RemoveAll() }
}

func onDisk(t *testing.T, data []byte) (f types.File, remove func()) {
	t.Helper()
	header, remove := uploaded(t, data)
	f.InitFromMultipart(header)
	return f, remove
}

// announced is a file that claims to have another size.
func announced(t *testing.T, data []byte, size int64) (f types.File) {
	t.Helper()
	header, _ := uploaded(t, data)
	header.Size = size
	f.InitFromMultipart(header)
	return f
}

func images(files ...types.File) Field {
	f := Field{Name: "sourceImage"}
	for _, file := range files {
		f.Files = append(f.Files, file)
	}
	return f
}

func prompt(text string) Field { return Field{Name: "prompt", Text: text, Value: text} }

// receivedPart is one part of a form as a server reads it.
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

// written returns what the body of a form holds, whose files may hold anything. Its
// length is checked.
func written(t *testing.T, fields Fields) (*Form, []receivedPart) {
	t.Helper()
	f, err := New(fields, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	data, err := io.ReadAll(f.Open())
	if err != nil || int64(len(data)) != f.Size() {
		t.Fatalf("%d bytes of %d, %v", len(data), f.Size(), err)
	}
	parts, err := readParts(f.ContentType(), bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	return f, parts
}
