package form

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func TestFormHoldsItsFieldsInOrder(t *testing.T) {
	t.Parallel()
	_, parts := written(t, Fields{
		prompt("a lighthouse"),
		{Name: "tags", Value: []any{"a", "b"}},
		images(file("a.png", png), file("b", []byte("<html>"))),
		{Name: "empty", Value: ""},
		{Name: "nothing"},
		{Name: `odd"` + "\r\nname", Text: "x", Value: "x"},
	})
	want := `[prompt=a lighthouse tags=a tags=b sourceImage=["a.png" image/png "\x89PNG\r\n\x1a\n and so on"] sourceImage=["b" text/html; charset=utf-8 "<html>"] empty= odd"` + "%0D%0Aname=x]"
	if got := fmt.Sprint(parts); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// net/http repeats a request only if it knows the body's length and how to get it again.
func TestAttach(t *testing.T) {
	t.Parallel()
	f, _ := written(t, Fields{prompt("p"), images(file("a.png", png))})
	req := httptest.NewRequest(http.MethodPost, "https://api.test", nil)
	f.Attach(req)
	if req.ContentLength != f.Size() || req.GetBody == nil {
		t.Fatalf("the length is %d of %d", req.ContentLength, f.Size())
	}
	first, _ := io.ReadAll(req.Body)
	again, err := req.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if second, err := io.ReadAll(again); err != nil || !bytes.Equal(first, second) {
		t.Errorf("%q, then %q, %v", first, second, err)
	}
}

func TestFormOverASocket(t *testing.T) {
	t.Parallel()
	big, _ := onDisk(t, bytes.Repeat([]byte("0123456789"), large/10))
	f, _ := written(t, Fields{prompt("p"), images(big, file("b.png", png))})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != f.Size() || r.ParseMultipartForm(1<<20) != nil || r.FormValue("prompt") != "p" || len(r.MultipartForm.File["sourceImage"]) != 2 {
			t.Errorf("%d bytes of %d: %v", r.ContentLength, f.Size(), r.MultipartForm)
		}
		if r.URL.Path == "/a" { // 307 sends the body again
			http.Redirect(w, r, "/b", http.StatusTemporaryRedirect)
		}
	}))
	t.Cleanup(server.Close)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/a", nil)
	req.Header.Set("Content-Type", f.ContentType())
	f.Attach(req)
	resp, err := server.Client().Do(req)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/b" {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
}

// What is written is read back equal by mime/multipart, and nothing of it can
// become a part or a header.
func FuzzForm(f *testing.F) {
	f.Add("prompt", "a.png", []byte("data"), []byte{})
	f.Add("--x\r\n--x--\r\n", "a\"\r\nContent-Type: text/html\r\n\r\n", png, []byte("\r\n--"))
	f.Add("\x00\xff", "../\\..", []byte{0}, bytes.Repeat([]byte("\r\n--"), 2000))
	f.Add("", "\xff\x00\\", []byte("<html>"), []byte(nil))
	f.Fuzz(func(t *testing.T, text, name string, one, two []byte) {
		list := Fields{prompt(text), images()}
		want := []string{text}
		for _, data := range [][]byte{one, two} {
			if len(data) > 0 {
				list[1].Files = append(list[1].Files, file(name, data))
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
			if part.filename == "" || part.filename != filepath.Base(part.filename) || !utf8.ValidString(part.filename) || part.contentType == "" {
				t.Errorf("got %v", part)
			}
		}
		again, err := io.ReadAll(form.Open())
		if err != nil || int64(len(again)) != form.Size() {
			t.Errorf("the second time %d bytes, %v", len(again), err)
		}
	})
}
