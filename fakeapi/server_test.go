package fakeapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestClose(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv, err := fakeapi.NewServer(opt, fakeapi.WithTasks("a"))
		if err != nil {
			t.Fatal(err)
		}
		wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
		var wg sync.WaitGroup
		for range 4 { // at once, and then again
			wg.Go(func() {
				if err := srv.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := srv.Close(); err != nil {
			t.Errorf("second close: %v", err)
		}
		if got := send(srv, deletion(t, srv, "a")); got.err == nil {
			t.Errorf("a closed server responded with %d", got.status)
		}
		srv.AddTasks("b") // harmless
		wantTasks(t, srv, "b")
		if all := srv.Requests(); len(all) != 1 {
			t.Errorf("%d requests recorded, want 1", len(all))
		}
	})
}

func TestCloseWhileClientsCall(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv, err := fakeapi.NewServer(opt, fakeapi.WithUnknownTasksIgnored())
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for send(srv, deletion(t, srv, "a")).err == nil {
				}
			})
		}
		waitFor(t, func() bool { return len(srv.Requests()) > 20 })
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}

func TestURL(t *testing.T) {
	t.Parallel()
	for addr, prefix := range map[string]string{
		"127.0.0.1:0": "http://127.0.0.1:",
		"0.0.0.0:0":   "http://127.0.0.1:",
		":0":          "http://127.0.0.1:",
		"localhost:0": "http://",
	} {
		srv := fakeapi.Start(t, fakeapi.WithAddr(addr), fakeapi.WithTasks("a"))
		u, err := url.Parse(srv.URL)
		if err != nil || u.Port() == "" || u.Path != "" || !strings.HasPrefix(srv.URL, prefix) {
			t.Errorf("%s: URL %q", addr, srv.URL)
		}
		wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
	}
}

func TestIPv6(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("no IPv6 loopback: %v", err)
	}
	ln.Close()
	srv := fakeapi.Start(t, fakeapi.WithAddr("[::1]:0"), fakeapi.WithTLS(), fakeapi.WithTasks("a"))
	wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	second, err := fakeapi.NewServer(fakeapi.WithAddr(hostOf(t, srv)))
	if err == nil {
		second.Close()
		t.Fatal("two servers on one port")
	}
	if !strings.HasPrefix(err.Error(), "fakeapi: listen tcp "+hostOf(t, srv)) {
		t.Errorf("error %q does not name the address", err)
	}
}

// A server says nothing on stderr, whatever its clients do.
func TestQuietOnStandardError(t *testing.T) {
	var text bytes.Buffer // what net/http logs goes to the standard logger
	log.SetOutput(&text)
	defer log.SetOutput(os.Stderr)
	srv := fakeapi.Start(t, fakeapi.WithTLS())
	conn, err := net.Dial("tcp", hostOf(t, srv))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(conn)
	conn.Close()
	srv.FailNext(1, fakeapi.DropRequest())
	send(srv, deletion(t, srv))
	srv.Close()
	if text.Len() > 0 {
		t.Errorf("logged: %s", text.String())
	}
}

// Nothing that can be printed shows the accepted key.
func TestKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	const key = "tl-secret-0123456789"
	opt := fakeapi.WithKey(key)
	srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
	req := deletion(t, srv, "a")
	req.Header.Set("Authorization", key)
	wantJSON(t, send(srv, req), 200, successBody)
	req = deletion(t, srv, "a")
	req.Header.Set("Authorization", "wrong-"+key)
	refusal := wantError(t, send(srv, req), 401)

	var out strings.Builder
	out.WriteString(refusal)
	text, record := slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))
	for _, value := range []any{srv, opt, []fakeapi.Option{opt}, srv.Requests(), fakeapi.RateLimit(1)} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, format+"\n", value)
		}
		text.Info("value", "value", value)
		record.Info("value", "value", value)
	}
	encoded, err := json.Marshal(srv.Requests())
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	if text := out.String(); strings.Contains(text, key) || strings.Contains(text, fmt.Sprintf("%x", key)) {
		t.Errorf("the key is in: %s", text)
	}
	if want := "fakeapi.Server(" + srv.URL + ")"; fmt.Sprintf("%#v", srv) != want {
		t.Errorf("printed %#v, want %s", srv, want)
	}
}

func hostOf(t testing.TB, srv *fakeapi.Server) string {
	t.Helper()
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}
