package wrapper

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"reflect"
	"strings"

	"github.com/oapi-codegen/runtime/types"
)

// form is a multipart/form-data body whose files are read only while it is
// sent. Everything between them is written beforehand, so that the length is known.
type form struct {
	boundary string
	parts    []part
	length   int64
}

// part is a piece of the body: text, and the file that follows it, if any.
type part struct {
	text []byte
	file *types.File
}

// newForm makes a body of the generated struct's fields, in their order and by
// the names of their json tags. Fields that are zero are left out, as they are
// in JSON; a pointer to zero is sent. Of a file's name only the last part is sent.
func newForm(fields any) (*form, error) {
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	f := &form{boundary: w.Boundary()}
	value := reflect.ValueOf(fields)
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		if err := f.add(w, &text, name, value.Field(i)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	f.cut(&text, nil)
	return f, nil
}

func (f *form) add(w *multipart.Writer, text *bytes.Buffer, name string, value reflect.Value) error {
	if files, ok := value.Interface().([]types.File); ok {
		for i := range files {
			if err := f.addFile(w, text, name, &files[i]); err != nil {
				return fmt.Errorf("file %d %w", i+1, err)
			}
		}
		return nil
	}
	if value.IsZero() {
		return nil
	}
	return w.WriteField(name, fmt.Sprint(reflect.Indirect(value).Interface()))
}

func (f *form) addFile(w *multipart.Writer, text *bytes.Buffer, name string, file *types.File) error {
	contentType, err := sniff(file)
	if err != nil {
		return err
	}
	_, err = w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(name, baseName(file.Filename()))},
		"Content-Type":        {contentType},
	})
	f.cut(text, file)
	return err
}

// cut ends a part with what has been written since the last one.
func (f *form) cut(text *bytes.Buffer, file *types.File) {
	f.parts = append(f.parts, part{bytes.Clone(text.Bytes()), file})
	f.length += int64(text.Len())
	if file != nil {
		f.length += file.FileSize()
	}
	text.Reset()
}

// sniff reads the beginning of a file, to tell its type, and that it can be read.
func sniff(file *types.File) (contentType string, err error) {
	r, err := file.Reader()
	if err != nil {
		return "", fmt.Errorf("can't be opened: %w", err)
	}
	defer r.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if n == 0 && (err == io.EOF || file.FileSize() == 0) { //nolint:errorlint // io.ReadFull returns it as it is
		return "", errors.New("is empty")
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", fmt.Errorf("can't be read: %w", err)
	}
	return http.DetectContentType(head[:n]), nil
}

// baseName keeps the user's folders to the user. What has no name gets one,
// since a part without a filename is no file.
func baseName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if strings.Trim(name, ". ") == "" {
		return "image"
	}
	return name
}

func (f *form) contentType() string { return "multipart/form-data; boundary=" + f.boundary }

func (f *form) body() io.ReadCloser { return &formBody{parts: f.parts} }

// edit gives the request what net/http can't know of our body. A request whose
// body a user's editor has replaced is left alone.
func (f *form) edit(_ context.Context, req *http.Request) error {
	if _, ours := req.Body.(*formBody); ours {
		req.ContentLength = f.length
		req.GetBody = func() (io.ReadCloser, error) { return f.body(), nil }
	}
	return nil
}

// formBody reads the parts one after another. It has one file open at a time.
type formBody struct {
	parts  []part
	inText int           // how much of the first part's text was read
	file   io.ReadCloser // the first part's, while it is read
	left   int64         // of file
}

func (b *formBody) Read(p []byte) (int, error) {
	for len(b.parts) > 0 {
		current := b.parts[0]
		if b.inText < len(current.text) {
			n := copy(p, current.text[b.inText:])
			b.inText += n
			return n, nil
		}
		if current.file != nil {
			n, err := b.readFile(current.file, p)
			if n > 0 || err != io.EOF { //nolint:errorlint // readFile returns it as it is
				return n, err
			}
		}
		b.parts, b.inText = b.parts[1:], 0
	}
	return 0, io.EOF
}

// readFile returns io.EOF alone, when the file has been read. One that is not
// as long as it was would put everything after it out of place.
func (b *formBody) readFile(file *types.File, p []byte) (n int, err error) {
	if b.file == nil {
		if b.file, err = file.Reader(); err != nil {
			return 0, fmt.Errorf("a source image can't be opened: %w", err)
		}
		b.left = file.FileSize()
	}
	n, err = b.file.Read(p)
	b.left -= int64(n)
	atEnd := errors.Is(err, io.EOF)
	switch {
	case b.left < 0, atEnd && b.left > 0:
		return 0, errors.New("a source image changed its size while it was sent")
	case atEnd && n > 0:
		return n, nil
	case atEnd:
		return 0, cmp.Or(b.Close(), io.EOF)
	case err != nil:
		err = fmt.Errorf("a source image can't be read: %w", err)
	}
	return n, err
}

// Close closes the file that is open, if any.
func (b *formBody) Close() error {
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	b.file = nil
	return err
}
