package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Keywords that the published contract does not have: nesting, unions, readOnly.
func TestSchemas(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	for name, c := range map[string]struct{ body, msg string }{
		"plain":                 {`{"taskid":"a","page":null,"filter":{"color":"red"}}`, ""},
		"too short":             {`{"taskid":""}`, `"/taskid" does not satisfy "minLength"`},
		"not of the enum":       {`{"taskid":"a","filter":{"color":"` + marker + `"}}`, `"/filter/color" does not satisfy "enum"`},
		"required by allOf":     {`{"taskid":"a","filter":{}}`, `"/filter/color" is required`},
		"case within allOf":     {`{"taskid":"a","filter":{"color":"red","Color":"red"}}`, `"/filter/Color"; the contract has "/filter/color"`},
		"neither of oneOf":      {`{"taskid":"a","either":7}`, `"/either" does not satisfy "oneOf"`},
		"one of oneOf":          {`{"taskid":"a","either":{"color":"blue"}}`, ""},
		"case within oneOf":     {`{"taskid":"a","either":{"COLOR":"blue"}}`, `the contract has "/either/color"`},
		"unknown key":           {`{"taskid":"a","filter":{"color":"red","size":1}}`, `"/filter" does not satisfy "properties"`},
		"case within a list":    {`{"taskid":"a","list":[{"color":"red"},{"Color":"red"}]}`, `the contract has "/list/1/color"`},
		"case within a map":     {`{"taskid":"a","labels":{"x":{"Color":"red"}}}`, `the contract has "/labels/x/color"`},
		"recursion":             {`{"taskid":"a","self":{"taskid":"b","self":{"taskid":"c"}}}`, ""},
		"case within recursion": {`{"taskid":"a","self":{"taskid":"b","self":{"TaskID":"c"}}}`, `the contract has "/self/self/taskid"`},
		"applies to itself":     {`{"taskid":"a","knot":{"End":"x"}}`, `the contract has "/knot/end"`},
		"read-only":             {`{"taskid":"a","made":"now"}`, `"/made" does not satisfy "readOnly"`},
		"fraction":              {`{"taskid":"a","page":1.5}`, `"/page" must be of type integer`},
		"number out of range":   {`{"taskid":"a","page":1e999}`, `"/page" must be of type integer`},
	} {
		t.Run(name, func(t *testing.T) {
			got := must(t, send(srv, request(t, srv, http.MethodPost, "/v2/tasks/info", c.body)))
			if c.msg == "" {
				if got.status != 200 {
					t.Errorf("status %d, body %s", got.status, got.body)
				}
			} else if msg := wantError(t, got, 400); !strings.Contains(msg, c.msg) || strings.Contains(msg, marker) || strings.Contains(msg, "\n") {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
		})
	}
}

// The cost of a check grows with the square of the depth of what the schema
// describes, which is bounded.
func TestDeepBodies(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	lists := func(depth int) string {
		return `{"taskid":"a","other":` + strings.Repeat("[", depth-1) + "7" + strings.Repeat("]", depth-1) + "}"
	}
	chain := func(depth int) string {
		return `{"taskid":"a","chain":` + strings.Repeat(`{"next":`, depth-1) + "7" + strings.Repeat("}", depth-1) + "}"
	}
	for name, c := range map[string]struct{ body, msg string }{
		"not described":        {lists(9000), ""},
		"allOf, at the limit":  {chain(250), `nex…" does not satisfy "type"`},
		"allOf, beyond":        {chain(251), `nex…" is nested too deeply`},
		"allOf, far beyond":    {chain(9000), `nex…" is nested too deeply`},
		"beyond encoding/json": {lists(20_000), "not one JSON value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := send(srv, request(t, srv, http.MethodPost, "/v2/tasks/info", c.body))
			if c.msg == "" {
				if must(t, got).status != 200 {
					t.Errorf("status %d, body %s", got.status, got.body)
				}
			} else if msg := wantError(t, got, 400); !strings.Contains(msg, c.msg) || len(msg) > 300 {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
		})
	}
}
