//go:build unix

package auth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// serve serves a page over http, or over https as TensorsLab does.
func serve(t *testing.T, overTLS bool, page http.Handler) string {
	t.Helper()
	start := httptest.NewServer
	if overTLS {
		start = httptest.NewTLSServer
	}
	server := start(page)
	t.Cleanup(server.Close)
	return server.URL
}

// A person logs in with a real browser. From an https page the browser does not say where
// the key is from, so that the person is asked.
func TestLoginInChromium(t *testing.T) {
	t.Parallel()
	for name, overTLS := range map[string]bool{"https page": true, "http page": false} {
		t.Run(name, func(t *testing.T) {
			s := newSetting(t)
			s.site.page = serve(t, overTLS, pageHandler(t, clitest.Key, true)) + "/auth"
			browser := startChromium(t)
			ended := make(chan bool, 1)
			s.site.open = func(address string) error {
				tab, err := browser.open(address)
				go func() {
					if overTLS {
						tab.agree()
					}
					ended <- tab.shows("Logged in") && tab.shows("ends in …cdef")
				}()
				return err
			}
			got := s.run("login", "--wait-timeout", patience.String())
			clitest.WantStatus(t, got, cli.OK)
			clitest.WantText(t, "file", s.file(), "TENSORSLAB_API_KEY=KEY\n")
			<-ended
		})
	}
}

// hostilePage is a page that knows where the command listens, and sends a key of its own
// in every way that shows nothing. Its title becomes "tried" at the end.
const hostilePage = `<!DOCTYPE html><title>trying</title>
<form method="post" action="%[1]s"><input name="token" value="key-of-somebody-else"></form>
<script>
const target = "%[1]s", body = () => new URLSearchParams({token: "key-of-somebody-else"});
const framed = () => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.name = "frame";
  document.body.append(frame);
  document.forms[0].target = "frame";
  setTimeout(done, 3000);
  document.forms[0].submit();
  frame.onload = done;
});
addEventListener("load", async () => {
  for (const options of [{}, {mode: "no-cors"}, {credentials: "include"}, {referrerPolicy: "no-referrer", mode: "no-cors"}, {referrerPolicy: "unsafe-url", mode: "no-cors"}]) {
    await fetch(target, {method: "POST", body: body(), ...options}).catch(() => 0);
  }
  navigator.sendBeacon(target, body());
  await framed();
  document.title = "tried";
});
</script>`

// A hostile page gets nothing stored, neither hidden nor in a tab of its own, and the
// login goes on.
func TestHostilePagesInChromium(t *testing.T) {
	t.Parallel()
	for name, overTLS := range map[string]bool{"https page": true, "http page": false} {
		t.Run(name, func(t *testing.T) {
			s := newSetting(t)
			s.site.page = serve(t, true, pageHandler(t, clitest.Key, true)) + "/auth"
			browser := startChromium(t, "--host-resolver-rules=MAP evil.example 127.0.0.1")
			ended := make(chan bool, 1)
			s.site.open = func(address string) error {
				u, err := url.Parse(address)
				if err != nil {
					return err
				}
				callback := u.Query().Get("redirect_uri")
				go func() {
					attack(t, browser, callback, serve(t, overTLS, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Content-Type", "text/html")
						fmt.Fprintf(w, hostilePage, callback)
					})))
					genuine, err := browser.open(address)
					if err == nil {
						genuine.agree()
					}
					ended <- err == nil && genuine.shows("Logged in")
				}()
				return nil
			}
			clitest.WantStatus(t, s.run("login", "--wait-timeout", patience.String()), cli.OK)
			clitest.WantText(t, "file", s.file(), "TENSORSLAB_API_KEY=KEY\n")
			<-ended
		})
	}
}

// attack opens a hostile page, and then has it try what a person can see.
func attack(t *testing.T, browser *chromium, callback, page string) {
	evil, err := browser.open(page)
	if err != nil {
		t.Error(err)
		return
	}
	evil.shows("tried")
	// It opens a tab, and presses the button there.
	evil.eval(`{ const w = window.open("about:blank", "own"); document.forms[0].target = "own"; document.forms[0].submit() }`)
	got := evil.eval(`new Promise(r => setTimeout(r, 500)).then(() => { try { window.open("", "own").document.querySelector("button").click(); return "pressed" } catch (e) { return String(e) } })`)
	if got == "pressed" {
		t.Error("the hostile page pressed the button")
	}
	// A name that was made to lead to the command, so that the page is of its own origin.
	rebound, err := browser.open("about:blank")
	if err != nil {
		t.Error(err)
		return
	}
	rebound.do("Page.setBypassCSP", map[string]any{"enabled": true}) // the attacker's page has no policy
	rebound.do("Page.navigate", map[string]any{"url": strings.Replace(callback, "127.0.0.1", "evil.example", 1)})
	rebound.shows("This address is for 127.0.0.1")
	if status := rebound.eval(`fetch("/callback", {method: "POST", body: new URLSearchParams({token: "key-of-somebody-else"})}).then(r => r.status)`); status != "421" {
		t.Errorf("rebound: %s", status)
	}
}
