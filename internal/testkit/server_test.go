package testkit

import (
	"io"
	"net/http"
	"testing"
)

// get returns the status and body of a response, or 0 if there is none.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: Transport(t)}
	resp, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(body)
}

func TestSequenceRepeatsItsLastHandler(t *testing.T) {
	t.Parallel()
	url, requests := Serve(t, Sequence(Respond(200, "a"), Status(204), Respond(400, "b")))
	for i, want := range []struct {
		status int
		body   string
	}{{200, "a"}, {204, ""}, {400, "b"}, {400, "b"}} {
		if status, body := get(t, url); status != want.status || body != want.body {
			t.Errorf("response %d is %d %q, want %d %q", i, status, body, want.status, want.body)
		}
	}
	if requests.Load() != 4 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestHangUpSendsNothing(t *testing.T) {
	t.Parallel()
	url, requests := Serve(t, HangUp)
	if status, body := get(t, url); status != 0 || requests.Load() == 0 {
		t.Errorf("got %d %q after %d requests", status, body, requests.Load())
	}
}

func TestWriteRawReplacesTheResponse(t *testing.T) {
	t.Parallel()
	url, _ := Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		WriteRaw(w, "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nhi")
	})
	if status, body := get(t, url); status != 299 || body != "hi" {
		t.Errorf("got %d %q", status, body)
	}
}

func TestCannedAndDialling(t *testing.T) {
	t.Parallel()
	url, requests := Serve(t, Respond(200, "real"))
	client := &http.Client{Transport: Dialling(t, ClosedPort(t), url[len("http://"):])}
	if _, err := client.Get("http://nobody.invalid"); err == nil {
		t.Error("the first connection succeeded")
	}
	resp, err := client.Get("http://nobody.invalid")
	if err != nil || requests.Load() != 1 {
		t.Fatalf("%v after %d requests", err, requests.Load())
	}
	resp.Body.Close()
	canned := Canned{Status: 299, Body: []byte("x")}
	for range 2 {
		req, _ := http.NewRequest(http.MethodPost, url, http.NoBody)
		resp, err := canned.RoundTrip(req)
		if err != nil || resp.StatusCode != 299 || resp.Request != req {
			t.Fatalf("got %+v, %v", resp, err)
		}
		if body, _ := io.ReadAll(resp.Body); string(body) != "x" {
			t.Errorf("body %q", body)
		}
	}
}
