// Package unset_test sends requests of the contract beside it to a server. It is
// compiled in a module that was generated from that contract.
package unset_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
)

// sent is what the server read of one request.
type sent struct{ uri, headers, body string }

// trial starts a server and returns a client of it, and what it reads.
func trial(t *testing.T) (*generated.Client, *sent) {
	t.Helper()
	got := &sent{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got.uri = r.RequestURI
		for _, name := range []string{"Trace", "X-Depth", "X-List", "Cookie"} {
			for _, value := range r.Header.Values(name) {
				got.headers += name + ": " + value + "\n"
			}
		}
		body, _ := io.ReadAll(r.Body)
		got.body = string(body)
	}))
	t.Cleanup(server.Close)
	client, err := generated.NewClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return client, got
}

// body decodes a request from JSON, so that what was set is known to the letter.
func body[T any](t *testing.T, text string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

func parameters(t *testing.T, params *generated.ParametersParams) *sent {
	t.Helper()
	client, got := trial(t)
	resp, err := client.Parameters(context.Background(), "a/b", false, params)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return got
}

// What is not set is not sent, and what is set is, also if it is a zero.
func TestParameters(t *testing.T) {
	either := func(text string) *generated.ParametersParamsEither {
		return new(body[generated.ParametersParamsEither](t, text))
	}
	for name, tt := range map[string]struct {
		params  generated.ParametersParams
		query   string
		headers string
	}{
		"nothing":           {generated.ParametersParams{}, "must=0", ""},
		"zeros":             {generated.ParametersParams{Limit: new(0), Cursor: new(""), All: new(false), Page: new(0)}, "limit=0&cursor=&all=false&must=0&page=0", ""},
		"values":            {generated.ParametersParams{Limit: new(3), Cursor: new("a&b=c d"), Sort: new("asc"), Must: 1}, "limit=3&cursor=a%26b%3Dc%20d&must=1&sort=asc", ""},
		"lists":             {generated.ParametersParams{Tags: []string{"a", ""}, Kinds: []string{"k"}}, "must=0&tags=a&tags=&kinds=k", ""},
		"a union":           {generated.ParametersParams{Either: either(`"x"`)}, "must=0&either=x", ""},
		"the other":         {generated.ParametersParams{Either: either(`0`)}, "must=0&either=0", ""},
		"an object":         {generated.ParametersParams{Filter: &generated.Filter{Min: new(0)}}, "must=0&filter[min]=0", ""},
		"inside of one":     {generated.ParametersParams{Filter: &generated.Filter{Deep: &generated.FilterDeep{On: new(false)}}}, "must=0&filter[deep][on]=false", ""},
		"a flat object":     {generated.ParametersParams{Flat: &generated.Flat{Size: new(0)}}, "must=0&size=0", ""},
		"an empty text":     {generated.ParametersParams{Flat: &generated.Flat{Name: new("")}}, "must=0&name=", ""},
		"a map":             {generated.ParametersParams{Free: map[string]string{"k": ""}}, "must=0&k=", ""},
		"JSON":              {generated.ParametersParams{JSON: &generated.Filter{}}, "must=0&json=%7B%7D", ""},
		"any":               {generated.ParametersParams{Any: new(any(false))}, "must=0&any=false", ""},
		"headers":           {generated.ParametersParams{Trace: new("t"), XDepth: new(0.0), XList: []int{0, 1}}, "must=0", "Trace: t\nX-Depth: 0\nX-List: 0,1\n"},
		"an empty header":   {generated.ParametersParams{Trace: new("")}, "must=0", "Trace: \n"},
		"cookies":           {generated.ParametersParams{Session: new("s"), Debug: new(false)}, "must=0", "Cookie: session=s; debug=false\n"},
		"a cookie of zeros": {generated.ParametersParams{Session: new("")}, "must=0", "Cookie: session=\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := parameters(t, &tt.params)
			path, query, _ := strings.Cut(got.uri, "?")
			if path != "/p/a%2Fb/false" || sorted(t, query) != sorted(t, tt.query) || got.headers != tt.headers {
				t.Errorf("sent %s %q; want ?%s %q", got.uri, got.headers, tt.query, tt.headers)
			}
		})
	}
}

// sorted returns a query in a fixed order of its names.
func sorted(t *testing.T, query string) string {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return values.Encode()
}

