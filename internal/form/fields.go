package form

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
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
	// bool, an object, or a []any, each item of which is sent. It is nil for files.
	Value any
	Files []File

	items  []string // the texts of a list
	isJSON bool     // each text is an object, or a list inside of a list, as JSON
	single bool     // Files holds one file by the contract, and not a list of one
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
	switch value := f.Value.(type) {
	case nil:
		return nil
	case []any:
		if f.items == nil {
			for _, item := range value {
				f.items = append(f.items, fmt.Sprint(item))
			}
		}
		return f.items
	}
	return []string{f.Text}
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
// for a form, or a pointer to one. Fields are named by their tags. A pointer that is
// not nil counts as set, whatever it points to, and so does a plain value that the
// tag does not allow to be omitted, because the contract requires it; any other zero
// value is left out, so that the service's default applies. Numbers, booleans and
// texts are sent as text, each item of a list in a part of its own, and objects as
// JSON, as OpenAPI has it. The error, for a value that can't be encoded, is a
// [*FieldError].
func FieldsOf(req any) (Fields, error) {
	v := reflect.Indirect(reflect.ValueOf(req))
	if v.Kind() != reflect.Struct {
		return nil, &FieldError{Reason: "the request is not a struct"}
	}
	var list Fields
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, required, isField := nameOf(field)
		switch value := v.Field(i); {
		case field.IsExported() && field.Name == "AdditionalProperties" && !isField && value.Kind() == reflect.Map:
			more, err := additional(value)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		case isField && isSet(value, required):
			f, err := fieldOf(name, value)
			if err != nil {
				return nil, err
			}
			list = append(list, f)
		}
	}
	return list, nil
}

// nameOf returns the name of a field, and whether its zero value is sent; isField is
// false if nothing of it is sent. A name that no json tag can hold has a tag of its own.
func nameOf(field reflect.StructField) (name string, required, isField bool) {
	tag := field.Tag.Get("json")
	name, options, _ := strings.Cut(tag, ",")
	full, hasFull := field.Tag.Lookup("property")
	if hasFull {
		name = full
	}
	required = tag != "" && !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero")
	return cmp.Or(name, field.Name), required, field.IsExported() && (tag != "-" || hasFull)
}

// isSet reports whether a value is sent. A list without items has no part that could
// be sent, and neither has a file that is none.
func isSet(v reflect.Value, required bool) bool {
	switch v.Kind() {
	case reflect.Bool, reflect.String:
		return required || !v.IsZero()
	}
	return required && (v.CanInt() || v.CanUint() || v.CanFloat()) || !v.IsZero()
}

// additional returns the entries of a map of additional properties, by name.
func additional(properties reflect.Value) (list Fields, err error) {
	for _, key := range properties.MapKeys() {
		f, err := fieldOf(key.String(), properties.MapIndex(key))
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

func fieldOf(name string, v reflect.Value) (Field, error) {
	f := Field{Name: name}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if f.setFiles(v) || f.setScalar(v) {
		return f, nil
	}
	if reason := f.setJSON(v); reason != "" {
		return f, &FieldError{Pointer: f.Pointer(), Reason: reason}
	}
	return f, nil
}

// setScalar takes a text, a number or a boolean, and reports whether v is one.
func (f *Field) setScalar(v reflect.Value) bool {
	switch {
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
	default:
		return false
	}
	return true
}

// setFiles takes a file or a slice of files.
func (f *Field) setFiles(v reflect.Value) bool {
	if !v.IsValid() {
		return false
	}
	if v.Type().Implements(reflect.TypeFor[File]()) {
		f.Files, f.single = []File{v.Interface().(File)}, true
		return true
	}
	if v.Kind() != reflect.Slice || !v.Type().Elem().Implements(reflect.TypeFor[File]()) {
		return false
	}
	f.Files = make([]File, v.Len())
	for i := range f.Files {
		f.Files[i], _ = v.Index(i).Interface().(File)
	}
	return true
}
