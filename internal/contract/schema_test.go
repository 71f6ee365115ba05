package contract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestViolations(t *testing.T) {
	t.Parallel()
	deletion := ours(t).Operation("deleteImagesTask")
	image := parseText(t, grown).Operation("getImage")
	tests := []struct {
		op   *Operation
		body string
		want string
	}{
		{deletion, `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`, ""},
		{deletion, `{"extra":{"Code":1},"code":1000,"msg":"","data":{}}`, ""},
		{deletion, `{}`, "/code: required, /data: required, /msg: required"},
		{deletion, `{"code":"1000","msg":5,"data":{"status":null}}`, "/code: type, /msg: type"},
		{deletion, `{"code":1000.5,"msg":"","data":[]}`, "/code: type, /data: type"},
		{deletion, `{"code":1e3,"msg":"","data":{}}`, "/code: type"},
		{deletion, `{"code":9223372036854775808,"msg":"","data":{}}`, "/code: type"},
		{deletion, `{"code":1e400,"msg":"","data":{}}`, "/code: type"},
		{deletion, `{"Code":1,"code":1000,"mſg":"","msg":"","data":{"STATUS":"Failed"}}`, "/Code: keyCase, /data/STATUS: keyCase, /mſg: keyCase"},
		{deletion, `null`, "nullable"},
		{deletion, `[]`, "type"},
		{image, `{"size":1,"when":"2026-01-30 12:00:00","tags":[],"kind":"a","note":null,"counts":{"x":1},"either":"s"}`, ""},
		{image, `{"size":2147483648}`, "/size: format, /size: type"},
		{image, `{"size":1,"kind":"c"}`, "/kind: enum"},
		{image, `{"size":1,"tags":["a",1,null]}`, "/tags/1: type, /tags/2: nullable"},
		{image, `{"size":1,"part":{"size":1,"part":{"Size":1,"size":1.0}}}`, "/part/part/Size: keyCase, /part/part/size: type"},
		{image, `{"size":1,"counts":{"Size":1,"x":1.0}}`, "/counts/x: type"},
		{image, `{"size":1,"either":{"n":1e2}}`, "/either/n: type"},
		{image, `{"size":1,"either":5}`, "/either: oneOf"},
	}
	for _, tt := range tests {
		t.Run(tt.body, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, check(t, tt.op, tt.body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Where a contract says that a property counts in one direction only, the
// direction is looked at.
func TestViolationsByDirection(t *testing.T) {
	t.Parallel()
	for direction, want := range map[string][2]string{"writeOnly": {"", "/kind: writeOnly"}, "readOnly": {"/kind: readOnly", ""}} {
		d := parseText(t, strings.Replace(grown, `"kind": {`, `"kind": {"`+direction+`": true, `, 1))
		const body = `{"size":1,"kind":"a"}`
		request := list(d.Operation("postImage").CheckRequest("application/json", []byte(body)))
		if got := [2]string{request, check(t, d.Operation("getImage"), body)}; got != want {
			t.Errorf("%s: request and response %q, want %q", direction, got, want)
		}
	}
}

// A hostile body must not cost more than the list that is made of it.
func TestViolationsAreBounded(t *testing.T) {
	t.Parallel()
	image := parseText(t, grown).Operation("getImage")
	many := strings.TrimSuffix(strings.Repeat("1,", 20000), ",")
	for name, body := range map[string]string{
		"many items":            `{"size":1,"tags":[` + many + `]}`,
		"more, in a large body": `{"size":1,"tags":[` + many + `,"` + strings.Repeat("x", maxManyErrors) + `"]}`,
		"many keys":             `{"size":1` + manyKeys(20000) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(check(t, image, body), ":"); n == 0 || n > MaxViolations {
				t.Errorf("%d violations", n)
			}
		})
	}
}

// manyKeys are members whose keys equal "size" but for case, in 14 spellings,
// and others that the schema does not declare.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	for mask := 1; mask < 15; mask++ {
		key := []byte("size")
		for bit := range key {
			if mask&(1<<bit) != 0 {
				key[bit] -= 'a' - 'A'
			}
		}
		fmt.Fprintf(&b, `,%q:1`, key)
	}
	return b.String()
}

// A server that writes null for what it leaves out says what a server says that
// leaves it out, in a response. Anything else that is null is a violation.
func TestNullInAResponse(t *testing.T) {
	t.Parallel()
	query, image := ours(t).Operation("infoByTaskId"), parseText(t, grown).Operation("getImage")
	for _, tt := range []struct {
		op         *Operation
		body, want string
	}{
		{query, `{"code":1000,"msg":"","data":{"url":null,"image_status":null,"error_message":null}}`, ""},
		{query, `{"code":1000,"msg":"","data":{"url":[null]}}`, "/data/url/0: nullable"},
		{query, `{"code":1000,"msg":"","data":{"Url":null}}`, "/data/Url: keyCase"},
		{query, `{"code":1000,"msg":"","data":null}`, "/data: nullable"},
		{query, `{"code":null,"msg":null,"data":{}}`, "/code: nullable, /msg: nullable"},
		{image, `{"size":1,"when":null,"tags":null,"kind":null,"note":null,"part":null,"counts":null,"either":null,"chain":null}`, ""},
		{image, `{"size":null}`, "/size: nullable"},
		{image, `{"size":1,"part":{"size":null,"tags":null}}`, "/part/size: nullable"},
		{image, `{"size":1,"counts":{"a":null}}`, "/counts/a: nullable"},
		{image, `{"size":1,"chain":{"next":null,"other":null}}`, "/chain/other: nullable"},
	} {
		if got := check(t, tt.op, tt.body); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.body, got, tt.want)
		}
	}
	requested := ours(t).Operation("deleteImagesTask").CheckRequest("application/json", []byte(`{"taskids":["a"],"uid":null}`))
	if got := list(requested); got != "/uid: nullable" {
		t.Errorf("a request: %q", got)
	}
}
