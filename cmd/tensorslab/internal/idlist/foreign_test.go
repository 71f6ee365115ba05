package idlist

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// JSON lines with an id are a list, as the command itself writes them.
func TestLoadObjects(t *testing.T) {
	t.Parallel()
	long := `{"type":"info","id":"long","url":["https://example.com/` + strings.Repeat("x", 100_000) + `"]}`
	for name, tt := range map[string]struct {
		in   string
		want []string
	}{
		"of images generate": {`{"type":"task","id":"a","model":"zimage"}` + "\n", []string{"a"}},
		"of images info":     {`{"type":"info","id":"a","status":"queued"}` + "\n" + `{"type":"error","id":"b","error":"{"}` + "\n", []string{"a", "b"}},
		"longer than an id":  {long + "\n", []string{"long"}},
		"beside bare ids":    {"a\n" + `{"id":"b"}` + "\r\n# note\nc\n", []string{"a", "b", "c"}},
		"white space":        {` { "x" : [1, {"id":"no"}], "id" : "a" } ` + "\n", []string{"a"}},
		"escaped":            {`{"id":"\u0061_1"}`, []string{"a_1"}},
		"after a mark":       {"\ufeff" + `{"id":"a"}`, []string{"a"}},
	} {
		l := New()
		if err := l.Load(strings.NewReader(tt.in), "ids.txt"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, l.IDs()); diff != "" {
			t.Errorf("%s: ids (-want +got):\n%s", name, diff)
		}
	}
}

// Any other kind of file is refused at its first line that is not an id.
func TestLoadRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	const (
		json    = "the line is JSON, which is taken only as one object with an id per line"
		quotes  = "the id contains quotes; write one bare id per line"
		table   = "the line is one of a table; write one id per line"
		heading = "the line is the heading of a column; this is not a list of ids"
		noID    = "the JSON object has no id; this is not a list of ids"
	)
	for name, tt := range map[string]struct{ in, want string }{
		"a JSON array":                  {`["a","b"]`, "1: " + json},
		"an array over many lines":      {"[\n\"a\",\n\"b\"\n]\n", "1: " + json},
		"an object over many lines":     {"{\n\"id\": \"a\"\n}\n", "1: " + brokenObject},
		"lines of images delete":        {`{"type":"batch","ids":["a"],"outcome":"deleted"}`, "1: " + noID},
		"an id that is null":            {`{"id":null}`, "1: the id of the JSON object is not a string"},
		"an id that is a number":        {`{"id":7}`, "1: the id of the JSON object is not a string"},
		"two ids":                       {`{"id":"a","id":"b"}`, "1: the JSON object has more than one id"},
		"an id in another case":         {`{"ID":"a"}`, "1: " + noID},
		"an id further down":            {`{"data":{"id":"a"}}`, "1: " + noID},
		"an empty object":               {`{}`, "1: " + noID},
		"an empty id":                   {`{"id":""}`, "1: the id is blank"},
		"an id with a space":            {`{"id":"a b"}`, "1: the id contains white space; write one id per line"},
		"half a surrogate pair":         {`{"id":"a\ud800"}`, "1: the id of the JSON object is not valid text"},
		"invalid UTF-8 in JSON":         {"{\"id\":\"a\xff\"}", "1: the line is not valid UTF-8"},
		"two objects in a line":         {`{"id":"a"}{"id":"b"}`, "1: " + brokenObject},
		"an object that is cut":         {`{"id":"a"`, "1: " + brokenObject},
		"a trailing comma":              {`{"id":"a"},`, "1: " + brokenObject},
		"double quotes":                 {"\"a\"\n\"b\"\n", "1: " + quotes},
		"single quotes":                 {"a\n'b'\n", "2: " + quotes},
		"a table":                       {"id,status\na,queued\n", "1: " + table},
		"a table without a heading":     {"a,queued\n", "1: " + table},
		"semicolons":                    {"a;b\n", "1: " + table},
		"one column with a heading":     {"id\na\n", "1: " + heading},
		"a heading in capitals":         {"\ufeffTASK_ID\na\n", "1: " + heading},
		"a heading in the middle":       {"a\ntaskids\nb\n", "2: " + heading},
		"HTML":                          {"<html>\n", "1: the line is markup; write one id per line"},
		"addresses":                     {"https://example.com/a.png\n", "1: the line is a URL and not an id"},
		"names of images":               {"task_000001-1.png\n", "1: the line is the name of a file and not an id"},
		"YAML":                          {"ids:\n", "1: the line is a setting and not an id"},
		"a .env file":                   {"# mine\nTENSORSLAB_API_KEY=sk-1\n", "2: the line is a setting and not an id"},
		"a byte too many for an object": {`{"id":"` + strings.Repeat("x", maxObject) + `"}`, "1: " + tooLong},
	} {
		l := New()
		err := l.Load(strings.NewReader(tt.in), "ids.txt")
		if err == nil || err.Error() != "ids.txt:"+tt.want {
			t.Errorf("%s: %v, ids %q; want ids.txt:%s", name, err, l.IDs(), tt.want)
		}
	}
}

// Words that only resemble a heading are ids.
func TestIDsLikeHeadings(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"id1", "idea", "task_1", "images", "tasks", "task_000001", "a:b", "a/b", "a#1"} {
		if reason := foreign([]byte(id)); reason != "" {
			t.Errorf("%s: %s", id, reason)
		}
	}
}
