package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const storedText = "The key that ends in …cdef is stored in ~/.tensorslab/.env, and the service accepts it.\n"

func TestLoginInBrowser(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.write("# mine\r\nOTHER='x'\r\nexport TENSORSLAB_API_KEY=\"old-key\" # note\r\nTENSORSLAB_AUTH=bare\r\n")
	shown := make(chan string, 1)
	s.site.open = func(address string) error {
		action, err := actionOf(address)
		go func() {
			text, _ := post(action, originOf(address), clitest.Key)
			shown <- text
		}()
		return err
	}
	got := s.run("login")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, storedText)
	for _, want := range []string{s.site.page + "?key_name=TENSORSLAB_API_KEY&redirect_uri=http%3A%2F%2F127.0.0.1%3A", "%2Fcallback\n", "Waiting for the key …\n"} {
		if !strings.Contains(got.Err, want) {
			t.Errorf("stderr %q, want %q", got.Err, want)
		}
	}
	clitest.WantText(t, "file", s.file(), "# mine\r\nOTHER='x'\r\nexport TENSORSLAB_API_KEY=KEY # note\r\n")
	if text := <-shown; !strings.HasPrefix(text, "HTTP 200\n") || !strings.Contains(text, "<h1>Logged in</h1>") || !strings.Contains(text, "ends in …cdef") || strings.Contains(text, clitest.Key) {
		t.Error(text)
	}
	clitest.WantStatus(t, s.run("status"), cli.OK)
}

// A hostile page that knows the port gets nothing stored, and does not end the login.
func TestLoginBesideAHostilePage(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	var refused []string
	s.site.open = func(address string) error {
		action, err := actionOf(address)
		for _, origin := range []string{"https://evil.example", "http://127.0.0.1:1", "null-origin"} {
			text, _ := post(action, origin, "key-of-somebody-else")
			refused = append(refused, text)
		}
		text, _ := post(action, "null", "key-of-somebody-else") // asks, and nobody answers
		refused = append(refused, text)
		go func() { _, _ = post(action, originOf(address), clitest.Key) }()
		return err
	}
	clitest.WantStatus(t, s.run("login"), cli.OK)
	clitest.WantText(t, "file", s.file(), "TENSORSLAB_API_KEY=KEY\n")
	for i, text := range refused {
		if want := []string{"HTTP 403", "HTTP 403", "HTTP 403", "HTTP 200"}[i]; !strings.HasPrefix(text, want) || strings.Contains(text, "Logged in") {
			t.Error(text)
		}
	}
}

func TestLoginEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		open   func(string) error
		cancel bool
		args   []string
		status int
		want   string
	}{
		"never":         {open: func(string) error { return nil }, args: []string{"--wait-timeout", "30ms"}, status: cli.Auth, want: "tensorslab: no key came from the browser within 30ms; nothing was stored; "},
		"interrupted":   {open: func(string) error { return nil }, cancel: true, status: cli.Interrupted, want: "tensorslab: interrupted; nothing was stored\n"},
		"opener fails":  {open: func(string) error { return errors.New("none") }, args: []string{"--wait-timeout", "30ms"}, status: cli.Auth, want: "No browser could be opened. "},
		"no browser":    {status: cli.Auth, want: "tensorslab: there is no browser to log in with, and no terminal; create a key at https://tensorai.tensorslab.com/apikey and pass it to \"tensorslab auth login --with-key\"\n"},
		"not opened":    {args: []string{"--no-browser", "--wait-timeout", "30ms"}, status: cli.Auth, want: "Log in on this page"},
		"blank timeout": {args: []string{"--wait-timeout", "0s"}, status: cli.Usage, want: "--wait-timeout must be"},
		"both ways":     {args: []string{"--with-key", "--no-browser"}, status: cli.Usage, want: "use --with-key or --no-browser, not both"},
		"argument":      {args: []string{clitest.Key}, status: cli.Usage, want: "takes no arguments"},
		"key as a flag": {args: []string{"--key", clitest.Key}, status: cli.Usage, want: `run "tensorslab auth login"`},
		"base URL":      {args: []string{"--base-url", "http://h"}, open: agree, status: cli.Usage, want: "--base-url: the base URL is not usable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetting(t)
			s.site.open = tt.open
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.cancel {
				s.site.open = func(string) error { cancel(); return nil }
			}
			got := s.runContext(ctx, append([]string{"login"}, tt.args...)...)
			clitest.WantStatus(t, got, tt.status)
			if !strings.Contains(got.Err, tt.want) {
				t.Errorf("stderr %q, want %q", got.Err, tt.want)
			}
			clitest.WantText(t, "file", s.file(), "")
			if n := len(s.fake.Requests()); n > 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A file that cannot be written is noticed before a key is created.
func TestLoginCannotStore(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.site.open = func(string) error { t.Error("the browser is opened"); return nil }
	clitest.MakeFolder(t, filepath.Join(s.home, ".tensorslab", ".env"))
	got := s.run("login")
	clitest.WantError(t, got, cli.Failed, "cannot store a key: ~/.tensorslab/.env is not a regular file")
	s.home = ""
	clitest.WantStatus(t, s.run("login"), cli.Failed)
}

// What is stored of a key depends on what the service makes of it.
func TestLoginWithKey(t *testing.T) {
	t.Parallel()
	const before = "TENSORSLAB_AUTH=bare\nTENSORSLAB_API_KEY=old-key\n"
	only := func(accepted string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if r.Header.Get("Authorization") == accepted {
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"code":9999,"msg":"task not found"}`))
				return
			}
			_, _ = w.Write([]byte(`{"code":9999,"msg":"the key ` + clitest.Key + ` is invalid"}`))
		}
	}
	for name, tt := range map[string]struct {
		service http.HandlerFunc // the fake, if nil
		stdin   string
		status  int
		out     string
		err     string
		file    string
	}{
		"accepted":     {stdin: clitest.Key + "\n", out: storedText, file: "TENSORSLAB_API_KEY=KEY\n"},
		"a line":       {stdin: "export TENSORSLAB_API_KEY='" + clitest.Key + "' # mine\r\n", out: storedText, file: "TENSORSLAB_API_KEY=KEY\n"},
		"Bearer":       {stdin: "Bearer " + clitest.Key, out: storedText, file: "TENSORSLAB_API_KEY=KEY\n"},
		"bare only":    {service: only(clitest.Key), stdin: clitest.Key, out: "The key that ends in …cdef is stored in ~/.tensorslab/.env, with TENSORSLAB_AUTH=bare, because the service accepts only the key without Bearer.\n", file: "TENSORSLAB_AUTH=bare\nTENSORSLAB_API_KEY=KEY\n"},
		"bearer only":  {service: only("Bearer " + clitest.Key), stdin: clitest.Key, out: storedText, file: "TENSORSLAB_API_KEY=KEY\n"},
		"rejected":     {service: only("nothing"), stdin: clitest.Key, status: cli.Auth, err: `the service rejects the key that ends in …cdef (HTTP 200, code 9999 "the key [redacted] is invalid"); nothing was stored; create another at https://tensorai.tensorslab.com/apikey`, file: before},
		"unknown":      {service: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotImplemented) }, stdin: clitest.Key, out: "The key that ends in …cdef is stored in ~/.tensorslab/.env, but it is unknown whether the service accepts it: HTTP 501: the service, or a gateway in front of it, failed; try again later.\n", file: "TENSORSLAB_AUTH=bare\nTENSORSLAB_API_KEY=KEY\n"},
		"empty":        {stdin: "\n", status: cli.Auth, err: "no API key: standard input is empty; nothing was stored; create a key at https://tensorai.tensorslab.com/apikey", file: before},
		"two words":    {stdin: clitest.Key + " " + clitest.Key, status: cli.Auth, err: "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again; nothing was stored", file: before},
		"not a key":    {stdin: "\xff\xfe" + clitest.Key, status: cli.Usage, err: "cannot read the API key: standard input is UTF-16 text; save it as UTF-8", file: before},
		"without end":  {stdin: strings.Repeat(clitest.Key, 5000), status: cli.Usage, err: "cannot read the API key: standard input is too large for a key file", file: before},
		"quote, open":  {stdin: "TENSORSLAB_API_KEY='" + clitest.Key, status: cli.Usage, err: "cannot read the API key: standard input:1: a quote is not closed", file: before},
		"another file": {stdin: "OTHER=" + clitest.Key + "\nX=1", status: cli.Auth, err: "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again; nothing was stored", file: before},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetting(t)
			if tt.service != nil {
				server := httptest.NewServer(tt.service)
				t.Cleanup(server.Close)
				s.env["TENSORSLAB_BASE_URL"] = server.URL
			}
			s.write(before)
			got := s.withStdin(tt.stdin, "login", "--with-key")
			clitest.WantStatus(t, got, tt.status)
			clitest.WantText(t, "stdout", got.Out, tt.out)
			if tt.err != "" {
				tt.err = "tensorslab: " + tt.err + "\n"
			}
			clitest.WantText(t, "stderr", got.Err, tt.err)
			clitest.WantText(t, "file", s.file(), strings.ReplaceAll(tt.file, clitest.Key, "KEY"))
		})
	}
}

// Nothing of the file is lost if the disk is full, or the directory read-only.
func TestLoginReadOnly(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.write("OTHER=x\n")
	dir := filepath.Join(s.home, ".tensorslab")
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	if f, err := os.CreateTemp(dir, "x"); err == nil {
		f.Close()
		os.Remove(f.Name())
		t.Skip("this user may write everywhere")
	}
	clitest.WantStatus(t, s.withStdin(clitest.Key, "login", "--with-key"), cli.Failed)
	clitest.WantText(t, "file", s.file(), "OTHER=x\n")
}

// The environment takes precedence, so that the login would be in vain.
func TestLoginUnderAVariable(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.env["TENSORSLAB_API_KEY"], s.env["TENSORSLAB_AUTH"] = "another-key", "bare"
	got := s.run("login")
	clitest.WantStatus(t, got, cli.OK)
	for _, name := range []string{"TENSORSLAB_API_KEY", "TENSORSLAB_AUTH"} {
		if want := name + " is set in the environment, and takes precedence over ~/.tensorslab/.env; unset it there\n"; !strings.Contains(got.Err, want) {
			t.Errorf("stderr %q, want %q", got.Err, want)
		}
	}
}

// A read of standard input that blocks does not block an interruption.
func TestLoginWithKeyInterrupted(t *testing.T) {
	t.Parallel()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	s := clitest.Session{T: t, Home: t.TempDir(), Root: newRoot, Stdin: in}
	clitest.WantError(t, s.RunContext(ctx, "auth", "login", "--with-key"), cli.Interrupted, "interrupted; nothing was stored")
}

func TestLoginWithoutService(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.fake.FailNext(100, fakeapi.DropAnswer())
	got := s.withStdin(clitest.Key, "login", "--with-key", "--retries", "0")
	clitest.WantStatus(t, got, cli.OK)
	if !strings.Contains(got.Out, "but it is unknown whether the service accepts it: no response") {
		t.Error(got.Out)
	}
	clitest.WantText(t, "file", s.file(), "TENSORSLAB_API_KEY=KEY\n")
}
