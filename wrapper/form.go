package wrapper

import (
	"bytes"
	"context"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

// form is a request as multipart/form-data (RFC 7578), for any number of
// attempts. In memory is only what stands around the files, so that the length
// of the whole is known before a file is read.
type form struct {
	contentType string
	frame       []byte
	files       []sourceFile
	size        int64
	bodies      []*formBody
}

// sourceFile is a file and where in the frame it belongs.
type sourceFile struct {
	types.File
	at      int
	pointer string
}

func newForm(operation string, list fields) (*form, error) {
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	f := &form{contentType: w.FormDataContentType()}
	for _, field := range list {
		if field.value != nil {
			_ = w.WriteField(field.name, field.text) // a Buffer takes everything
		}
		for i, file := range field.files {
			source := sourceFile{File: file, pointer: path{keyStep(field.name), indexStep(i)}.pointer()}
			header, err := fileHeader(field.name, file)
			if err == nil && file.FileSize() > math.MaxInt64/2-f.size {
				err = errFileSize
			}
			if err != nil {
				return nil, &RequestError{Operation: operation, Field: source.pointer, Reason: err.Error(), Err: err}
			}
			_, _ = w.CreatePart(header)
			source.at = frame.Len()
			f.files = append(f.files, source)
			f.size += file.FileSize()
		}
	}
	_ = w.Close()
	f.frame = frame.Bytes()
	f.size += int64(frame.Len())
	return f, nil
}

func fileHeader(field string, file types.File) (textproto.MIMEHeader, error) {
	contentType, err := sniff(file)
	return textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(field, safeFilename(file.Filename(), contentType))},
		"Content-Type":        {contentType},
	}, err
}

// open returns a body that reads the form from its beginning.
func (f *form) open() *formBody {
	readers, at, body := []io.Reader{}, 0, &formBody{}
	for _, file := range f.files {
		source := &sourceReader{file: file, left: file.FileSize()}
		readers = append(readers, bytes.NewReader(f.frame[at:file.at]), source)
		body.sources = append(body.sources, source)
		at = file.at
	}
	body.reader = io.MultiReader(append(readers, bytes.NewReader(f.frame[at:]))...)
	f.bodies = append(f.bodies, body)
	return body
}

// describe tells the request what net/http can't see in body, unless an
// editor of the user's has replaced or wrapped it.
func (f *form) describe(body *formBody) generated.RequestEditorFn {
	return func(_ context.Context, req *http.Request) error {
		if req.Body == io.ReadCloser(body) {
			req.ContentLength = f.size
			req.GetBody = func() (io.ReadCloser, error) { return f.open(), nil }
		}
		return nil
	}
}

// close ends what net/http may still be reading: after an answer that came
// before the end of the upload, it closes bodies when it likes.
func (f *form) close() {
	for _, body := range f.bodies {
		_ = body.Close()
	}
}
