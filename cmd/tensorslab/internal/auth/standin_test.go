package auth

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var standIn = template.Must(template.New("page").Parse(`<!DOCTYPE html><title>Agree</title>
<form method="post" action="{{.To}}"><input name="token" value="{{.Key}}"><button>Agree</button></form>
{{if .Agree}}<script>document.forms[0].submit()</script>{{end}}`))

// pageHandler stands in for TensorsLab's page: a form that POSTs a key to where the
// command listens. With agree it does so at once.
func pageHandler(t *testing.T, key string, agree bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, err := url.Parse(r.FormValue("redirect_uri"))
		if err != nil || to.Scheme != "http" || to.Hostname() != "127.0.0.1" || to.Path != "/callback" || to.RawQuery != "" || r.FormValue("key_name") != "TENSORSLAB_API_KEY" {
			t.Errorf("asked for %s", r.URL)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = standIn.Execute(w, map[string]any{"To": to, "Key": key, "Agree": agree})
	})
}

// setting is a login against a stand-in of the page and a fake service.
type setting struct {
	t    *testing.T
	fake *fakeapi.Server
	home string
	env  map[string]string
	site site
}

func newSetting(t *testing.T, opts ...fakeapi.Option) *setting {
	t.Helper()
	s := &setting{t: t, fake: fakeapi.Start(t, append([]fakeapi.Option{fakeapi.WithKey(clitest.Key)}, opts...)...), home: t.TempDir()}
	s.env = map[string]string{"TENSORSLAB_BASE_URL": s.fake.URL}
	page := httptest.NewServer(pageHandler(t, clitest.Key, false))
	t.Cleanup(page.Close)
	s.site = site{page: page.URL + "/auth", open: agree}
	return s
}

func (s *setting) run(args ...string) clitest.Result { return s.runContext(s.t.Context(), args...) }

func (s *setting) runContext(ctx context.Context, args ...string) clitest.Result {
	s.t.Helper()
	return clitest.Session{T: s.t, Home: s.home, Env: s.env, Root: func(e cli.Env) *cobra.Command {
		return cli.NewRoot("test", newCommand(e, s.site))
	}}.RunContext(ctx, append([]string{"auth"}, args...)...)
}

func (s *setting) withStdin(text string, args ...string) clitest.Result {
	s.t.Helper()
	return clitest.Session{T: s.t, Home: s.home, Env: s.env, Root: newRoot, Stdin: strings.NewReader(text)}.Run(append([]string{"auth"}, args...)...)
}

// file returns the text of the .env file, with the key as KEY, and checks its mode.
func (s *setting) file() string {
	s.t.Helper()
	path := filepath.Join(s.home, ".tensorslab", ".env")
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return ""
	}
	if err != nil {
		s.t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		s.t.Errorf("mode %v, %v", info.Mode(), err)
	}
	return strings.ReplaceAll(string(data), clitest.Key, "KEY")
}

// write writes the .env file.
func (s *setting) write(text string) {
	s.t.Helper()
	clitest.MakeFolder(s.t, filepath.Join(s.home, ".tensorslab"))
	clitest.WriteFile(s.t, filepath.Join(s.home, ".tensorslab", ".env"), text)
}

// agree does what a browser does in which the person agrees: it opens the page, and POSTs
// its form. The response comes when the login has ended.
func agree(address string) error {
	action, err := actionOf(address)
	if err == nil {
		go func() { _, _ = post(action, originOf(address), clitest.Key) }()
	}
	return err
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// actionOf opens a page and returns where its form goes.
func actionOf(address string) (string, error) {
	text, err := exchange(http.MethodGet, address, "", "")
	if err != nil {
		return "", err
	}
	found := formAction.FindStringSubmatch(text)
	if found == nil {
		return "", errors.New("there is no form on the page")
	}
	return found[1], nil
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// post POSTs a key as the form of a page of an origin does, and returns what comes back.
func post(action, origin, key string) (string, error) {
	return exchange(http.MethodPost, action, origin, url.Values{"token": {key}}.Encode())
}

func exchange(method, address, origin, body string) (string, error) {
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return fmt.Sprintf("HTTP %d\n%s", resp.StatusCode, data), err
}
