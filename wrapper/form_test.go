package wrapper

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

const pngHead = "\x89PNG\r\n\x1a\n"

func file(name, content string) (f types.File) {
	f.InitFromBytes([]byte(content), name)
	return f
}

// sentPart is a part as a server reads it.
type sentPart struct{ Name, Filename, ContentType, Content string }

func readForm(t *testing.T, contentType string, body io.Reader) (parts []sentPart) {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, sentPart{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(content)})
	}
}

func TestFormWritesFields(t *testing.T) {
	t.Parallel()
	zero, seed := 0, -7
	tests := []struct {
		name   string
		fields any
		want   []sentPart
	}{
		{"text alone", generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox\r\n--at night"}, []sentPart{{Name: "prompt", Content: "a fox\r\n--at night"}}},
		{"all fields", generated.SeeDreamV4MultipartRequestBody{Prompt: "äöü 🦊", Batchsize: 15, Resolution: "16:9", Category: "seedreamv4", ImageURL: "https://a.test/x"},
			[]sentPart{{Name: "batchsize", Content: "15"}, {Name: "category", Content: "seedreamv4"}, {Name: "imageUrl", Content: "https://a.test/x"}, {Name: "prompt", Content: "äöü 🦊"}, {Name: "resolution", Content: "16:9"}}},
		{"seed 0", generated.ZImageMultipartRequestBody{Prompt: "a", Seed: &zero, PromptExtend: "0"},
			[]sentPart{{Name: "prompt", Content: "a"}, {Name: "prompt_extend", Content: "0"}, {Name: "seed", Content: "0"}}},
		{"seed below 0", generated.ZImageMultipartRequestBody{Prompt: "a", Seed: &seed}, []sentPart{{Name: "prompt", Content: "a"}, {Name: "seed", Content: "-7"}}},
		{"files", generated.SeeDreamV5MultipartRequestBody{Prompt: "a", SourceImage: []types.File{file("1.png", pngHead+"1"), file("2.txt", "text")}},
			[]sentPart{{Name: "prompt", Content: "a"}, {"sourceImage", "1.png", "image/png", pngHead + "1"}, {"sourceImage", "2.txt", "text/plain; charset=utf-8", "text"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			form, err := newForm(tt.fields)
			if err != nil {
				t.Fatal(err)
			}
			for _, body := range []io.Reader{form.body(), iotest.OneByteReader(form.body()), iotest.HalfReader(form.body())} {
				var sent bytes.Buffer
				if n, err := sent.ReadFrom(body); err != nil || n != form.length {
					t.Errorf("%d bytes, %v; announced %d", n, err, form.length)
				}
				if d := cmp.Diff(tt.want, readForm(t, form.contentType(), &sent)); d != "" {
					t.Errorf("-want +got:\n%s", d)
				}
			}
		})
	}
}

func TestFormSendsNoFolders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.png": "a.png", "/home/me/secret/a.png": "a.png", `C:\me\a.png`: "a.png", "": "image", "/": "image", "..": "image", "a/..": "image",
		"a\"b.png": "a\"b.png", "a\r\nX-Evil: 1": "a%0D%0AX-Evil: 1", "\xff.png": "_.png", "ä.png": "ä.png",
	} {
		form, err := newForm(generated.SeeDreamV4MultipartRequestBody{SourceImage: []types.File{file(name, "x")}})
		if err != nil {
			t.Fatal(err)
		}
		if parts := readForm(t, form.contentType(), form.body()); len(parts) != 1 || parts[0].Filename != want {
			t.Errorf("%q is sent as %+v, want %q", name, parts, want)
		}
	}
}

func TestFormRefusesFilesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	gone, err := NewSource("a.png", strings.NewReader(strings.Repeat("x", maxSourceInMemory+1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]types.File{"file 2 is empty": file("a", ""), "file 2 can't be opened": gone.File(), "is empty": {}} {
		_, err := newForm(generated.SeeDreamV4MultipartRequestBody{SourceImage: []types.File{file("ok", "x"), f}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// faulty is a file as formBody sees one.
func TestFormBodyNoticesFilesThatChange(t *testing.T) {
	t.Parallel()
	failed := errors.New("disk on fire")
	tests := map[string]struct {
		r    io.Reader
		size int64
		want string
	}{
		"shorter": {strings.NewReader("abc"), 4, "changed its size"},
		"longer":  {strings.NewReader("abc"), 2, "changed its size"},
		"broken":  {iotest.ErrReader(failed), 3, "disk on fire"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			closed := &closeSpy{Reader: tt.r}
			b := &formBody{parts: []part{{[]byte("head"), new(types.File)}, {[]byte("tail"), nil}}, file: closed, left: tt.size}
			sent, err := io.ReadAll(b)
			if err == nil || !strings.Contains(err.Error(), tt.want) || bytes.Contains(sent, []byte("tail")) {
				t.Errorf("sent %q, %v; want %q", sent, err, tt.want)
			}
			if err := b.Close(); err != nil || !closed.closed {
				t.Errorf("closed: %t, %v", closed.closed, err)
			}
		})
	}
}

// What a user's editor puts in the place of the body is sent as it is.
func TestFormEditLeavesForeignBodiesAlone(t *testing.T) {
	t.Parallel()
	form, err := newForm(generated.ZImageMultipartRequestBody{Prompt: "a"})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://a.test", strings.NewReader("mine"))
	if err := form.edit(t.Context(), req); err != nil || req.ContentLength != 4 {
		t.Errorf("length %d, %v", req.ContentLength, err)
	}
}

func FuzzForm(f *testing.F) {
	f.Add("a fox", "a.png", []byte(pngHead))
	f.Add("\r\n--", "\"\r\n\\", []byte("--\r\n"))
	f.Add("", "", []byte{0})
	f.Add("\xff", "../../etc/passwd", []byte("<html>"))
	f.Fuzz(func(t *testing.T, prompt, name string, content []byte) {
		fields := generated.SeeDreamV4MultipartRequestBody{Prompt: prompt, SourceImage: []types.File{file(name, string(content))}}
		form, err := newForm(fields)
		if err != nil {
			if len(content) > 0 {
				t.Error(err)
			}
			return
		}
		parts := readForm(t, form.contentType(), form.body())
		if prompt != "" {
			if parts[0].Name != "prompt" || parts[0].Content != prompt {
				t.Errorf("sent %+v", parts[0])
			}
			parts = parts[1:]
		}
		if len(parts) != 1 || parts[0].Name != "sourceImage" || parts[0].Content != string(content) || parts[0].Filename == "" || strings.Contains(parts[0].Filename, "/") {
			t.Errorf("sent %+v", parts)
		}
	})
}
