// Package form streams requests as multipart/form-data (RFC 7578), with files
// that are read from where they are, and as many times as a request is sent.
package form

import (
	"bytes"
	"errors"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
)

// Form is a request body that can be sent any number of times. Only what stands
// around the files is kept in memory, so that the length of the whole is known
// before a file is read.
type Form struct {
	contentType string
	frame       []byte
	files       []framedFile
	size        int64

	mu     sync.Mutex // GetBody may be called from any goroutine
	bodies []*body
}

// framedFile is a file and its place in the frame.
type framedFile struct {
	File
	at      int // the offset in the frame at which the file is inserted
	pointer string
}

var errFileSize = errors.New("has a size that no file can have")

// New returns the form with these fields. It reads the beginning of each file,
// for its media type, and takes its size, which the file must still have when it
// is sent. A file that is empty or unreadable is a [*FieldError] with the file's
// pointer, and so is one that is no image ([ErrNotImage]) unless anyFile is set.
func New(fields Fields, anyFile bool) (*Form, error) {
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	f := &Form{contentType: w.FormDataContentType()}
	for _, field := range fields {
		for _, text := range field.Texts() {
			part, _ := w.CreatePart(field.header()) // a Buffer accepts everything
			_, _ = io.WriteString(part, text)
		}
		for i, file := range field.Files {
			header, err := fileHeader(field.Name, file, anyFile)
			if err == nil && file.FileSize() > math.MaxInt64/2-f.size {
				err = errFileSize
			}
			if err != nil {
				return nil, &FieldError{Pointer: field.filePointer(i), Reason: err.Error(), Err: err}
			}
			_, _ = w.CreatePart(header)
			f.files = append(f.files, framedFile{File: file, at: frame.Len(), pointer: field.filePointer(i)})
			f.size += file.FileSize()
		}
	}
	_ = w.Close()
	f.frame = frame.Bytes()
	f.size += int64(frame.Len())
	return f, nil
}

// header is that of a part which holds a text.
func (f Field) header() textproto.MIMEHeader {
	header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + escapeName(f.Name) + `"`}}
	if f.isJSON {
		header.Set("Content-Type", "application/json")
	}
	return header
}

// escapeName escapes a name as mime/multipart does.
func escapeName(name string) string {
	if !strings.ContainsAny(name, "\\\"\r\n") {
		return name // as nearly all are
	}
	return strings.NewReplacer("\\", "\\\\", `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(name)
}

func fileHeader(field string, file File, anyFile bool) (textproto.MIMEHeader, error) {
	kind, err := sniff(file, anyFile)
	return textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(field, safeFilename(file.Filename(), kind.Ext))},
		"Content-Type":        {kind.MediaType},
	}, err
}

// ContentType returns the media type of the form, with its boundary.
func (f *Form) ContentType() string { return f.contentType }

// Size returns the length of the form in bytes.
func (f *Form) Size() int64 { return f.size }

// Open returns a body that reads the form from its beginning. Read fails if a
// file no longer has the size that it had in [New].
func (f *Form) Open() io.ReadCloser {
	readers, at, b := []io.Reader{}, 0, &body{}
	for _, file := range f.files {
		source := &fileReader{file: file, left: file.FileSize()}
		readers = append(readers, bytes.NewReader(f.frame[at:file.at]), source)
		b.files = append(b.files, source)
		at = file.at
	}
	b.reader = io.MultiReader(append(readers, bytes.NewReader(f.frame[at:]))...)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bodies = append(f.bodies, b)
	return b
}

// Attach makes the form the body of req, with its length, so that net/http can
// send it again. The Content-Type is left to the caller; see [Form.ContentType].
func (f *Form) Attach(req *http.Request) {
	req.Body, req.ContentLength = f.Open(), f.size
	req.GetBody = func() (io.ReadCloser, error) { return f.Open(), nil }
}

// Close closes every body that was opened. Call it when the request has ended:
// after a response that arrived before the end of the upload, net/http still
// reads the body for a while.
func (f *Form) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.bodies {
		_ = b.Close()
	}
}
