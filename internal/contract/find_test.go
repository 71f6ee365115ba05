package contract

import (
	"strings"
	"testing"
)

func TestFindString(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{ // "": none
		`{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`:            "task-4711",
		` { "data" : { "url" : null , "taskid" : "task-4711" } } `:          "task-4711",
		`{"data":{"taskid":"task-4711","url":`:                              "task-4711",
		`{"data":{"taskid":"task-4711"`:                                     "task-4711",
		`{"data":{"taskid":"task-47`:                                        "",
		`{"data":{"taskid":"task-4711"}}{"more":1}`:                         "task-4711",
		"\ufeff" + `{"data":{"taskid":"task-4711"}}`:                        "task-4711",
		`while(1);{"data":{"taskid":"task-4711"}}`:                          "task-4711",
		`{"a":1,"a":2,"data":{"taskid":"task-4711"}}`:                       "task-4711",
		`{"data":{"taskid":"task-4711"},"data":{"taskid":"task-4711"}}`:     "task-4711",
		`{"data":{"taskid":"a"},"data":{"taskid":"b"}}`:                     "",
		`{"data":{"taskid":"a","taskid":"b"}}`:                              "",
		`{"data":{"taskid":"a","TaskID":"b"}}`:                              "a",
		`{"Data":{"taskid":"b"},"data":{"taskid":"a"}}`:                     "a",
		`{"data":{"taskId":"a"}}`:                                           "a",
		`{"DATA":{"taskid":"a"}}`:                                           "a",
		`{"data":{"taskId":"a","TASKID":"b"}}`:                              "",
		`{"d\u0061ta":{"t\u0061skid":"\u0061\/b"}}`:                         "a/b",
		`{"x":"\"data\":{\"taskid\":\"b\"}","data":{"taskid":"a"}}`:         "a",
		`{"x":{"data":{"taskid":"b"}},"y":[{"data":{"taskid":"c"}}]}`:       "",
		`[{"data":{"taskid":"b"}}]`:                                         "",
		`{"data":[{"taskid":"b"}]}`:                                         "",
		`{"data":{"x":{"taskid":"b"},"y":["taskid","c"],"taskid":"a"}}`:     "a",
		`{"data":{"taskid":["b"]}}`:                                         "",
		`{"data":{"taskid":4711}}`:                                          "4711",
		`{"data":{"taskid": 9007199254740993 ,"url":`:                       "9007199254740993",
		`{"data":{"taskid":47`:                                              "",
		`{"data":{"taskid":47-11}}`:                                         "",
		`{"data":{"taskid":1,"taskid":"1"}}`:                                "1",
		`{"data":{"taskid":1,"taskid":2}}`:                                  "",
		`{"data":{"taskid":[1]}}`:                                           "",
		`{"data":{"other":4711}}`:                                           "",
		`{"data":{"taskid":null,"url":"x"}}`:                                "",
		`{"data":{"taskid":"abc\ud800def"}}`:                                "",
		"{\"data\":{\"taskid\":\"\xff\"}}":                                  "",
		`{"data":"taskid"}`:                                                 "",
		`{"taskid":"b","data":{}}`:                                          "",
		`{"data":{"taskid":"a"},"trap":{"data":{"taskid":"b"}}}`:            "a",
		`]]]}}}{"data":{"taskid":"a"}}`:                                     "a",
		`{"deep":` + strings.Repeat("[", 20_000) + `1,"data":{"taskid":"b"`: "",
		strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat("}", 20_000): "",
		`{"data":{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `,"taskid":"a"}}`: "a",
		"": "", `"`: "", `"\`: "", `{`: "", `<html>`: "",
	} {
		got, ok := FindString([]byte(body), "data", "taskid")
		if ok != (want != "") || ok && got != want {
			t.Errorf("%.80q: %q, %t; want %q", body, got, ok, want)
		}
	}
}

func TestFindStringOfNothing(t *testing.T) {
	t.Parallel()
	if got, ok := FindString([]byte(`{"a":"b"}`)); ok {
		t.Errorf("found %q", got)
	}
}

func FuzzFindString(f *testing.F) {
	f.Add([]byte(`{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`))
	f.Add([]byte(`{"data":{"TaskID":"\u00`))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, ok := FindString(data, "data", "taskid")
		body := ReadJSON(data)
		if body.Err != nil || len(body.Repeats) > 0 || len(body.Surrogates) > 0 {
			return
		}
		object, _ := body.Object()
		inner, _ := object["data"].(map[string]any)
		want, isString := inner["taskid"].(string)
		if isString && !strings.ContainsRune(want, '\ufffd') && (!ok || found != want) {
			t.Errorf("%q: %q, %t; want %q", data, found, ok, want)
		}
	})
}
