package contract

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Decode is json.Unmarshal for a body that [Operation.Proves] has proven, with the same
// result in a fraction of the time. The target points to the zero value of a struct that
// was generated from the schema of the body. It reports false, and may have set some of
// it, for types and values that it leaves to encoding/json.
func Decode(body []byte, target any) bool {
	v := reflect.ValueOf(target).Elem()
	t := decodableOf(v.Type())
	d := decoder{prover: prover{cursor: cursor{body: body}, objects: maxObjects}}
	return t != nil && d.value(t, v)
}

// decodable is a type that is decoded without encoding/json.
type decodable struct {
	kind   reflect.Kind
	item   *decodable       // of a slice
	fields []decodableField // of a struct, by the index in it
}

type decodableField struct {
	name string // empty for a field that has none in JSON
	of   *decodable
}

var decodables sync.Map // of *decodable, by reflect.Type

// decodableOf returns nil for a type that is left to encoding/json.
func decodableOf(t reflect.Type) *decodable {
	known, ok := decodables.Load(t)
	if !ok {
		known, _ = decodables.LoadOrStore(t, newDecodable(t, 0))
	}
	return known.(*decodable)
}

// maxDecodableDepth is how deep a type is looked into. One that leads to itself is deeper.
const maxDecodableDepth = 16

func newDecodable(t reflect.Type, depth int) *decodable {
	d, ok := &decodable{kind: t.Kind()}, depth < maxDecodableDepth && !decodesItself(reflect.PointerTo(t))
	switch d.kind {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
	case reflect.Slice:
		if ok {
			d.item = newDecodable(t.Elem(), depth+1)
		}
		ok = d.item != nil
	case reflect.Struct:
		for i := 0; ok && i < t.NumField(); i++ {
			ok = d.addField(t.Field(i), depth)
		}
	default:
		ok = false
	}
	if !ok {
		return nil
	}
	return d
}

// decodesItself reports whether a type has a method that encoding/json calls.
func decodesItself(pointer reflect.Type) bool {
	_, fromJSON := pointer.MethodByName("UnmarshalJSON")
	_, fromText := pointer.MethodByName("UnmarshalText")
	_, fromTokens := pointer.MethodByName("UnmarshalJSONFrom") // from Go 1.27 on
	return fromJSON || fromText || fromTokens
}

// addField adds the next field of a struct, and reports whether it is as a generator
// writes it: with a name of its own, and without an option that changes how it is read.
func (d *decodable) addField(f reflect.StructField, depth int) bool {
	name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
	isSame := func(other decodableField) bool { return other.name == name }
	switch {
	case f.Tag.Get("json") == "-" && !f.Anonymous:
		d.fields = append(d.fields, decodableField{})
		return true
	case !f.IsExported(), f.Anonymous, name == "", strings.ContainsAny(name, `"'\`), slices.ContainsFunc(d.fields, isSame):
		return false
	case option != "" && option != "omitempty" && option != "omitzero":
		return false
	}
	of := newDecodable(f.Type, depth+1)
	d.fields = append(d.fields, decodableField{name, of})
	return of != nil
}

// decoder reads a body once more. It does not look for what a proof has ruled out.
type decoder struct {
	prover
	texts strings.Builder // the last strings
}

// maxTexts is how many bytes of strings are allocated together. A caller that keeps one
// of them keeps no more than that of a large body.
const maxTexts = 4 << 10

func (d *decoder) value(t *decodable, v reflect.Value) bool {
	first, start := d.next(), d.i
	switch {
	case first == 'n':
		return d.word("null") // which leaves the zero value
	case first == '{' && t.kind == reflect.Struct:
		return d.object(t, v)
	case first == '[' && t.kind == reflect.Slice:
		return d.array(t, v)
	case first == '"' && t.kind == reflect.String && d.text():
		return d.setString(v, d.body[start+1:d.i-1])
	case (first == 't' || first == 'f') && t.kind == reflect.Bool:
		v.SetBool(first == 't')
		return d.word("true") || d.word("false")
	case t.kind >= reflect.Int && t.kind <= reflect.Int64 && d.numeral(maxDigits) != 0:
		n, err := strconv.ParseInt(string(d.body[start:d.i]), 10, v.Type().Bits())
		v.SetInt(n)
		return err == nil
	}
	return false
}

func (d *decoder) setString(v reflect.Value, inside []byte) (whole bool) {
	whole = true
	if bytes.IndexByte(inside, '\\') >= 0 {
		inside, whole = appendUnescaped(make([]byte, 0, len(inside)), string(inside))
	}
	if d.texts.Cap()-d.texts.Len() < len(inside) {
		d.texts.Reset() // without a change to the strings before
		d.texts.Grow(max(len(inside), min(len(d.body)-d.i, maxTexts)))
	}
	start := d.texts.Len()
	d.texts.Write(inside)
	v.SetString(d.texts.String()[start:])
	return whole
}

// firstItems is how many items there is room for once there is one.
const firstItems = 4

func (d *decoder) array(t *decodable, v reflect.Value) bool {
	d.i++
	if d.takes(']') {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		return true
	}
	for n, more := 0, true; more; n, more = n+1, d.takes(',') {
		if n == v.Cap() {
			v.Grow(firstItems) // or more, as append does
		}
		v.SetLen(n + 1)
		if !d.value(t.item, v.Index(n)) {
			return false
		}
	}
	return d.takes(']')
}

func (d *decoder) object(t *decodable, v reflect.Value) bool {
	d.i++
	if d.takes('}') {
		return true
	}
	for more := true; more; more = d.takes(',') {
		if key, ok := d.key(); !ok || !d.member(t, key, v) {
			return false
		}
	}
	return d.takes('}')
}

func (d *decoder) member(t *decodable, key []byte, v reflect.Value) bool {
	for i := range t.fields {
		if f := &t.fields[i]; f.name == string(key) {
			return f.of != nil && d.value(f.of, v.Field(i))
		}
	}
	isCase := func(f decodableField) bool { return bytes.EqualFold([]byte(f.name), key) }
	return !slices.ContainsFunc(t.fields, isCase) && d.prover.value(nil, 0)
}
