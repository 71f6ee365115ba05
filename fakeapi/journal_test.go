package fakeapi_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestRequests(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, proto string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		if all := srv.Requests(); len(all) != 0 {
			t.Fatalf("recorded %v before any request", all)
		}
		must(t, send(srv, deletion(t, srv, "a")))
		req := request(t, srv, http.MethodGet, "/x%2Fy/?b=1&a=%20", "")
		req.Header.Add("X-Many", "1")
		req.Header.Add("X-Many", "2")
		must(t, send(srv, req))
		all := srv.Requests()
		for i := range all {
			all[i].Header = http.Header{"X-Many": all[i].Header["X-Many"]}
			all[i].Body = append([]byte{}, all[i].Body...)
		}
		want := []fakeapi.Request{
			{Method: "POST", Path: deletePath, Proto: proto, Header: http.Header{"X-Many": nil},
				Body: []byte(`{"taskids":["a"]}`), Status: 200},
			{Method: "GET", Path: "/x%2Fy/", Query: "b=1&a=%20", Proto: proto, Header: http.Header{"X-Many": {"1", "2"}},
				Body: []byte{}, Status: 404, Breach: "the contract has no such path"},
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("recorded (-want +got):\n%s", diff)
		}
		if got := all[1].String(); got != `GET "/x%2Fy/" `+proto+`: status 404` {
			t.Errorf("printed %s", got)
		}
		srv.ResetRequests()
		if all := srv.Requests(); len(all) != 0 {
			t.Errorf("recorded %v after a reset", all)
		}
	})
}

func TestRequestsAreCopies(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	must(t, send(srv, deletion(t, srv)))
	first := srv.Requests()
	first[0].Method, first[0].Body[0] = "", 'x'
	first[0].Header.Set("Content-Type", "changed")
	second := srv.Requests()[0]
	if second.Method != "POST" || !bytes.HasPrefix(second.Body, []byte("{")) || second.Header.Get("Content-Type") != "application/json" {
		t.Errorf("a caller changed the record: %+v", second)
	}
}

// A request that left the journal while it was handled does no harm to it.
func TestResetWhileHandled(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	body, unblock := newSlowBody()
	req := request(t, srv, http.MethodPost, deletePath, "")
	req.Body, req.ContentLength = body, -1
	done := make(chan reply, 1)
	go func() { done <- send(srv, req) }()
	waitFor(t, func() bool { return len(srv.Requests()) == 1 })
	if first := srv.Requests()[0]; first.Status != 0 || len(first.Body) != 0 {
		t.Errorf("recorded %+v while the body is on its way", first)
	}
	srv.ResetRequests()
	unblock(`{"taskids":[]}`)
	wantJSON(t, <-done, 200, successBody)
	if all := srv.Requests(); len(all) != 0 {
		t.Errorf("recorded %v after a reset", all)
	}
}
