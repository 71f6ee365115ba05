package form

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// Field is one field of a form: a text or several, or files, each of which
// becomes a part of the request.
type Field struct {
	Name string // as in the contract
	Text string // what is sent, unless Value is nil or a []any
	// Value is the text as the contract has it, for checks: a string, a float64, a
	// bool, or a []any of strings, each of which is sent. It is nil for files.
	Value any
	Files []File

	single bool // Files holds one file by the contract, and not a list of one
}

// Pointer returns the JSON Pointer of the field.
func (f Field) Pointer() string { return "/" + contract.EscapeToken(f.Name) }

func (f Field) filePointer(i int) string {
	if f.single {
		return f.Pointer()
	}
	return f.Pointer() + "/" + strconv.Itoa(i)
}

// Texts returns the texts to send, one for each part.
func (f Field) Texts() []string {
	if f.Value == nil {
		return nil
	}
	list, isList := f.Value.([]any)
	if !isList {
		return []string{f.Text}
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i], _ = list[i].(string)
	}
	return texts
}

// Fields are the fields of a form, in the order in which they are sent.
type Fields []Field

// Find returns the field with that name, or the zero Field.
func (list Fields) Find(name string) Field {
	for _, f := range list {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

// Foreign returns the first field that the form of op does not have, if there is one.
func (list Fields) Foreign(op *contract.Operation) (f Field, ok bool) {
	allowed := op.FormFields()
	for _, f := range list {
		if allowed[f.Name] == nil {
			return f, true
		}
	}
	return Field{}, false
}

// FieldError is a field that can't be sent.
type FieldError struct {
	Pointer string // JSON Pointer of the field, or of a file in it
	Reason  string // what is wrong, to be read after the pointer
	Err     error  // the error of a file, or nil
}

// Error returns the pointer and the reason.
func (e *FieldError) Error() string { return strings.TrimSpace(e.Pointer + " " + e.Reason) }

// Unwrap returns the error of a file, or nil.
func (e *FieldError) Unwrap() error { return e.Err }

// FieldsOf returns the fields that are set in req, a struct that was generated
// for a form, or a pointer to one. Fields are named by their json tags. A field
// with its zero value is left out, so that the service's default applies; a
// pointer that is not nil counts as set, whatever it points to. The error, for a
// field whose type can't be sent in a form, is a [*FieldError].
func FieldsOf(req any) (Fields, error) {
	v := reflect.Indirect(reflect.ValueOf(req))
	if v.Kind() != reflect.Struct {
		return nil, &FieldError{Reason: "the request is not a struct"}
	}
	var list Fields
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" || v.Field(i).IsZero() {
			continue
		}
		f := Field{Name: name}
		if name == "" {
			f.Name = field.Name
		}
		if !f.set(reflect.Indirect(v.Field(i))) {
			return nil, &FieldError{Pointer: f.Pointer(), Reason: "is of a kind that this version can't send in a form"}
		}
		list = append(list, f)
	}
	return list, nil
}

// set takes the value of a struct's field, and reports whether it has a form.
func (f *Field) set(v reflect.Value) bool {
	switch {
	case f.setFiles(v):
	case v.Kind() == reflect.String:
		f.Text = v.String()
		f.Value = f.Text
	case v.Kind() == reflect.Bool:
		f.Text = strconv.FormatBool(v.Bool())
		f.Value = v.Bool()
	case v.CanInt():
		f.Text = strconv.FormatInt(v.Int(), 10)
		f.Value = float64(v.Int())
	case v.CanUint():
		f.Text = strconv.FormatUint(v.Uint(), 10)
		f.Value = float64(v.Uint())
	case v.CanFloat():
		f.Text = strconv.FormatFloat(v.Float(), 'f', -1, v.Type().Bits())
		f.Value, _ = strconv.ParseFloat(f.Text, 64)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		f.Value = list
	default:
		return false
	}
	return true
}

var fileType = reflect.TypeFor[File]()

// setFiles takes a file or a slice of files.
func (f *Field) setFiles(v reflect.Value) bool {
	if v.Type().Implements(fileType) {
		f.Files, f.single = []File{v.Interface().(File)}, true
		return true
	}
	if v.Kind() != reflect.Slice || !v.Type().Elem().Implements(fileType) {
		return false
	}
	f.Files = make([]File, v.Len())
	for i := range f.Files {
		f.Files[i], _ = v.Index(i).Interface().(File)
	}
	return true
}
