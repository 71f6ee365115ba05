package auth

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

const trusted = "https://page.example"

// wire is a request to the callback, as a browser or another program sends it.
type wire struct {
	method, path, host, media string // by default those of a genuine form
	header                    http.Header
	body                      string
}

func genuine() wire {
	return wire{header: http.Header{"Origin": {trusted}}, body: "token=" + clitest.Key}
}

// withheld is a form of an https page, of which browsers do not tell the origin to http.
func withheld(mode, dest string) wire {
	return wire{header: http.Header{"Origin": {"null"}, "Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {mode}, "Sec-Fetch-Dest": {dest}}, body: "token=" + clitest.Key}
}

func (s wire) send(t *testing.T, c *callback) (status int, header http.Header, text string) {
	t.Helper()
	or := func(s, standard string) string {
		if s == "" {
			return standard
		}
		return s
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // of a form that is taken by mistake, and waits for the end of the login
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, or(s.method, "POST"), "http://"+c.host+or(s.path, "/callback"), strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = or(s.host, c.host)
	for name, values := range s.header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", or(s.media, "application/x-www-form-urlencoded"))
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), clitest.Key) {
		t.Errorf("the key is on the page:\n%s", body)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func listening(t *testing.T) *callback {
	t.Helper()
	c, err := listen(t.Context(), trusted)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// finish waits for the key and closes the callback, as a login does.
func finish(t *testing.T, c *callback) (key string) {
	t.Helper()
	key, err := c.wait(t.Context())
	if err != nil {
		t.Error(err)
	}
	c.close(page{Title: "Logged in", Text: "All is well."})
	return key
}

// None of these is accepted, and none keeps the genuine form from being accepted after it.
func TestCallbackRefuses(t *testing.T) {
	t.Parallel()
	from := func(origins ...string) http.Header { return http.Header{"Origin": origins} }
	body := "token=" + clitest.Key
	for name, tt := range map[string]struct {
		wire
		status int
	}{
		"another origin":           {wire{header: from("https://evil.example"), body: body}, 403},
		"origin over http":         {wire{header: from("http://page.example"), body: body}, 403},
		"origin with a port":       {wire{header: from(trusted + ":8443"), body: body}, 403},
		"origin below":             {wire{header: from("https://x.page.example"), body: body}, 403},
		"origin that begins so":    {wire{header: from(trusted + ".evil.example"), body: body}, 403},
		"two origins":              {wire{header: from(trusted, "https://evil.example"), body: body}, 403},
		"origins in one field":     {wire{header: from(trusted + ", https://evil.example"), body: body}, 403},
		"a page on this machine":   {wire{header: from("http://127.0.0.1:1"), body: body}, 403},
		"empty origin":             {wire{header: from(""), body: body}, 403},
		"hidden frame":             {withheld("navigate", "iframe"), 403},
		"hidden object":            {withheld("navigate", "object"), 403},
		"script":                   {withheld("no-cors", "empty"), 403},
		"script, cors":             {withheld("cors", "empty"), 403},
		"rebound name":             {wire{host: "evil.example", header: from(trusted), body: body}, 421},
		"rebound name, port":       {wire{host: "evil.example:80", header: from(trusted), body: body}, 421},
		"localhost":                {wire{host: "localhost", header: from(trusted), body: body}, 421},
		"another port":             {wire{host: "127.0.0.1:1", header: from(trusted), body: body}, 421},
		"GET":                      {wire{method: "GET", header: from(trusted), path: "/callback?" + body}, 405},
		"HEAD":                     {wire{method: "HEAD", header: from(trusted)}, 405},
		"PUT":                      {wire{method: "PUT", header: from(trusted), body: body}, 405},
		"OPTIONS":                  {wire{method: "OPTIONS", header: from(trusted)}, 405},
		"wrong path":               {wire{path: "/", header: from(trusted), body: body}, 404},
		"path below":               {wire{path: "/callback/", header: from(trusted), body: body}, 404},
		"path with dots":           {wire{path: "/x/../callback", header: from(trusted), body: body}, 404},
		"JSON":                     {wire{media: "application/json", header: from(trusted), body: `{"token":"` + clitest.Key + `"}`}, 415},
		"text":                     {wire{media: "text/plain", header: from(trusted), body: body}, 415},
		"multipart":                {wire{media: "multipart/form-data; boundary=x", header: from(trusted), body: body}, 415},
		"too large":                {wire{header: from(trusted), body: body + strings.Repeat("x", maxForm)}, 413},
		"too large a field before": {wire{header: from(trusted), body: "x=" + strings.Repeat("x", maxForm) + "&" + body}, 413},
		"not a form":               {wire{header: from(trusted), body: "token=%zz"}, 400},
		"no token":                 {wire{header: from(trusted), body: "key=" + clitest.Key}, 400},
		"no body":                  {wire{header: from(trusted)}, 400},
		"token in the query":       {wire{path: "/callback?" + body, header: from(trusted)}, 400},
		"two tokens":               {wire{header: from(trusted), body: body + "&" + body}, 400},
		"empty token":              {wire{header: from(trusted), body: "token="}, 400},
		"blank token":              {wire{header: from(trusted), body: "token=+%09"}, 400},
		"token with a space":       {wire{header: from(trusted), body: body + "+x"}, 400},
		"token with a line feed":   {wire{header: from(trusted), body: body + "%0ATENSORSLAB_AUTH=bare"}, 400},
		"token not in ASCII":       {wire{header: from(trusted), body: "token=cl%C3%A9"}, 400},
		"answer without question":  {wire{path: "/confirm", header: from(trusted), body: "nonce="}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := listening(t)
			status, header, text := tt.send(t, c)
			if status != tt.status || tt.method != "HEAD" && !strings.Contains(text, "<h1>Not logged in</h1>") {
				t.Errorf("HTTP %d, want %d\n%s", status, tt.status, text)
			}
			if status == 405 && header.Get("Allow") != "POST" {
				t.Errorf("Allow: %q", header.Get("Allow"))
			}
			if n := len(c.received); n != 0 {
				t.Fatal("a key was received")
			}
			checkGenuine(t, c)
		})
	}
}

// checkGenuine checks that a genuine form is accepted, and shown the result.
func checkGenuine(t *testing.T, c *callback) {
	t.Helper()
	got := make(chan string, 1)
	go func() { got <- finish(t, c) }()
	status, header, text := genuine().send(t, c)
	if key := <-got; key != clitest.Key {
		t.Errorf("received %q", key)
	}
	if status != 200 || !strings.Contains(text, "<h1>Logged in</h1>") || !strings.Contains(text, "All is well.") {
		t.Errorf("HTTP %d\n%s", status, text)
	}
	for name, want := range map[string]string{
		"X-Frame-Options": "DENY", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
	} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
}

func TestCallbackWaitEnds(t *testing.T) {
	t.Parallel()
	c := listening(t)
	reason := errors.New("late")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := c.wait(ctx); !errors.Is(err, reason) {
		t.Error(err)
	}
	ask(t, c, withheld("navigate", "document"))
	c.close(page{Title: "Not logged in"})
}

// A client that sends nothing, or half a form, does not keep the login from its end.
func TestCallbackIsNotBlocked(t *testing.T) {
	t.Parallel()
	c := listening(t)
	for _, text := range []string{"", "POST /callback HTTP/1.1\r\n", "POST /callback HTTP/1.1\r\nHost: " + c.host + "\r\nOrigin: " + trusted +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntoken=" + clitest.Key} {
		conn, err := net.Dial("tcp", c.host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	checkGenuine(t, c)
}

// A header without an end is cut off.
func TestCallbackBoundsHeaders(t *testing.T) {
	t.Parallel()
	c := listening(t)
	conn, err := net.Dial("tcp", c.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST /callback HTTP/1.1\r\nHost: "+c.host+"\r\nX: "+strings.Repeat("x", 64<<10)+"\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("HTTP %d", resp.StatusCode)
		}
	}
	checkGenuine(t, c)
}