// A body arrives as the caller wrote it, whatever it leaves out.
func TestBodies(t *testing.T) {
	for name, tt := range map[string]struct {
		send  func(c *generated.Client, text string) (*http.Response, error)
		texts []string
	}{
		"object": {func(c *generated.Client, text string) (*http.Response, error) {
			return c.JSON(context.Background(), body[generated.Job](t, text))
		}, jobs},
		"object with additional properties": {func(c *generated.Client, text string) (*http.Response, error) {
			return c.Open(context.Background(), body[generated.Open](t, text))
		}, open},
		"union with properties": {func(c *generated.Client, text string) (*http.Response, error) {
			return c.Either(context.Background(), body[generated.Either](t, text))
		}, eithers},
		"merged": {func(c *generated.Client, text string) (*http.Response, error) {
			return c.Merged(context.Background(), body[generated.MergedJSONRequestBody](t, text))
		}, merged},
		"patch": {func(c *generated.Client, text string) (*http.Response, error) {
			return c.Patch(context.Background(), body[generated.Crop](t, text))
		}, []string{`{"width":0}`, `{"note":"","width":0}`}},
	} {
		for _, text := range tt.texts {
			t.Run(name+" "+text, func(t *testing.T) {
				client, got := trial(t)
				resp, err := tt.send(client, text)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if canonical(t, got.body) != canonical(t, text) {
					t.Errorf("sent %s", got.body)
				}
			})
		}
	}
}

// canonical returns JSON with its keys in a fixed order.
func canonical(t *testing.T, text string) string {
	t.Helper()
	data, err := json.Marshal(body[any](t, text))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// job completes an object with what the contract requires.
func job(properties string) string {
	return `{"id":"","nothing":null,"secret":false` + properties + `}`
}

var jobs = []string{
	job(``), job(`,"watermark":false`), job(`,"watermark":true`), job(`,"flag":false`), job(`,"count":0`), job(`,"batch":1`),
	job(`,"ratio":0`), job(`,"title":""`), job(`,"note":""`), job(`,"word":"a","style":"x"`), job(`,"tags":[]`), job(`,"tags":[""]`),
	job(`,"kinds":[]`), job(`,"crop":{"width":0}`), job(`,"crop":{"width":0,"note":""}`), job(`,"inline":{}`), job(`,"inline":{"width":0}`),
	job(`,"map":{}`), job(`,"map":{"a":0}`), job(`,"free":{}`), job(`,"free":{"a":null}`), job(`,"any":0`), job(`,"any":false`), job(`,"any":""`),
	job(`,"either":""`), job(`,"either":0`), job(`,"steps":[]`), job(`,"steps":[{},{"on":false}]`), job(`,"pin":0`), job(`,"maybe":0`),
	`{"id":"i","nothing":"","secret":true}`,
}

var open = []string{
	`{"id":""}`, `{"id":"","batch":1}`, `{"id":"","note":""}`, `{"id":"","tags":[],"kinds":[],"map":{}}`, `{"id":"","tags":[""],"kinds":["a"],"map":{"a":""}}`,
	`{"id":"","any":0}`, `{"id":"","crop":{"width":0}}`, `{"id":"","other":"","more":"x"}`, `{"id":"","named":{"a":""}}`, `{"id":"","nested":{"on":false}}`,
}

var eithers = []string{
	`{"name":""}`, `{"name":"","on":false}`, `{"name":"","size":0}`, `{"name":"","on":true,"size":1,"tags":[]}`,
}

var merged = []string{
	`{"name":""}`, `{"name":"","more":false}`, `{"name":"","crop":{"width":0}}`, `{"name":"","size":0,"list":[]}`, `{"name":"","open":""}`,
}

func TestForm(t *testing.T) {
	for text, want := range map[string]string{
		`{"id":""}`:                       "id=",
		`{"id":"","on":false,"n":1}`:      "id=&n=1&on=false",
		`{"id":"a","tags":["x",""]}`:      "id=a&tags%5B0%5D=x&tags%5B1%5D=",
		`{"id":"a","crop":{"width":0}}`:   "crop%5Bwidth%5D=0&id=a",
		`{"id":"a","note":"","tags":[]}`:  "id=a&note=",
		`{"id":"a","count":0,"state":""}`: "count=0&id=a&state=",
	} {
		client, got := trial(t)
		resp, err := client.FormWithFormdataBody(context.Background(), body[generated.Form](t, text))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got.body != want {
			t.Errorf("%s: sent %s; want %s", text, got.body, want)
		}
	}
}

// Responses keep plain values.
func TestResponsesArePlain(t *testing.T) {
	node := generated.Node{Name: "a", Kind: "n", On: true, Crop: generated.NodeCrop{Width: 1}}
	if node.Parent = &(generated.Node{Name: "b"}); node.Parent.Name != "b" { // a struct can't hold itself
		t.Error(node)
	}
}
