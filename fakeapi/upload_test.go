package fakeapi_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const (
	keptForm = 64 << 10
	maxText  = 1 << 20
	maxParts = 1000
)

func upload(field, filename, contentType, content string) fakeapi.Upload {
	return fakeapi.Upload{Field: field, Filename: filename, ContentType: contentType,
		Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(content)))}
}

func TestUploads(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 20_000) // more than is kept
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithStrict())
		req := generation(t, srv, v4Path, file("sourceImage", "1.png", large), file("sourceImage", "../2 ü.png", ""),
			part{name: "category", value: "c"}, part{"sourceImage", "\x00\r\n--", "", "image/webp"})
		wantJSON(t, send(srv, req), 200, createdBody)
		got := srv.Requests()[0]
		want := []fakeapi.Upload{
			upload("sourceImage", "1.png", "image/png", large),
			upload("sourceImage", "../2 ü.png", "image/png", ""),
			upload("sourceImage", "", "image/webp", "\x00\r\n--"),
		}
		if diff := cmp.Diff(want, got.Uploads); diff != "" {
			t.Errorf("uploads (-want +got):\n%s", diff)
		}
		if len(got.Body) != keptForm || !strings.Contains(string(got.Body), "a fox") || strings.HasSuffix(string(got.Body), large[:100]) {
			t.Errorf("kept %d bytes of the body, want the first %d", len(got.Body), keptForm)
		}
		got.Uploads[0].Filename = "changed"
		if again := srv.Requests()[0].Uploads[0].Filename; again != "1.png" {
			t.Errorf("a caller changed the record to %q", again)
		}
	})
}

// A small body is kept whole, and one of text alone has no uploads.
func TestSmallFormsAreKept(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	contentType, body := encodeForm(t, text("prompt", "a fox", "category", "c")...)
	req := request(t, srv, http.MethodPost, v4Path, body)
	req.Header.Set("Content-Type", contentType)
	must(t, send(srv, req))
	if got := srv.Requests()[0]; string(got.Body) != body || len(got.Uploads) != 0 {
		t.Errorf("kept %d of %d bytes and %v", len(got.Body), len(body), got.Uploads)
	}
}

// The uploads of a request that is refused are recorded, too.
func TestUploadsOfRefusedRequests(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithKey(testKey))
	source := file("sourceImage", "1.png", "\x89PNG")
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"other path": {func(r *http.Request) { r.URL.Path = "/nowhere" }, 404},
		"wrong key":  {func(r *http.Request) { r.Header.Set("Authorization", "wrong") }, 401},
		"no such field value": {func(r *http.Request) {
			fresh := generation(t, srv, v4Path, source, part{name: "resolution", value: "5:4"})
			r.Header, r.Body, r.ContentLength = fresh.Header, fresh.Body, fresh.ContentLength
		}, 400},
	} {
		srv.ResetRequests()
		req := generation(t, srv, v4Path, source)
		c.change(req)
		wantError(t, send(srv, req), c.status)
		if diff := cmp.Diff([]fakeapi.Upload{upload("sourceImage", "1.png", "image/png", "\x89PNG")}, srv.Requests()[0].Uploads); diff != "" {
			t.Errorf("%s: uploads (-want +got):\n%s", name, diff)
		}
	}
	wantTasks(t, srv)
}

// A key in a form is redacted anywhere, also at the end of what is kept.
func TestUploadsDoNotShowTheKey(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	head := "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n"
	for at := keptForm - len(testKey) - 1; at <= keptForm+1; at++ {
		srv.ResetRequests()
		body := head + strings.Repeat("x", at-len(head)) + testKey + "\r\n--b--\r\n"
		req := request(t, srv, http.MethodPost, v4Path, body)
		req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		must(t, send(srv, req))
		kept := strings.TrimLeft(string(srv.Requests()[0].Body[len(head):]), "x")
		if !strings.HasPrefix("[redacted]\r\n--b--\r\n", kept) || len(srv.Requests()[0].Body) > keptForm {
			t.Fatalf("at %d: kept %q", at, kept)
		}
	}
	req := generation(t, srv, v4Path, part{"sourceImage", "", testKey + ".png", "image/" + testKey})
	must(t, send(srv, req))
	all := srv.Requests()
	if got := recorded(all); strings.Contains(got, testKey) || all[1].Uploads[0].Filename != "[redacted].png" {
		t.Errorf("recorded %s", got)
	}
}

func TestFormLimits(t *testing.T) {
	t.Parallel()
	many := make([]part, maxParts-1)
	for i := range many {
		many[i] = file("sourceImage", "", "")
	}
	long := strings.Repeat("x", maxText-1000) // names count, too
	for name, c := range map[string]struct {
		parts []part
		msg   string // empty if accepted
	}{
		"text":              {text("category", long), ""},
		"too much text":     {text("category", long+long[:1000]), "the form's text is larger than 1048576 bytes"},
		"in several parts":  {text("category", long[:maxText/2], "imageUrl", long[:maxText/2]), "text is larger"},
		"in a filename":     {[]part{file("sourceImage", long, ""), file("sourceImage", long[:2000], "")}, "text is larger"},
		"parts":             {many, ""},
		"too many parts":    {append(many[:maxParts-1:maxParts-1], file("sourceImage", "", "")), "the form has more than 1000 parts"},
		"large file":        {[]part{file("sourceImage", "", long+long)}, ""},
		"larger than JSON":  {[]part{file("sourceImage", "", strings.Repeat("x", 17<<20))}, ""},
		"too much and more": {append(text("category", long+long), file("sourceImage", "", long+long)), "text is larger"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newRecorder()
			srv := fakeapi.Start(tb, fakeapi.WithStrict())
			got := send(srv, generation(t, srv, v4Path, c.parts...))
			if c.msg == "" {
				wantJSON(t, got, 200, createdBody)
			} else if msg := wantError(t, got, 413); !strings.Contains(msg, c.msg) {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
			if errs := tb.finish(); len(errs) != 0 {
				t.Errorf("reported %q: a large request violates no contract", errs)
			}
		})
	}
}

// A body that declares a length over the limit is not read.
func TestFormOverTheLimit(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	conn := dial(t, srv)
	if _, err := io.WriteString(conn, "POST "+v4Path+" HTTP/1.1\r\nHost: fake\r\nAuthorization: k\r\n"+
		"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1073741825\r\n\r\n--b\r\n"); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 2048)
	n, err := conn.Read(head)
	if err != nil || !strings.HasPrefix(string(head[:n]), "HTTP/1.1 413 ") || !strings.Contains(string(head[:n]), "1073741824 bytes") {
		t.Errorf("read %q, %v", head[:n], err)
	}
	if all := srv.Requests(); len(all) != 1 || all[0].Status != 413 || all[0].Breach != "" || len(all[0].Body) != 0 {
		t.Errorf("recorded %+v", all)
	}
}

// A client that stops in the middle of a file violates no contract.
func TestUploadThatBreaksOff(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb, fakeapi.WithStrict())
	conn := dial(t, srv)
	_, body := encodeForm(t, text("prompt", "x")...)
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: fake\r\nAuthorization: k\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: 100000\r\n\r\n%s",
		v4Path, body[2:62], body[:len(body)-70]); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	waitFor(t, func() bool { all := srv.Requests(); return len(all) == 1 && all[0].Status == 400 })
	wantTasks(t, srv)
	if errs := tb.finish(); len(errs) != 0 {
		t.Errorf("reported %q", errs)
	}
}
