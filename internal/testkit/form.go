package testkit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"sync"
	"testing"

	"github.com/oapi-codegen/runtime/types"
)

// PNG is the beginning of a PNG image, which is all that is ever looked at.
var PNG = []byte("\x89PNG\r\n\x1a\n and so on")

// Image returns size bytes that begin as a PNG image does.
func Image(size int64) io.Reader {
	return io.MultiReader(bytes.NewReader(PNG), io.LimitReader(Zeros{}, size-int64(len(PNG))))
}

// File returns a file that holds data in memory.
func File(name string, data []byte) types.File {
	var f types.File
	f.InitFromBytes(data, name)
	return f
}

// Part is one part of a form as a server reads it.
type Part struct{ Name, Filename, ContentType, Data string }

// String returns name=value for a field, and name=[filename, type, content] for a file.
func (p Part) String() string {
	if p.ContentType == "" {
		return p.Name + "=" + p.Data
	}
	return fmt.Sprintf("%s=[%q %s %q]", p.Name, p.Filename, p.ContentType, p.Data)
}

// ReadForm reads all parts of a multipart/form-data body.
func ReadForm(contentType string, body io.Reader) (parts []Part, err error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		return nil, fmt.Errorf("media type %q: %w", contentType, err)
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return parts, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return parts, err
		}
		parts = append(parts, Part{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), string(data)})
	}
}

// FormServer records the forms that are submitted to it. A request counts as a
// submission once its whole body has arrived.
type FormServer struct {
	tb      testing.TB
	respond http.HandlerFunc

	mu          sync.Mutex
	submissions []Submission
}

// Submission is one form, and the request that brought it.
type Submission struct {
	Path   string
	Length int64 // as the Content-Length field announced it, or -1
	Parts  []Part
}

// NewFormServer starts a FormServer that responds to each request as given,
// after recording it. It returns the server and its URL.
func NewFormServer(tb testing.TB, respond http.HandlerFunc) (s *FormServer, url string) {
	tb.Helper()
	s = &FormServer{tb: tb, respond: respond}
	url, _ = Serve(tb, s.ServeHTTP)
	return s, url
}

// ServeHTTP records the request's form, if it arrives whole, and responds.
func (s *FormServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		parts, err := ReadForm(r.Header.Get("Content-Type"), bytes.NewReader(body))
		if err != nil {
			s.tb.Errorf("the form can't be read: %v", err)
		}
		s.mu.Lock()
		s.submissions = append(s.submissions, Submission{r.URL.Path, r.ContentLength, parts})
		s.mu.Unlock()
	}
	s.respond(w, r)
}

// Submissions returns the forms so far. Requests that have not returned may or
// may not be among them.
func (s *FormServer) Submissions() []Submission {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submissions
}
