//go:build unix

package auth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for a browser. It is far longer than any takes, even
// on a busy machine.
const patience = 5 * time.Minute

// chromium is a browser that a test drives through a pipe, by the DevTools protocol.
type chromium struct {
	t       *testing.T
	in      *os.File
	mu      sync.Mutex
	last    int
	waiting map[int]chan json.RawMessage
}

// browserNames are the names that Chromium has on various systems.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

func startChromium(t *testing.T, flags ...string) *chromium {
	t.Helper()
	path := ""
	for _, name := range browserNames {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("BROWSER_TESTS") == "required" {
			t.Fatal("there is no Chromium, and BROWSER_TESTS=required")
		}
		t.Skip("there is no Chromium here: the login was not tried in a real browser")
	}
	toBrowser, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--ignore-certificate-errors",
		"--disable-popup-blocking", "--user-data-dir=" + t.TempDir(), "--remote-debugging-pipe"}, append(flags, "about:blank")...)...)
	cmd.ExtraFiles = []*os.File{toBrowser, fromBrowser}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	toBrowser.Close()
	fromBrowser.Close()
	c := &chromium{t: t, in: in, waiting: map[int]chan json.RawMessage{}}
	var reading sync.WaitGroup
	reading.Go(func() { c.read(out) })
	t.Cleanup(func() {
		_ = c.send(0, "", "Browser.close", nil)
		timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		in.Close()
		reading.Wait()
		out.Close()
	})
	return c
}

// read passes the responses of the browser on, until it ends.
func (c *chromium) read(out io.Reader) {
	for in := bufio.NewReader(out); ; {
		message, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var response struct {
			ID     int
			Result json.RawMessage
			Error  json.RawMessage
		}
		if json.Unmarshal(message[:len(message)-1], &response) != nil || response.ID == 0 {
			continue // an event
		}
		c.mu.Lock()
		waiting := c.waiting[response.ID]
		delete(c.waiting, response.ID)
		c.mu.Unlock()
		if waiting != nil {
			waiting <- append(response.Result, response.Error...)
		}
	}
}

func (c *chromium) send(id int, session, method string, params any) error {
	message, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params, "sessionId": session})
	if session == "" {
		message, err = json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	}
	if err == nil {
		_, err = c.in.Write(append(message, 0))
	}
	return err
}

// call calls a method of the protocol, and puts the named field of the result into value.
func (c *chromium) call(session, method string, params any, value any) error {
	c.mu.Lock()
	c.last++
	id, response := c.last, make(chan json.RawMessage, 1)
	c.waiting[id] = response
	err := c.send(id, session, method, params)
	c.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case data := <-response:
		if err := json.Unmarshal(data, value); err != nil {
			return fmt.Errorf("%s: %s: %w", method, data, err)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s: no response", method)
	}
}

// tab is a page of the browser.
type tab struct {
	*chromium
	session string
}

func (c *chromium) open(address string) (*tab, error) {
	var target struct{ TargetID string }
	if err := c.call("", "Target.createTarget", map[string]any{"url": address}, &target); err != nil {
		return nil, err
	}
	var attached struct{ SessionID string }
	err := c.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	return &tab{c, attached.SessionID}, err
}

// eval returns the value of an expression, as a text.
func (t *tab) eval(expression string) string {
	var result struct {
		Result           struct{ Value any }
		ExceptionDetails struct{ Text string }
	}
	err := t.call(t.session, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}, &result)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(result.Result.Value) + result.ExceptionDetails.Text
}

// do calls a method that returns nothing of interest.
func (t *tab) do(method string, params any) {
	if err := t.call(t.session, method, params, new(any)); err != nil {
		t.t.Error(err)
	}
}

// shows waits until the page has a text.
func (t *tab) shows(text string) bool {
	seen := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		seen = t.eval("document.body ? document.title + '\\n' + document.body.innerText : ''")
		if strings.Contains(seen, text) {
			return true
		}
	}
	t.t.Errorf("the page never shows %q, but:\n%s", text, seen)
	return false
}

// agree presses the button of the page that asks about the key, once the whole page is there.
func (t *tab) agree() {
	const press = `document.readyState === "complete" && (document.body.innerText.includes("Logged in") || document.querySelector("button").click(), "pressed")`
	pressed := t.shows("Use this key?")
	for deadline := time.Now().Add(patience); pressed && t.eval(press) != "pressed"; time.Sleep(20 * time.Millisecond) {
		pressed = time.Now().Before(deadline)
	}
	if !pressed {
		t.t.Error("the button was not pressed")
	}
}
