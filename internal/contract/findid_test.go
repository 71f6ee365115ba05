package contract

import (
	"strings"
	"testing"
)

func TestFindID(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct{ there, anywhere string }{
		`{"data":{"taskid":"a"},"taskid":"b"}`:                      {"a", "a"},
		`{"data":{"taskid":" "},"taskid":"b"}`:                      {"", ""},
		`{"data":{"taskid":"a","taskid":"b"}}`:                      {"", ""},
		`{"data":{"taskid":"abc\ud800"}}`:                           {"", ""},
		`{"data":[{"taskid":"a"}]}`:                                 {"", "a"},
		`{"data":[{"TaskId" : "a"},{"taskid":null},{"taskid":""}]}`: {"", "a"},
		`{"data":[{"taskid":"a"},{"taskid":"b"}]}`:                  {"", ""},
		`{"data":[{"taskid":"a"},{"taskid":"abc\ud800"}]}`:          {"", ""},
		`{"data":[{"taskid":"a\/b"},{"taskid":"a/b"}]}`:             {"", "a/b"},
		`{"data":[{"taskid":4711}]}`:                                {"", "4711"},
		`{"data":[{"taskid":47-11}]}`:                               {"", ""},
		`{"data":[{"taskid":47`:                                     {"", ""},
		`{"data":[{"taskid":"47`:                                    {"", ""},
		`{"data":[{"taskid":"a` + `\`:                               {"", ""},
		`{"data":[{"taskid":`:                                       {"", ""},
		`{"data":[{"taskid"`:                                        {"", ""},
		`{"data":{"taskid":[ "a" ]}}`:                               {"", "a"},
		`{"data":{"taskid":["a","b"]}}`:                             {"", ""},
		`{"data":{"taskid":[5]}}`:                                   {"", ""},
		`{"data":{"taskid":[`:                                       {"", ""},
		`{"data":{"taskid":{"id":"a"}}}`:                            {"", ""},
		`{"taskid":"a","data":[]}`:                                  {"", "a"},
		`{"msg":"6" nail","data":{"taskid":"a"}}`:                   {"", "a"},
		"{\"msg\":\"\xd5\\\",\"data\":{\"taskid\":\"a\"}}":          {"", "a"},
		`Warning: index "x{"code":1000,"data":{"taskid":"a"}}`:      {"", "a"},
		`{"data":"{\"taskid\":\"a\"}"}`:                             {"", "a"},
		`{"data":"{\"taskid\":\"a\"}","taskid":"b"}`:                {"", ""},
		` "{\"data\":{\"taskid\":\"a\"}}" `:                         {"", "a"},
		`{"msg":"the prompt {\"taskid\":\"a\"} is bad"}`:            {"", ""},
		`{"msg":"no \"taskid\" here","x":["taskid"]}`:               {"", ""},
		`{"xtaskid":"a","taskidx":"b"}`:                             {"", ""},
		`"`:                                                         {}, `""`: {}, `"taskid"`: {}, `5`: {}, ``: {}, `null`: {}, `{}`: {},
		strings.Repeat(`"taskid":`, 20_000): {},
	} {
		for anywhere, want := range map[bool]string{false: want.there, true: want.anywhere} {
			if got := FindID([]byte(body), anywhere, "data", "taskid"); got != want {
				t.Errorf("%.80q, anywhere %t: %q, want %q", body, anywhere, got, want)
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]bool{
		`{"a":[{"TaskID":null}]}`: true, `<taskid>`: true, "\xff" + `taskid`: true, `"\"taskid`: true, `task`: false, `task id`: false, ``: false,
	} {
		if Names([]byte(data), "taskid") != want {
			t.Errorf("%q: %t", data, !want)
		}
	}
}

func FuzzFindID(f *testing.F) {
	f.Add([]byte(`{"code":1000,"msg":"6" nail","data":[{"taskid":"task-4711"}]}`))
	f.Add([]byte(`{"data":"{\"TaskID\":[\"a`))
	f.Fuzz(func(t *testing.T, data []byte) {
		there, anywhere := FindID(data, false, "data", "taskid"), FindID(data, true, "data", "taskid")
		if there != "" && anywhere != there {
			t.Errorf("%q: %q, and anywhere %q", data, there, anywhere)
		}
		hasNumber(data, "code", 1000)
	})
}
