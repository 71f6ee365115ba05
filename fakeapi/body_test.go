package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestBodiesThatViolateTheContract(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ body, msg string }{
		"empty":                {"", "the body is empty"},
		"white space":          {" \n", "the body is empty"},
		"not JSON":             {marker, "not one JSON value"},
		"cut off":              {`{"taskids":["` + marker + `"`, "not one JSON value"},
		"trailing value":       {`{"taskids":["a"]}{"taskids":["` + marker + `"]}`, "at byte 18"},
		"trailing word":        {`{"taskids":["a"]} ` + marker, "not one JSON value"},
		"byte order mark":      {"\ufeff" + `{"taskids":["a"]}`, "not one JSON value"},
		"not UTF-8":            {"{\"taskids\":[\"a\xff\"]}", "not valid UTF-8"},
		"half a pair":          {`{"taskids":["a\ud83d"]}`, "half a surrogate pair"},
		"half a pair, low":     {`{"taskids":["\ude00"]}`, "half a surrogate pair"},
		"half a pair, twice":   {`{"taskids":["\ud83d\ud83d"]}`, "half a surrogate pair"},
		"half a pair, letter":  {`{"taskids":["\ud83dabcdefgh"]}`, "half a surrogate pair"},
		"null":                 {"null", "it must not be null"},
		"array":                {`["` + marker + `"]`, "it must be of type object"},
		"string":               {`"` + marker + `"`, "it must be of type object"},
		"no ids":               {"{}", `"/taskids" is required`},
		"ids null":             {`{"taskids":null}`, `"/taskids" must not be null`},
		"ids a string":         {`{"taskids":"` + marker + `"}`, `"/taskids" must be of type array`},
		"id a number":          {`{"taskids":["a",12345678]}`, `"/taskids/1" must be of type string`},
		"id null":              {`{"taskids":["a",null]}`, `"/taskids/1" must not be null`},
		"id an object":         {`{"taskids":[{"id":"` + marker + `"}]}`, `"/taskids/0" must be of type string`},
		"uid null":             {`{"taskids":["a"],"uid":null}`, `"/uid" must not be null`},
		"uid a number":         {`{"taskids":["a"],"uid":7}`, `"/uid" must be of type string`},
		"repeated key":         {`{"taskids":["a"],"taskids":["` + marker + `"]}`, `the key "/taskids" is repeated`},
		"repeated key escaped": {`{"taskids":["a"],"task\u0069ds":["b"]}`, `the key "/taskids" is repeated`},
		"repeated other key":   {`{"taskids":["a"],"x":{"y":1,"y":2}}`, `the key "/x/y" is repeated`},
		"other case":           {`{"TaskIds":["` + marker + `"]}`, `the key "/TaskIds"; the contract has "/taskids"`},
		"other case as well":   {`{"taskids":["a"],"UID":"b"}`, `the key "/UID"; the contract has "/uid"`},
		"long s":               {`{"taskids":["a"],"taſkids":["b"]}`, `the contract has "/taskids"`},
		"deep":                 {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "not one JSON value"},
		"long repeated key":    {`{"` + strings.Repeat("k", 5000) + `":1,"` + strings.Repeat("k", 5000) + `":1}`, "is repeated"},
	}
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			msg := wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, c.body)), 400)
			if !strings.Contains(msg, c.msg) || strings.Contains(msg, marker) || len(msg) > 300 {
				t.Errorf("msg %q, want %q in it and nothing of the values", msg, c.msg)
			}
			all := srv.Requests()
			if last := all[len(all)-1]; last.Breach != msg || string(last.Body) != c.body || last.Status != 400 {
				t.Errorf("recorded %v, violation %q", last, last.Breach)
			}
		})
	}
	wantTasks(t, srv, "a")
}

func TestBodiesThatSatisfyTheContract(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored())
	for name, body := range map[string]string{
		"no ids in the list": `{"taskids":[]}`,
		"white space around": "\r\n {\"taskids\" : [\"a\"]}\n\t",
		"unknown key":        `{"taskids":["a"],"note":{"deep":[1,2.5,true,null]}}`,
		"same key elsewhere": `{"taskids":["a"],"note":{"taskids":1,"TASKIDS":2}}`,
		"escapes":            `{"taskids":["\ud83d\ude00","\\ud83d","\u00e9\n\"\/"]}`,
		"empty and blank":    `{"taskids":[""," "]}`,
	} {
		t.Run(name, func(t *testing.T) {
			wantJSON(t, send(srv, request(t, srv, http.MethodPost, deletePath, body)), 200, successBody)
		})
	}
}
