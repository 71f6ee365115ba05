package fakeapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
)

// rawDeletion is a request as it is on the wire.
func rawDeletion(id string) string {
	body := `{"taskids":["` + id + `"]}`
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: fake\r\nAuthorization: k\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		deletePath, len(body), body)
}

func dial(t *testing.T, srv *fakeapi.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", hostOf(t, srv))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// What HTTP/1.1 clients of any language see of a lost response: how many bytes,
// and then the end of the connection.
func TestBrokenResponsesOnTheWire(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault fakeapi.Fault
		ends  string // empty if not a byte is sent
		left  int
	}{
		"request dropped":  {fakeapi.DropRequest(), "", 2},
		"response dropped": {fakeapi.DropAnswer(), "", 1},
		"truncated":        {fakeapi.TruncateBody(), "\r\n\r\n" + `{"code":1000,"data":{"status":"`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
			srv.FailNext(1, c.fault)
			conn := dial(t, srv)
			if _, err := io.WriteString(conn, rawDeletion("a")); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn)
			if err != nil {
				t.Errorf("the connection ended with %v", err)
			}
			if !strings.HasSuffix(string(got), c.ends) || (c.ends == "") != (len(got) == 0) {
				t.Errorf("read %q, want the end %q", got, c.ends)
			}
			if c.ends != "" && !strings.Contains(string(got), fmt.Sprintf("Content-Length: %d\r\n", len(successBody))) {
				t.Errorf("read %q, want the length of the whole body", got)
			}
			if len(srv.Tasks()) != c.left {
				t.Errorf("tasks %q, want %d of them", srv.Tasks(), c.left)
			}
		})
	}
}

// Two requests in one segment on one connection: both get a response in
// order, and a fault that responds leaves the connection usable.
func TestPipelinedRequests(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.FailNext(1, fakeapi.RateLimit(1))
	conn := dial(t, srv)
	if _, err := io.WriteString(conn, rawDeletion("a")+rawDeletion("a")); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	for i, want := range []int{429, 200} {
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != want {
			t.Errorf("response %d: status %d, error %v; want %d", i, res.StatusCode, err, want)
		}
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	wantTasks(t, srv)
}

// What is not HTTP at all is not in the journal.
func TestNotHTTP(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	conn := dial(t, srv)
	if _, err := io.WriteString(conn, "hello\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 400 ") {
		t.Errorf("read %q, %v", got, err)
	}
	if all := srv.Requests(); len(all) != 0 || srv.Connections() != 1 {
		t.Errorf("recorded %v over %d connections", all, srv.Connections())
	}
}

func withTestKey(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", testKey)
	return nil
}

// The generated client alone understands the responses.
func TestGeneratedClient(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithStrict(), fakeapi.WithTasks("a", "b"))
		client, err := generated.NewClientWithResponses(srv.URL, generated.WithHTTPClient(srv.Client()),
			generated.WithRequestEditorFn(withTestKey))
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.DeleteImagesTaskWithResponse(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"b"}, UID: "u"})
		if err != nil {
			t.Fatal(err)
		}
		if res.JSON200 == nil || res.JSON200.Code != 1000 || res.JSON200.Data.Status != "Success" {
			t.Errorf("got %+v", res.JSON200)
		}
		wantTasks(t, srv, "a")
	})
}

// A refusal of the request has the shape that the contract gives it.
func TestGeneratedClientRefused(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	client, err := generated.NewClientWithResponses(srv.URL, generated.WithHTTPClient(srv.Client()),
		generated.WithRequestEditorFn(withTestKey))
	if err != nil {
		t.Fatal(err)
	}
	// A nil slice is sent as null.
	res, err := client.DeleteImagesTaskWithResponse(t.Context(), generated.DeleteImagesTaskRequest{})
	if err != nil {
		t.Fatal(err)
	}
	// The published contract may have another response with status 400, or none.
	var refusal generated.ErrorResponse
	err = json.Unmarshal(res.Body, &refusal)
	if err != nil || res.StatusCode() != 400 || refusal.Code != 9999 || refusal.Msg != `the body: "/taskids" must not be null` {
		t.Errorf("got %d %s, %v", res.StatusCode(), res.Body, err)
	}
}
