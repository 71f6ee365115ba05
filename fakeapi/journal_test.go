package fakeapi_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

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
			all[i].Time = time.Time{}
		}
		want := []fakeapi.Request{
			{OperationID: "deleteImagesTask", Method: "POST", Path: deletePath, Proto: proto, Header: http.Header{"X-Many": nil},
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

// A record tells which operation was requested, and when.
func TestRequestsNameTheOperation(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	begin := time.Now()
	create(t, srv)
	info(t, srv, "a")
	must(t, send(srv, request(t, srv, http.MethodPost, deletePath, "{}"))) // violates the contract
	must(t, send(srv, request(t, srv, http.MethodGet, deletePath, "")))
	res, err := srv.Client().Get(srv.ImageURLs("a")[0])
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	all := append(srv.Requests(), srv.ImageHost().Requests()...)
	want := []string{"seeDreamV4", "infoByTaskId", "deleteImagesTask", "", ""}
	if len(all) != len(want) {
		t.Fatalf("recorded %v", all)
	}
	for i, r := range all {
		if r.OperationID != want[i] || r.Time.Before(begin) || r.Time.After(time.Now()) {
			t.Errorf("%v is of %q at %v, want %q", r, r.OperationID, r.Time, want[i])
		}
		begin = r.Time
	}
}
