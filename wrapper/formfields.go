package wrapper

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/oapi-codegen/runtime/types"
)

// field is one field of a form: a text, or files, each of which is a part.
type field struct {
	name  string // the contract's
	text  string
	value any // the text as the contract has it: a string or a number
	files []types.File
}

func (f field) pointer() string { return path{keyStep(f.name)}.pointer() }

type fields []field

// find returns the field of that name, or an empty one.
func (list fields) find(name string) field {
	for _, f := range list {
		if f.name == name {
			return f
		}
	}
	return field{}
}

// fieldsOf lists what a generated struct holds, in its order. What is zero is
// left out, so that the service's default counts; behind a pointer, zero is a value.
func fieldsOf(operation string, req any) (fields, error) {
	var list fields
	v := reflect.ValueOf(req)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		value := v.Field(i)
		if value.IsZero() {
			continue
		}
		f := field{name: name}
		value = reflect.Indirect(value)
		files, isFiles := value.Interface().([]types.File)
		switch {
		case isFiles:
			f.files = files
		case value.Kind() == reflect.String:
			f.text = value.String()
			f.value = f.text
		case value.CanInt():
			f.text = strconv.FormatInt(value.Int(), 10)
			f.value = float64(value.Int())
		default:
			return nil, invalid(operation, f.pointer(), "is of a kind that this version can't send in a form")
		}
		list = append(list, f)
	}
	return list, nil
}
