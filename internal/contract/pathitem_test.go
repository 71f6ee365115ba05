package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// pathsOf returns a document in which each path has the methods GET and POST, with an
// operationId of its own, "GET path", and the parameters that it names.
func pathsOf(t *testing.T, paths ...string) *Document {
	t.Helper()
	var items []string
	for _, path := range paths {
		path, methods, _ := strings.Cut(path, " ")
		var parameters []string
		for _, m := range pathVariable.get().FindAllStringSubmatch(path, -1) {
			parameter := `{"name": ` + quotedJSON(variableName(m[1])) + `, "in": "path", "required": true, "schema": {"type": "string"}}`
			if !slices.Contains(parameters, parameter) {
				parameters = append(parameters, parameter)
			}
		}
		item := `"parameters": [` + strings.Join(parameters, ", ") + `]`
		for method := range strings.SplitSeq(methods, ",") {
			item += fmt.Sprintf(`, %q: {"responses": {"200": {"description": "ok"}}}`, strings.ToLower(method))
		}
		items = append(items, quotedJSON(strings.ReplaceAll(path, "_", " "))+`: {`+item+`}`)
	}
	return parseText(t, `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {`+strings.Join(items, ", ")+`}}`)
}

// The template that says most about a path is the one that is meant, wherever its
// literal text stands and however many variables it has.
func TestFindChoosesTheMostSpecific(t *testing.T) {
	t.Parallel()
	d := pathsOf(t, "/t/{id} GET,POST", "/t/{id}:verb POST", "/t/{id}:verb:more POST", "/t/{a}-{b} GET", "/t/{id}.json GET", "/t/{id}.{ext} POST",
		"/t/{id}/ GET", "/t/{id}/x GET", "/t/{id}/{sub} GET,POST", "/{kind}/y/{sub} GET", "/t/x/{sub} POST", "/ GET", "/t GET", "/t/ GET", "/r/{rest*} GET", `/n/{n:[0-9]+} GET`)
	for _, tt := range []struct{ method, path, want, allow string }{
		{"POST", "/t/1", "/t/{id}", ""},
		{"POST", "/t/1:verb", "/t/{id}:verb", ""},
		{"POST", "/t/1:verb:more", "/t/{id}:verb:more", ""},
		{"POST", "/t/1:verbs", "/t/{id}", ""},
		{"POST", "/t/1%3Averb", "/t/{id}", ""}, // the id of one that escapes its colon
		{"GET", "/t/1:verb", "/t/{id}", ""},
		{"POST", "/t/:verb", "", ""}, // the verb of no id, and not the id ":verb"
		{"GET", "/t/:verb", "/t/{id}", ""},
		{"GET", "/t/1-2", "/t/{a}-{b}", ""},
		{"GET", "/t/1-2-3", "/t/{a}-{b}", ""},
		{"GET", "/t/1-", "", ""},
		{"POST", "/t/1-2", "/t/{id}", ""},
		{"GET", "/t/1.json", "/t/{id}.json", ""},
		{"GET", "/t/1.json.gz", "/t/{id}", ""},
		{"GET", "/t/1%2Ejson", "/t/{id}.json", ""},
		{"POST", "/t/1.json", "/t/{id}.{ext}", ""},
		{"GET", "/t/1/", "/t/{id}/", ""},
		{"GET", "/t/1/x", "/t/{id}/x", ""},
		{"GET", "/t/1/y", "/t/{id}/{sub}", ""},
		{"GET", "/u/y/1", "/{kind}/y/{sub}", ""},
		{"GET", "/t/y/1", "/t/{id}/{sub}", ""}, // what is said first counts
		{"POST", "/t/x/1", "/t/x/{sub}", ""},
		{"POST", "/t/x/", "", ""},
		{"POST", "/t/x", "/t/{id}", ""},
		{"GET", "/t//x", "", ""},
		{"GET", "/", "/", ""},
		{"GET", "/t", "/t", ""},
		{"GET", "/t/", "/t/", ""},
		{"POST", "/t/", "", "GET"},
		{"PUT", "/t/1", "", "GET, POST"},
		{"GET", "/r/a", "/r/{rest*}", ""},
		{"GET", "/r/a/b", "", ""},
		{"GET", "/n/1", "/n/{n:[0-9]+}", ""},
	} {
		got := ""
		op, _, allow := d.Find(tt.method, tt.path)
		if op != nil {
			got = op.Path
		}
		if got != tt.want || allow != tt.allow {
			t.Errorf("%s %s: %q, allow %q; want %q, %q", tt.method, tt.path, got, allow, tt.want, tt.allow)
		}
	}
}

// A path is found however it is written, in the document and in the request.
func TestFindInAnySpelling(t *testing.T) {
	t.Parallel()
	for _, spellings := range [][]string{
		{"/v1/größe/{id}", "/v1/gr%C3%B6%C3%9Fe/{id}", "/v1/gr%c3%b6%c3%9fe/{id}", "/v1/gr%C3%B6ße/{id}"},
		{"/v1/a_b/{id}", "/v1/a%20b/{id}"},
		{"/v1/x|y/{id}", "/v1/x%7Cy/{id}", "/v1/x%7cy/{id}"},
		{"/v1/{id}/größe", "/v1/{id}/gr%C3%B6%C3%9Fe"},
		{"/v1/{id}:größe", "/v1/{id}:gr%C3%B6%C3%9Fe"},
		{"/v1/~a(b)/{id}", "/v1/%7Ea%28b%29/{id}"},
		{"/v1/图/{id}.json", "/v1/%E5%9B%BE/{id}.json", "/v1/%e5%9b%be/{id}%2ejson"},
		{"/v1/a%2Fb/{id}", "/v1/a%2fb/{id}"},
		{"/größe", "/gr%C3%B6%C3%9Fe", "/gr%C3%B6%C3%9fe"},
		{"/a%3Fb/{id}", "/a%3fb/{id}"},
		{"/100%/{id}", "/100%25/{id}"},
	} {
		for _, document := range spellings {
			d := pathsOf(t, document+" GET")
			for _, sent := range spellings {
				sent = strings.ReplaceAll(strings.ReplaceAll(sent, "_", " "), "{id}", "a%2Fb%20%C3%A9")
				op, values, _ := d.Find("GET", sent)
				if op == nil {
					t.Errorf("%s does not match %s", sent, document)
				} else if want := (map[string]string{"id": "a/b é"}); strings.Contains(document, "{id}") && !maps.Equal(values, want) {
					t.Errorf("%s of %s: %q", sent, document, values)
				}
			}
		}
	}
}

func TestFindReturnsAllValues(t *testing.T) {
	t.Parallel()
	d := pathsOf(t, "/t/{a}-{b} GET", "/t/{id}.json GET", "/t/{x}/{y} GET", "/r/{rest*} GET", "/s/{id}/{id} GET")
	for path, want := range map[string]map[string]string{
		"/t/1-2":       {"a": "1", "b": "2"},
		"/t/1-2-3":     {"a": "1-2", "b": "3"},
		"/t/a%2Db-c":   {"a": "a-b", "b": "c"},
		"/t/%2e.json":  {"id": "."},
		"/t/%2F/%25":   {"x": "/", "y": "%"},
		"/t/%zz/%":     {"x": "%zz", "y": "%"},
		"/r/a":         {"rest": "a"},
		"/s/one/other": {"id": "other"},
	} {
		if _, got, _ := d.Find("GET", path); !maps.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
