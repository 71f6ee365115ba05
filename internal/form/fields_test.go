package form

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

type ratio string

// request has what generated structs have, and what those of a newer contract may.
type request struct {
	Prompt     string       `json:"prompt,omitempty"`
	Resolution ratio        `json:"resolution,omitempty"`
	Batchsize  int          `json:"batchsize,omitempty"`
	Seed       *int         `json:"seed,omitempty"`
	Note       *string      `json:"note,omitempty"`
	Max        int64        `json:"max,omitempty"`
	Limit      uint8        `json:"limit,omitempty"`
	Fast       bool         `json:"fast,omitempty"`
	Safe       *bool        `json:"safe,omitempty"`
	Scale      float32      `json:"scale,omitempty"`
	Strength   *float64     `json:"strength,omitempty"`
	Tags       []ratio      `json:"tags,omitempty"`
	Images     []types.File `json:"sourceImage,omitempty"`
	Mask       types.File   `json:"mask,omitempty"`
	Slashed    string       `json:"a/b~c,omitempty"`
	Untagged   string
	Left       string `json:"-"`
	hidden     string
}

func TestFieldsOf(t *testing.T) {
	t.Parallel()
	zero, no, none, nothing := 0, false, 0.0, ""
	tests := map[string]struct {
		req  any
		want string
	}{
		"nothing":             {request{}, "[]"},
		"a pointer":           {&request{Prompt: "p"}, "[prompt=p (string)]"},
		"texts":               {request{Prompt: "p", Resolution: "9:16", Untagged: "u", Slashed: "s"}, "[prompt=p (string) resolution=9:16 (string) a/b~c=s (string) Untagged=u (string)]"},
		"numbers":             {request{Batchsize: 2, Max: math.MinInt64, Limit: 255}, "[batchsize=2 (float64) max=-9223372036854775808 (float64) limit=255 (float64)]"},
		"fractions":           {request{Scale: 0.1}, "[scale=0.1 (float64)]"},
		"truth":               {request{Fast: true}, "[fast=true (bool)]"},
		"zeros that are set":  {request{Seed: &zero, Note: &nothing, Safe: &no, Strength: &none}, "[seed=0 (float64) note= (string) safe=false (bool) strength=0 (float64)]"},
		"a list":              {request{Tags: []ratio{"a", "", "b"}}, "[tags=[a  b]]"},
		"files":               {request{Images: []types.File{file("a", png), file("b", png)}, Mask: file("m", png)}, "[sourceImage=*2 mask=*1]"},
		"an empty list":       {request{Images: []types.File{}}, "[sourceImage=*0]"},
		"of no use for forms": {request{Left: "x", hidden: "y"}, "[]"},
	}
	for name, tt := range tests {
		list, err := FieldsOf(tt.req)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint(shown(list)); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func shown(list Fields) (texts []string) {
	for _, f := range list {
		switch {
		case f.Files != nil:
			texts = append(texts, fmt.Sprintf("%s=*%d", f.Name, len(f.Files)))
		case f.Text == "" && len(f.Texts()) > 1:
			texts = append(texts, fmt.Sprintf("%s=%v", f.Name, f.Texts()))
		default:
			texts = append(texts, fmt.Sprintf("%s=%s (%T)", f.Name, f.Text, f.Value))
		}
	}
	return texts
}

// The value is what a check against the contract sees: it must equal the text.
func TestFieldsOfRoundsNoFraction(t *testing.T) {
	t.Parallel()
	list, err := FieldsOf(request{Scale: 0.1})
	if err != nil || list[0].Value != 0.1 {
		t.Errorf("%v, %v", list, err)
	}
}

// required has fields that the contract requires, which are sent as they are.
type required struct {
	Title string     `json:"title"`
	Count int        `json:"count"`
	Fast  bool       `json:"fast"`
	Scale float64    `json:"scale"`
	Tags  []string   `json:"tags"`
	Mask  types.File `json:"mask"`
	Note  *string    `json:"note"`
}

type crop struct {
	Width int     `json:"width"`
	Note  *string `json:"note,omitempty"`
}

// union is what the generator makes of oneOf.
type union struct{ raw json.RawMessage }

func (u union) MarshalJSON() ([]byte, error) { return u.raw, nil }

// other has the kinds of fields that are neither text, number, boolean nor file.
type other struct {
	Crop  *crop             `json:"crop,omitempty"`
	Sizes []int64           `json:"sizes,omitempty"`
	Flags *[]bool           `json:"flags,omitempty"`
	Crops []crop            `json:"crops,omitempty"`
	Meta  map[string]string `json:"meta/data,omitempty"`
	At    time.Time         `json:"at,omitzero"`
	Any   any               `json:"any,omitempty"`
	Union *union            `json:"union,omitempty"`
	Bare  *int              `json:"-" property:"'"`

	AdditionalProperties map[string]any `json:"-"`
}

// tagged is a struct with one field.
func tagged(tag reflect.StructTag, value any) any {
	field := reflect.StructField{Name: "F", Type: reflect.TypeOf(value), Tag: tag}
	v := reflect.New(reflect.StructOf([]reflect.StructField{field})).Elem()
	v.Field(0).Set(reflect.ValueOf(value))
	return v.Interface()
}

func TestFieldsOfEachKind(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		req  any
		want string
	}{
		"required":           {required{}, "title= count=0 fast=false scale=0"},
		"nothing":            {other{}, ""},
		"an object":          {other{Crop: &crop{}}, `crop={"width":0}(JSON)`},
		"a set object":       {other{Crop: &crop{Width: 2, Note: new("")}}, `crop={"width":2,"note":""}(JSON)`},
		"numbers":            {other{Sizes: []int64{9007199254740993, 0}}, "sizes=9007199254740993 sizes=0"},
		"booleans":           {other{Flags: &[]bool{true, false}}, "flags=true flags=false"},
		"objects":            {other{Crops: []crop{{}, {Width: 1}}}, `crops={"width":0}(JSON) crops={"width":1}(JSON)`},
		"an empty list":      {other{Crops: []crop{}}, ""},
		"a map":              {other{Meta: map[string]string{"a": "b"}}, `meta/data={"a":"b"}(JSON)`},
		"a time":             {other{At: time.Unix(1, 0).UTC()}, "at=1970-01-01T00:00:01Z"},
		"a value of any":     {other{Any: 1.5}, "any=1.5"},
		"a text of any":      {other{Any: "\"a\\ufffd"}, `any="a\ufffd`},
		"a union of text":    {other{Union: &union{json.RawMessage(`"a"`)}}, "union=a"},
		"a union of numbers": {other{Union: &union{json.RawMessage(`[1, 2.50]`)}}, "union=1 union=2.50"},
		"a comma":            {tagged(`json:"a,b,omitempty" property:"a,b"`, new(false)), "a,b=false"},
		"a dash":             {tagged(`json:"-,omitempty"`, "x"), "-=x"},
		"a quote":            {other{Bare: new(1)}, "'=1"},
		"more":               {other{AdditionalProperties: map[string]any{"b": false, "a": 0}}, "a=0 b=false"},
	} {
		list, err := FieldsOf(tt.req)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := strings.Join(sent(list), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// sent lists the parts that are no files.
func sent(list Fields) (parts []string) {
	for _, f := range list {
		for _, text := range f.Texts() {
			if f.header().Get("Content-Type") == "application/json" {
				text += "(JSON)"
			}
			parts = append(parts, f.Name+"="+text)
		}
	}
	return parts
}

// What can't be sent is not left out silently.
func TestFieldsOfWhatHasNoForm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		req     any
		pointer string
		reason  string
	}{
		"a channel":      {other{Any: make(chan int)}, "/any", "can't be encoded as JSON"},
		"invalid UTF-8":  {other{Crop: &crop{Note: new("\xff")}}, "/crop", "is not valid UTF-8"},
		"an invalid map": {other{Meta: map[string]string{"a": "b\\\xff"}}, "/meta~1data", "is not valid UTF-8"},
		"null":           {other{AdditionalProperties: map[string]any{"n": nil}}, "/n", "is null, which a form can't say"},
		"no struct":      {"text", "", "the request is not a struct"},
		"nil":            {nil, "", "the request is not a struct"},
	} {
		list, err := FieldsOf(tt.req)
		var e *FieldError
		if list != nil || !errors.As(err, &e) || e.Pointer != tt.pointer || e.Reason != tt.reason {
			t.Errorf("%s: got %v, %v", name, list, err)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	list := Fields{prompt("one"), prompt("two"), images(file("a", png))}
	if got := list.Find("prompt"); got.Text != "one" {
		t.Errorf("got %v", got)
	}
	if got := list.Find("missing"); got.Name != "" || got.Value != nil {
		t.Errorf("got %v", got)
	}
}

func TestFieldErrorUnwraps(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	if err := error(&FieldError{"/a/0", "is bad", cause}); err.Error() != "/a/0 is bad" || !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	d, err := contract.Parse([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/v1/a": {"post": {"operationId": "a",
		"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}}}},
		"responses": {"200": {"description": "ok"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	known, foreign := Field{Name: "prompt"}, Field{Name: "seed"}
	if f, ok := (Fields{known}).Foreign(d.Operation("a")); ok {
		t.Errorf("%s is foreign", f.Name)
	}
	if f, ok := (Fields{known, foreign}).Foreign(d.Operation("a")); !ok || f.Name != "seed" {
		t.Errorf("got %q, %t", f.Name, ok)
	}
}
