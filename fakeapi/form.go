package fakeapi

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"

	"github.com/getkin/kin-openapi/openapi3"
)

const formType = "multipart/form-data"

// The limits of a form. Text includes the heads of files.
const (
	maxForm      = 1 << 30  // bytes in all
	maxFormText  = 1 << 20  // bytes of text, of names and of types
	maxFormParts = 1000     // parts
	keptForm     = 64 << 10 // bytes that the journal keeps
)

// form is a multipart/form-data body that was read.
type form struct {
	object  map[string]any // what its schema describes; the value of a file is empty
	uploads []Upload
	kept    []byte // the first bytes of the body
	err     error  // how it violates the contract, before any schema is applied
}

// formReader reads forms that have these fields by the contract. It keeps the
// first bytes of the body.
type formReader struct {
	fields openapi3.Schemas
	kept   int
}

// read reads body to its end, as the object that its schema describes: parts of
// one name become an array, and text is converted to the type of its property.
// Files are hashed as they pass. The error is that of a body which could not be
// read, or a [limitError].
func (r formReader) read(body io.Reader, boundary string) (*form, error) {
	p := newPassage(body, boundary, r.kept)
	parts := formParts{fields: r.fields, texts: make(map[string][]string), left: maxFormText}
	err := parts.read(p, boundary)
	_, _ = io.Copy(io.Discard, p) // p.err tells
	f := &form{uploads: parts.uploads, kept: p.kept}
	var limit limitError
	switch {
	case p.err != nil:
		return f, p.err
	case errors.As(err, &limit):
		return f, err
	case err != nil:
		f.err = err
	case p.end.more:
		f.err = errors.New("there is more after the line that closes the multipart body")
	default:
		f.object, f.err = parts.object()
	}
	return f, nil
}

// limitError says which limit a form exceeds.
type limitError string

func (e limitError) Error() string { return string(e) }

var errMalformed = errors.New("the multipart body is malformed")

// formParts collects the parts of a form.
type formParts struct {
	fields  openapi3.Schemas // of the contract
	names   []string         // in order, each once
	texts   map[string][]string
	uploads []Upload
	left    int // bytes of text that may still come
}

func (f *formParts) read(p *passage, boundary string) error {
	if boundary == "" {
		return errors.New("the Content-Type has no boundary")
	}
	if len(boundary) > maxBoundary {
		return fmt.Errorf("the boundary is longer than %d bytes", maxBoundary)
	}
	reader := multipart.NewReader(p, boundary)
	for count := 0; ; count++ {
		part, err := reader.NextRawPart()
		switch {
		case errors.Is(err, io.EOF) && p.end.found:
			return nil
		case err != nil:
			return errMalformed
		case count == maxFormParts:
			return limitError(fmt.Sprintf("the form has more than %d parts", maxFormParts))
		}
		if err := f.add(part); err != nil {
			return err
		}
	}
}

// add reads the next part.
func (f *formParts) add(part *multipart.Part) error {
	u, named := uploadOf(part)
	if u.Field == "" {
		return errors.New("a part of the multipart body has no name")
	}
	if err := f.spend(u.textSize()); err != nil {
		return err
	}
	isFile, err := f.isFile(u.Field, named)
	if err != nil {
		return err
	}
	text := ""
	if isFile {
		if u.receive(part) != nil {
			return errMalformed
		}
		f.uploads = append(f.uploads, u)
	} else if text, err = f.text(u.Field, part); err != nil {
		return err
	}
	if _, again := f.texts[u.Field]; !again {
		f.names = append(f.names, u.Field)
	}
	f.texts[u.Field] = append(f.texts[u.Field], text)
	return nil
}
