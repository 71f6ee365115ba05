package auth

import (
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A second form gets nothing, while the first is worked on and after it.
func TestCallbackTakesOneKey(t *testing.T) {
	t.Parallel()
	c := listening(t)
	first := make(chan int)
	go func() {
		status, _, _ := genuine().send(t, c)
		first <- status
	}()
	key, err := c.wait(t.Context())
	if err != nil || key != clitest.Key {
		t.Fatal(err)
	}
	for _, second := range []wire{genuine(), withheld("navigate", "document")} {
		if status, _, text := second.send(t, c); status != 409 || !strings.Contains(text, "a key already") {
			t.Errorf("HTTP %d\n%s", status, text)
		}
	}
	if len(c.received) != 0 {
		t.Error("a second key was received")
	}
	c.close(page{Title: "Logged in"})
	if status := <-first; status != 200 {
		t.Errorf("the first form got HTTP %d", status)
	}
	if _, err := net.Dial("tcp", c.host); err == nil {
		t.Error("the callback still listens")
	}
}

var nonceOf = regexp.MustCompile(`name="nonce" value="([A-Z0-9]+)"`)

// ask sends a form that says no origin, and returns the nonce of the page.
func ask(t *testing.T, c *callback, s wire) string {
	t.Helper()
	status, _, text := s.send(t, c)
	nonce := nonceOf.FindStringSubmatch(text)
	if status != 200 || nonce == nil || !strings.Contains(text, "Use this key?") || !strings.Contains(text, trusted) || len(c.received) != 0 {
		t.Fatalf("HTTP %d\n%s", status, text)
	}
	return nonce[1]
}

func answer(c *callback, nonce string, origin ...string) wire {
	return wire{path: "/confirm", header: http.Header{"Origin": append([]string{"http://" + c.host}, origin...)[len(origin):]}, body: url.Values{"nonce": {nonce}}.Encode()}
}

// A key from a page that the browser does not name is used only if the person says so.
func TestCallbackAsks(t *testing.T) {
	t.Parallel()
	plain := genuine()
	plain.header = nil // no browser, or an old one
	for name, s := range map[string]wire{"https page": withheld("navigate", "document"), "no headers": plain} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := listening(t)
			evil := s
			evil.body = "token=key-of-somebody-else"
			other, mine := ask(t, c, evil), ask(t, c, s)
			for _, wrong := range []wire{
				answer(c, mine, "null"), answer(c, mine, "https://evil.example"), answer(c, mine, trusted), answer(c, "A"+mine), answer(c, ""),
				{method: "GET", path: "/confirm?nonce=" + mine, header: http.Header{"Origin": {"http://" + c.host}}},
				{path: "/confirm?nonce=" + mine, header: http.Header{"Origin": {"http://" + c.host}}},
			} {
				if status, _, _ := wrong.send(t, c); status != 403 && status != 405 || len(c.received) != 0 {
					t.Errorf("%+v: HTTP %d", wrong, status)
				}
			}
			got := make(chan string, 1)
			go func() { got <- finish(t, c) }()
			if status, _, text := answer(c, mine).send(t, c); status != 200 || !strings.Contains(text, "Logged in") {
				t.Errorf("HTTP %d\n%s", status, text)
			}
			if key := <-got; key != clitest.Key || other == mine {
				t.Errorf("received %q", key)
			}
		})
	}
}

// A button that is pressed twice shows one result; the question of another key is over.
func TestCallbackAnswersTwice(t *testing.T) {
	t.Parallel()
	c := listening(t)
	first, second := ask(t, c, withheld("navigate", "document")), ask(t, c, withheld("navigate", "document"))
	pages := make(chan string, 1)
	go func() { _, _, text := answer(c, first).send(t, c); pages <- text }()
	if _, err := c.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := answer(c, second).send(t, c); status != 409 {
		t.Errorf("another question: HTTP %d", status)
	}
	if !c.takes(first, clitest.Key) || len(c.received) != 0 {
		t.Error("the second press is refused, or received again")
	}
	c.showing.Done()
	c.close(page{Title: "Logged in"})
	if text := <-pages; !strings.Contains(text, "<h1>Logged in") {
		t.Error(text)
	}
	if c.takes(first, clitest.Key) {
		t.Error("a press after the end is taken")
	}
}

// A page that floods the callback with questions does not make it forget the last ones,
// nor grow.
func TestCallbackKeepsFewQuestions(t *testing.T) {
	t.Parallel()
	c := listening(t)
	oldest := ask(t, c, withheld("navigate", "document"))
	for range 3 * maxAsked {
		ask(t, c, withheld("navigate", "document"))
	}
	if status, _, _ := answer(c, oldest).send(t, c); status != 403 || len(c.asked) != maxAsked {
		t.Errorf("HTTP %d, %d questions", status, len(c.asked))
	}
	checkGenuine(t, c)
}
