package fakeapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

// videos is a contract of another service: it has an operation of the same id at
// another path, with another body and another key.
const videos = `{"openapi":"3.0.3","info":{"title":"Videos","version":"1"},"paths":{"/v1/videos/infobytaskid":{"post":{
	"operationId":"infoByTaskId","security":[{"Key":[]}],"requestBody":{"required":true,"content":{"application/json":{
		"schema":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}}}},
	"responses":{"200":{"description":"OK","content":{"application/json":{"example":{"seconds":4}}}}}}}},
	"components":{"securitySchemes":{"Key":{"type":"apiKey","in":"header","name":"X-Video-Key"}}}}`

// twoServices starts a server of the contract of this module and of another one.
func twoServices(t *testing.T) *Server {
	t.Helper()
	other, err := readDocument([]byte(videos), nil)
	if err != nil {
		t.Fatal(err)
	}
	both, err := published()
	if err != nil {
		t.Fatal(err)
	}
	srv := Start(t, WithTasks("a"))
	srv.documents = append(both[:len(both):len(both)], other)
	srv.secret = srv.documents.secret()
	return srv
}

// post sends a JSON body with a key in each of the headers, and returns the status.
func post(t *testing.T, srv *Server, path, body string, headers ...string) int {
	t.Helper()
	header := http.Header{}
	for _, name := range headers {
		header.Set(name, "key-0123456789")
	}
	return serveAlone(srv, http.MethodPost, path, jsonType, body, header)
}

func TestTwoContractsWithOneOperationID(t *testing.T) {
	t.Parallel()
	srv := twoServices(t)
	images, err := published()
	if err != nil {
		t.Fatal(err)
	}
	info := images.operation("infoByTaskId").Path
	const other = "/v1/videos/infobytaskid"
	for _, c := range []struct {
		path, body, header string
		status             int
	}{
		{info, `{"taskid":"a"}`, "Authorization", 200},
		{info, `{"id":"a"}`, "Authorization", 400},
		{other, `{"id":"a"}`, "X-Video-Key", 200},
		{other, `{"taskid":"a"}`, "X-Video-Key", 400},
		{other, `{"id":"a"}`, "Authorization", 401},
		{"/v1/videos/other", `{}`, "X-Video-Key", 404},
	} {
		if got := post(t, srv, c.path, c.body, c.header); got != c.status {
			t.Errorf("%s %s with %s: status %d, want %d", c.path, c.body, c.header, got, c.status)
		}
	}
	for _, r := range srv.Requests() {
		if got := r.Header.Get("X-Video-Key"); got != "" && got != "[redacted]" {
			t.Errorf("a key of the other contract is recorded as %q", got)
		}
	}
}

// An operationId that both have is that of the first contract; the method and the path
// name the other one.
func TestFaultsOfTwoContracts(t *testing.T) {
	t.Parallel()
	srv := twoServices(t)
	info := srv.documents.operation("infoByTaskId").Path
	srv.FailNextOn("infoByTaskId", 1, Respond(503, "", ""))
	srv.FailNextOn("POST /v1/videos/infobytaskid", 1, Respond(502, "", ""))
	for _, want := range []int{502, 200} {
		if got := post(t, srv, "/v1/videos/infobytaskid", `{"id":"a"}`, "X-Video-Key"); got != want {
			t.Errorf("the other contract's: status %d, want %d", got, want)
		}
	}
	for _, want := range []int{503, 200} {
		if got := post(t, srv, info, `{"taskid":"a"}`, "Authorization"); got != want {
			t.Errorf("ours: status %d, want %d", got, want)
		}
	}
	for _, name := range []string{"", "GET /v1/videos/infobytaskid", "/v1/videos/infobytaskid", "post /v1/videos/infobytaskid"} {
		if op := srv.documents.operation(name); op != nil {
			t.Errorf("%q is %s", name, op.Path)
		}
	}
}

// The methods of a path are told if another contract does not have the path.
func TestAllowOfTwoContracts(t *testing.T) {
	t.Parallel()
	srv := twoServices(t)
	_, op, _, allow := srv.documents.find(http.MethodGet, "/v1/videos/infobytaskid")
	if op != nil || allow != "POST" {
		t.Errorf("got %v, %q", op, allow)
	}
}

// Each contract of this module is served.
func TestPublishedContractsAreServed(t *testing.T) {
	t.Parallel()
	all, err := published()
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, d := range all {
		titles = append(titles, d.Spec.Info.Title)
	}
	if len(all) != len(vendored.Services) || !strings.HasPrefix(titles[0], "Images") {
		t.Errorf("%q of %d services", titles, len(vendored.Services))
	}
}
