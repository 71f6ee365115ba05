// Package names_test exchanges values under odd names. It is compiled in a module that
// was generated from the contract beside it.
package names_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
)

// echo starts a server that returns, as the response, the body that it reads, and a
// client of it.
func echo(t *testing.T) (*generated.ClientWithResponses, *string) {
	t.Helper()
	got := new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*got = r.URL.RawQuery + " " + string(body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"odd":` + string(body) + `,"in,line":{"@id":"i","（x）":3}}`))
	}))
	t.Cleanup(server.Close)
	client, err := generated.NewClientWithResponses(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return client, got
}

const odd = `{"@type":"t","-":0,"comma,x":"","must,be":false,"$id":"i","1st":1,"a b":"s","c.d":["x",""],"größe":1.5,"a'b,c":{"x,y":0},"Ünï":"u","type name 进度":"p"}`

// Whatever a property is called, its value is sent and received under that name.
func TestValuesAreKept(t *testing.T) {
	for _, text := range []string{odd, `{"must,be":true}`, `{"must,be":false,"-":7}`} {
		var request generated.Odd
		if err := json.Unmarshal([]byte(text), &request); err != nil {
			t.Fatal(err)
		}
		if len(request.AdditionalProperties) != 0 {
			t.Errorf("not in a field: %v", request.AdditionalProperties)
		}
		client, sent := echo(t)
		params := &generated.ExchangeParams{Type: new("q"), AB: new("x"), N1: new("")}
		response, err := client.ExchangeWithResponse(context.Background(), "id", params, request)
		if err != nil {
			t.Fatal(err)
		}
		query := "%40type=q&a%5Bb%5D=x&1= "
		if (*sent)[:len(query)] != query || !equal(t, (*sent)[len(query):], text) {
			t.Errorf("sent %s; want %s", *sent, text)
		}
		if got := response.JSON200; !equal(t, marshal(t, got.Odd), text) || got.InLine.ID != "i" || got.InLine.X != 3 {
			t.Errorf("received %+v", got)
		}
	}
}

// In unions and merged schemas, too.
func TestValuesOfUnionsAreKept(t *testing.T) {
	for _, text := range []string{`{"comma,x":"","plain":false}`, `{"must,be":true,"it's":"","-":1}`} {
		var request generated.ChooseJSONRequestBody
		if err := json.Unmarshal([]byte(text), &request); err != nil {
			t.Fatal(err)
		}
		first, err := request.AsChooseBody0()
		second, err2 := request.AsChooseBody1()
		if err != nil || err2 != nil || !equal(t, marshal(t, request), text) || !equal(t, marshal(t, first), text) && !equal(t, marshal(t, second), text) {
			t.Errorf("%s: %+v, %+v, %v, %v", text, first, second, err, err2)
		}
	}
	var merged generated.MergeJSONRequestBody
	text := `{"must,be":false,"-":0,"and so on…":0,"@type":""}`
	if err := json.Unmarshal([]byte(text), &merged); err != nil || !equal(t, marshal(t, merged), text) {
		t.Errorf("%+v, %v", merged, err)
	}
}

// Each property has an exported field, which holds its name.
func TestEachPropertyHasAField(t *testing.T) {
	var want map[string]any
	if err := json.Unmarshal([]byte(odd), &want); err != nil {
		t.Fatal(err)
	}
	kind := reflect.TypeFor[generated.Odd]()
	for i := range kind.NumField() {
		field := kind.Field(i)
		name, ok := field.Tag.Lookup("property")
		if !ok {
			name = ""
			for given := range want {
				if tag := field.Tag.Get("json"); tag == given || tag == given+",omitempty" || tag == given+",omitzero" {
					name = given
				}
			}
		}
		if field.IsExported() && !field.Anonymous {
			delete(want, name)
		}
	}
	if len(want) != 0 {
		t.Errorf("no field for %v", want)
	}
}

func marshal(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func equal(t *testing.T, a, b string) bool {
	t.Helper()
	var values [2]any
	for i, text := range []string{a, b} {
		if err := json.Unmarshal([]byte(text), &values[i]); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}
