package wrapper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

// written is what a form's body holds, with its length checked.
func written(t *testing.T, list fields) (*form, []receivedPart) {
	t.Helper()
	f, err := newForm("op", list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	data, err := io.ReadAll(f.open())
	if err != nil || int64(len(data)) != f.size {
		t.Fatalf("%d bytes of %d, %v", len(data), f.size, err)
	}
	parts, err := readParts(f.contentType, bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	return f, parts
}

func TestFieldsOfTheGeneratedStructs(t *testing.T) {
	t.Parallel()
	zero, files := 0, []types.File{file("a", png), file("b", png)}
	tests := map[string]struct {
		req  any
		want string
	}{
		"nothing":        {generated.SeeDreamV4MultipartRequestBody{}, "[]"},
		"all of V4":      {generated.SeeDreamV4MultipartRequestBody{Batchsize: 2, Category: "c", ImageURL: "u", Prompt: "p", Resolution: "1:1", SourceImage: files}, "[batchsize=2 category=c imageUrl=u prompt=p resolution=1:1 sourceImage=*2]"},
		"all of V4.5":    {generated.SeeDreamV45MultipartRequestBody{Batchsize: 2, Category: "c", ImageURL: "u", Prompt: "p", Resolution: "r", SourceImage: files}, "[batchsize=2 category=c imageUrl=u prompt=p resolution=r sourceImage=*2]"},
		"all of V5":      {generated.SeeDreamV5MultipartRequestBody{Batchsize: 2, Category: "c", ImageURL: "u", Prompt: "p", Resolution: "r", SourceImage: files}, "[batchsize=2 category=c imageUrl=u prompt=p resolution=r sourceImage=*2]"},
		"all of Z-Image": {generated.ZImageMultipartRequestBody{Prompt: "p", PromptExtend: "1", Resolution: "r", Seed: &zero}, "[prompt=p prompt_extend=1 resolution=r seed=0]"},
		"a newer contract": {struct {
			Max  int64   `json:"max,omitempty"`
			Note *string `json:"note,omitempty"`
		}{math.MinInt64, new(string)}, "[max=-9223372036854775808 note=]"},
	}
	for name, tt := range tests {
		list, err := fieldsOf("op", tt.req)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, f := range list {
			if f.files != nil {
				f.text = fmt.Sprintf("*%d", len(f.files))
			}
			got = append(got, f.name+"="+f.text)
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s: got %v, want %s", name, got, tt.want)
		}
	}
}

// What can't be sent is not left out in silence.
func TestFieldsOfAnotherKind(t *testing.T) {
	t.Parallel()
	_, err := fieldsOf("op", struct {
		Tags []string `json:"tags,omitempty"`
	}{[]string{"a"}})
	if err == nil || err.Error() != "tensorslab: op: invalid request: /tags is of a kind that this version can't send in a form; nothing was sent" {
		t.Errorf("got %v", err)
	}
}

func TestFilenames(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a.png":                      "a.png",
		"/home/me/secret/a.png":      "a.png",
		`C:\Users\me\secret\a.png`:   "a.png",
		"../../a.png":                "a.png",
		"":                           "image.png",
		"dir/":                       "image.png",
		"..":                         "image.png",
		" . ":                        "image.png",
		`a"b.png`:                    `a"b.png`,
		"a;b=c.png":                  "a;b=c.png",
		"a\r\nX-Evil: 1\r\n\r\n.png": "a__X-Evil: 1____.png",
		"a\x00b\x7f\u0085.png":       "a_b__.png",
		"\xff\xfe.png":               "__.png",
		"漢字 😀.png":                   "漢字 😀.png",
		"a%0D%0A.png":                "a%0D%0A.png",
	}
	for name, want := range tests {
		_, parts := written(t, fields{{name: "sourceImage", files: []types.File{file(name, png)}}})
		if len(parts) != 1 || parts[0].filename != want || parts[0].data != string(png) {
			t.Errorf("%q: got %v, want %q", name, parts, want)
		}
	}
	if got := safeFilename("", "text/plain; charset=utf-8"); got != "image" {
		t.Errorf("got %q", got)
	}
}

func TestAnEditorMayReplaceTheBody(t *testing.T) {
	t.Parallel()
	const mine = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nmine\r\n--b--\r\n"
	tests := map[string]struct {
		edit   generated.RequestEditorFn
		want   string
		length bool
	}{
		"left alone": {func(context.Context, *http.Request) error { return nil }, "[prompt=a lighthouse]", true},
		"replaced": {func(_ context.Context, req *http.Request) error {
			req.Body, req.ContentLength = io.NopCloser(strings.NewReader(mine)), int64(len(mine))
			req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			return nil
		}, "[prompt=mine]", true},
		"wrapped, to count what is sent": {func(_ context.Context, req *http.Request) error {
			req.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(req.Body, io.Discard), req.Body}
			return nil
		}, "[prompt=a lighthouse]", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := newStudio(t, answers(200, taskBody))
			_, err := generateOne(t.Context(), newTestClient(t, url, WithRequestEditor(tt.edit)))
			got := service.all()
			if err != nil || len(got) != 1 || fmt.Sprint(got[0].parts) != tt.want || got[0].length > 0 != tt.length {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// What is written is read back equal by mime/multipart, and nothing of it can
// become a part or a header of its own.
func FuzzForm(f *testing.F) {
	f.Add("prompt", "a.png", []byte("data"), []byte{})
	f.Add("--x\r\n--x--\r\n", "a\"\r\nContent-Type: text/html\r\n\r\n", png, []byte("\r\n--"))
	f.Add("\x00\xff", "../\\..", []byte{0}, bytes.Repeat([]byte("\r\n--"), 2000))
	f.Add("", "\xff\x00\\", []byte("<html>"), []byte(nil))
	f.Fuzz(func(t *testing.T, text, name string, one, two []byte) {
		list := fields{{name: "prompt", text: text, value: text}, {name: "sourceImage"}}
		want := []string{text}
		for _, data := range [][]byte{one, two} {
			if len(data) > 0 {
				list[1].files = append(list[1].files, file(name, data))
				want = append(want, string(data))
			}
		}
		form, parts := written(t, list)
		if len(parts) != len(want) {
			t.Fatalf("%d parts for %d", len(parts), len(want))
		}
		for i, part := range parts {
			if part.data != want[i] || part.name != []string{"prompt", "sourceImage", "sourceImage"}[i] {
				t.Errorf("got %v", part)
			}
			if i == 0 {
				continue
			}
			if part.filename == "" || part.filename != filepath.Base(part.filename) || !utf8.ValidString(part.filename) || part.contentType != http.DetectContentType([]byte(part.data)) {
				t.Errorf("got %v", part)
			}
		}
		again, err := io.ReadAll(form.open())
		if err != nil || int64(len(again)) != form.size {
			t.Errorf("the second time %d bytes, %v", len(again), err)
		}
	})
}
