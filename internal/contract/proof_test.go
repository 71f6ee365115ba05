package contract

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const asJSON = "application/json"

// These are proven: if they were not, each response would be read twice.
func TestProvesWhatServicesSend(t *testing.T) {
	t.Parallel()
	plain, tree, published := parseText(t, provableContract).Operation("plain"), parseText(t, provableContract).Operation("tree"), ours(t)
	for _, tt := range []struct {
		op   *Operation
		body string
	}{
		{published.Operation("deleteImagesTask"), `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`},
		{published.Operation("deleteImagesTask"), "\n{ \"data\" : {\t} , \"msg\" : \"\" ,\r\n\"code\":1000 } \n"},
		{published.Operation("zImage"), `{"code":1000,"msg":"已创建 😀","data":{"taskid":"abcd_1234567890abcdef","url":null}}`},
		{published.Operation("infoByTaskId"), `{"code":1000,"msg":"OK","data":{"taskid":"a","starttime":"2026-01-30 12:00:00","url":["https://h.test/a.png?x=1\u0026y=\/\u00e9"],"image_status":3,"width":2048,"height":2048}}`},
		{published.Operation("infoByTaskId"), `{"code":1000,"msg":"OK","data":{"url":null,"images":[],"more":{"a":[1,2.5,null,true,{"b":"\n"}],"c":false}},"trace_id":"x"}`},
		{plain, `{"id":"x","tiny":-12,"small":1234,"medium":123456789,"big":123456789012345678,"ratio":-0.5,"when":"never","kind":"a","level":300,"note":null,"any":[{}],"free":{"x":1},"items":[[1,2],[]],"mixed":["a",{"b":[]}]}`},
		{plain, `{"id":"","ratio":7,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0}`},
		{tree, `{"leaf":"a","left":{"leaf":"b","left":null},"branches":[{"leaf":"c","branches":[]}]}`},
		{tree, strings.Repeat(`{"leaf":"a","left":`, maxProvenDepth-1) + `{"leaf":"b"}` + strings.Repeat("}", maxProvenDepth-1)},
	} {
		if found := check(t, tt.op, tt.body); found != "" {
			t.Errorf("%s: is not valid: %s", tt.body, found)
		}
		if !tt.op.Proves(with(200, asJSON), []byte(tt.body), 1000) {
			t.Errorf("%s: is not proven", tt.body)
		}
	}
}

// Of these, some are valid and some are not. The proof leaves them all alone.
func TestDoubts(t *testing.T) {
	t.Parallel()
	plain, tree := parseText(t, provableContract).Operation("plain"), parseText(t, provableContract).Operation("tree")
	for name, body := range map[string]string{
		"nothing": "", "white space": " ", "a cut": `{"id":"a"`, "bytes after it": `{"id":"a"}x`, "two values": `{"id":"a"}{}`, "NUL after it": "{\"id\":\"a\"}\x00",
		"byte order mark": "\ufeff{\"id\":\"a\"}", "an array": `[]`, "no required": `{}`, "null for required": `{"id":null}`, "a wrong type": `{"id":1}`,
		"a repeat": `{"id":"a","id":"a"}`, "an unknown repeat": `{"id":"a","x":1,"x":1}`, "a repeat below unknown": `{"id":"a","x":[{"y":1,"y":1}]}`,
		"another case": `{"id":"a","ID":"a"}`, "another s": `{"id":"a","mſk":true}`, "another k": "{\"id\":\"a\",\"ms\u212a\":true}", "a final sigma": `{"id":"a","ΣΣ":""}`,
		"an escape in a key": `{"\u0069d":"a"}`, "an escape in an unknown key": `{"id":"a","\n":1}`, "nine unknown keys": `{"id":"","1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0}`,
		"a pair": `{"id":"\ud83d\ude00"}`, "half a pair": `{"id":"\ud83d"}`, "a bad escape": `{"id":"\u12g4"}`, "a short escape": `{"id":"\u12"}`, "no escape": `{"id":"\x41"}`, "a lone backslash": `{"id":"\`,
		"control": "{\"id\":\"\x1f\"}", "not UTF-8": "{\"id\":\"\xff\"}", "not UTF-8 in a key": "{\"id\":\"\",\"\xff\":1}", "an encoded surrogate": "{\"id\":\"\xed\xa0\x80\"}",
		"a leading zero": `{"id":"","big":01}`, "a plus": `{"id":"","big":+1}`, "an exponent": `{"id":"","big":1e3}`, "a fraction": `{"id":"","big":1.0}`,
		"a bare minus": `{"id":"","big":-}`, "a bare point": `{"id":"","ratio":1.}`, "19 digits": `{"id":"","big":1234567890123456789}`,
		"too big for 8 bits": `{"id":"","tiny":128}`, "too big for 16": `{"id":"","small":32768}`, "too big for 32": `{"id":"","medium":2147483648}`,
		"no enum's": `{"id":"","kind":"z"}`, "an enum's, escaped": `{"id":"","kind":"\u0061"}`, "an enum's, as a fraction": `{"id":"","level":1.0}`,
		"a trailing comma": `{"id":"",}`, "a leading comma": `{,"id":""}`, "no comma": `{"id":"" "x":1}`, "no colon": `{"id" ""}`, "no value": `{"id":}`,
		"a trailing comma in a list": `{"id":"","mixed":["a",]}`, "null in a list": `{"id":"","mixed":[null]}`, "a word": `{"id":"","msk":tru}`, "words": `{"id":"","msk":truefalse}`,
	} {
		if plain.Proves(with(200, asJSON), []byte(body), 1000) {
			t.Errorf("%s: %s is proven", name, body)
		}
	}
	deep := strings.Repeat(`{"leaf":"a","left":`, maxProvenDepth) + `{"leaf":"b"}` + strings.Repeat("}", maxProvenDepth)
	if found := check(t, tree, deep); found != "" || tree.Proves(with(200, asJSON), []byte(deep), 1000) {
		t.Errorf("nested too deeply: %q, or proven", found)
	}
}

// The code has to be that of the envelope where there is one. Elsewhere, and further
// in, a code means something else.
func TestProvesWithTheCodeOfTheEnvelope(t *testing.T) {
	t.Parallel()
	document := parseText(t, provableContract)
	for op, bodies := range map[string]map[string]bool{
		"heavy": {
			`{"msg":"","code":7}`: true, `{"msg":"","code": 7 }`: true, `{"msg":"","code":-7}`: false, `{"msg":"","code":null}`: false, `{"msg":""}`: false,
			`{"msg":"","code":7.0}`: false, `{"msg":"","code":7,"list":[{"a":1,"b":"","code":8}],"x":{"code":"y"}}`: true,
		},
		"loose": {`{"msg":"","code":7}`: true, `{"code":7}`: true, `{}`: false, `{"code":null}`: false, `{"code":8}`: false},
		"tree":  {`{"leaf":""}`: true, `{"leaf":"","code":8}`: true, `{"leaf":"","code":"x"}`: true},
	} {
		for body, want := range bodies {
			if got := document.Operation(op).Proves(with(200, asJSON), []byte(body), 7); got != want {
				t.Errorf("%s: %s: %t", op, body, got)
			}
		}
	}
}

func TestProvesByStatusAndContentType(t *testing.T) {
	t.Parallel()
	document := parseText(t, provableContract)
	for _, tt := range []struct {
		op, contentType string
		status          int
		want            bool
	}{
		{"plain", asJSON, 200, true}, {"plain", asJSON + "; charset=utf-8", 200, true}, {"plain", asJSON + ";charset=UTF-8", 200, true},
		{"plain", asJSON, 201, false}, {"plain", "text/html", 200, false}, {"plain", "", 200, false}, {"plain", asJSON + ", text/html", 200, false},
		{"heavy", asJSON, 200, true}, {"heavy", asJSON, 202, true}, {"heavy", asJSON, 404, false}, {"tree", asJSON, 201, true}, {"tree", asJSON, 500, false},
	} {
		body := []byte(`{"id":"","leaf":"","code":1,"msg":""}`)
		if got := document.Operation(tt.op).Proves(with(tt.status, tt.contentType), body, 1); got != tt.want {
			t.Errorf("%+v: %t", tt, got)
		}
	}
	twice := with(200, asJSON)
	twice.Header.Add("Content-Type", "text/html")
	if document.Operation("plain").Proves(twice, []byte(`{"id":""}`), 1) {
		t.Error("a response with two media types is proven")
	}
}

// A keyword that the compiler does not know must not be passed over: whatever field
// a schema has, set to anything, the proof knows it or does without.
func TestNoKeywordIsPassedOver(t *testing.T) {
	t.Parallel()
	understood := strings.Fields("AllOf Type Nullable Format Enum Items Required Properties " +
		"Extensions Origin Title Description Comment ExternalDocs XML Default Example Examples Deprecated ReadOnly")
	fields := reflect.TypeFor[openapi3.Schema]()
	for i := range fields.NumField() {
		var s openapi3.Schema
		field := reflect.ValueOf(&s).Elem().Field(i)
		fill(field)
		if name := fields.Field(i).Name; isUnderstood(s) != slices.Contains(understood, name) {
			t.Errorf("%s: understood is %t", name, isUnderstood(s))
		}
	}
	no, yes := false, true
	for _, s := range []*openapi3.Schema{
		{AdditionalProperties: openapi3.AdditionalProperties{Has: &no}}, {Always: &yes}, {Required: []string{"a"}}, {Format: "date"}, {Format: "byte"},
		{AllOf: openapi3.SchemaRefs{{Value: &openapi3.Schema{MinLength: 1}}}}, {Items: &openapi3.SchemaRef{Value: &openapi3.Schema{Pattern: "a"}}},
		{Properties: openapi3.Schemas{strings.Repeat("a", maxProvenName+1): {Value: &openapi3.Schema{}}}}, {Enum: []any{math.NaN()}},
	} {
		if compileProof(s, false) != nil {
			t.Errorf("%+v: is compiled", s)
		}
	}
	if compileProof(&openapi3.Schema{AdditionalProperties: openapi3.AdditionalProperties{Has: &yes}}, false) == nil {
		t.Error("additional properties that are allowed are not understood")
	}
}

// fill sets a field to something other than its zero value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Interface:
		v.Set(reflect.ValueOf("x"))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Struct:
		fill(v.Field(0))
	}
}

// An object of many properties is not compiled, since its keys are bits of a word.
func TestManyPropertiesAreNotCompiled(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{maxProperties: true, maxProperties + 1: false} {
		s := openapi3.NewObjectSchema()
		for i := range n {
			s.WithProperty(strings.Repeat("p", i+1), openapi3.NewStringSchema())
		}
		if got := compileProof(s, false) != nil; got != want {
			t.Errorf("%d properties: compiled is %t", n, got)
		}
	}
}

func TestProofAllocatesNothing(t *testing.T) {
	op, resp := ours(t).Operation("infoByTaskId"), with(200, asJSON)
	body := []byte(`{"code":1000,"msg":"` + strings.Repeat(`\u0026`, 30) + `","data":{"url":["` + strings.Repeat("x", 99) + `"],"` + strings.Repeat("long", 20) + `":{"width":1.5}}}`)
	if n := testing.AllocsPerRun(100, func() {
		if !op.Proves(resp, body, 1000) {
			t.Fatal("is not proven")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
