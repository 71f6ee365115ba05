package auth

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// byForm is a service that responds to each form of the key in its own way.
func byForm(t *testing.T, bearer, bare http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Authorization") {
		case "Bearer " + clitest.Key:
			bearer(w, r)
		case clitest.Key:
			bare(w, r)
		default:
			t.Error("another key was sent")
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func responding(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

var (
	good   = responding(404, `{"code":9999,"msg":"task not found"}`)
	bad    = responding(401, `{"code":9999,"msg":"bad key `+clitest.Key+`"}`)
	silent = responding(501, `{}`)
)

func TestStatus(t *testing.T) {
	t.Parallel()
	const (
		badText    = `rejected (HTTP 401, code 9999 "bad key [redacted]")`
		silentText = "unknown (HTTP 501: the service, or a gateway in front of it, failed; try again later)"
		onlyBare   = "the service accepts only the bare form of the key"
		onlyBearer = "the service accepts only the bearer form of the key"
		runStore   = `; run "tensorslab auth status --store" to store that`
	)
	for name, tt := range map[string]struct {
		bearer, bare http.HandlerFunc
		auth         string // TENSORSLAB_AUTH in the environment
		file         string // lines of the .env file beside the key
		flags        []string
		status       int
		lines        string // without the first
		err          string
		stored       string
	}{
		"bearer":                {good, bad, "", "", nil, cli.OK, "bearer  accepted\nbare    " + badText + "\nsent    as bearer\n", "", ""},
		"both":                  {good, good, "", "", nil, cli.OK, "bearer  accepted\nbare    accepted\nsent    as bearer\n", "", ""},
		"both, sent bare":       {good, good, "", "TENSORSLAB_AUTH=bare\n", nil, cli.OK, "bearer  accepted\nbare    accepted\nsent    as bare\n", "", "TENSORSLAB_AUTH=bare\n"},
		"bare":                  {bad, good, "", "", nil, cli.Auth, "bearer  " + badText + "\nbare    accepted\nsent    as bearer\n", onlyBare + runStore, ""},
		"bare, stored":          {bad, good, "", "", []string{"--store"}, cli.OK, "bearer  " + badText + "\nbare    accepted\nsent    as bearer\n", onlyBare + "; stored in ~/.tensorslab/.env", "TENSORSLAB_AUTH=bare\n"},
		"bearer, sent bare":     {good, bad, "", "TENSORSLAB_AUTH=bare\n", []string{"--store"}, cli.OK, "bearer  accepted\nbare    " + badText + "\nsent    as bare\n", onlyBearer + "; stored in ~/.tensorslab/.env", ""},
		"bare, by the variable": {bad, good, "bare", "", []string{"--store"}, cli.OK, "bearer  " + badText + "\nbare    accepted\nsent    as bare\n", "", ""},
		"variable in the way":   {bad, good, "bearer", "", []string{"--store"}, cli.Auth, "bearer  " + badText + "\nbare    accepted\nsent    as bearer\n", onlyBare + "; set TENSORSLAB_AUTH=bare in the environment, which takes precedence over ~/.tensorslab/.env", ""},
		"neither":               {bad, bad, "", "", []string{"--store"}, cli.Auth, "bearer  " + badText + "\nbare    " + badText + "\nsent    as bearer\n", `the service rejects the key in both forms; run "tensorslab auth login" to get another`, ""},
		"unknown":               {silent, silent, "", "", []string{"--store"}, cli.Later, "bearer  " + silentText + "\nbare    " + silentText + "\nsent    as bearer\n", "it is unknown whether the service accepts the key", ""},
		"rejected, unknown":     {bad, silent, "", "", nil, cli.Auth, "bearer  " + badText + "\nbare    " + silentText + "\nsent    as bearer\n", "the service rejects the key; whether it accepts the other form is unknown", ""},
		"unknown, rejected":     {silent, bad, "", "", nil, cli.Later, "bearer  " + silentText + "\nbare    " + badText + "\nsent    as bearer\n", "it is unknown whether the service accepts the key", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetting(t)
			maps.Copy(s.env, map[string]string{"TENSORSLAB_BASE_URL": byForm(t, tt.bearer, tt.bare), "TENSORSLAB_AUTH": tt.auth})
			s.write("TENSORSLAB_API_KEY=" + clitest.Key + "\n" + tt.file)
			got := s.run(append([]string{"status"}, tt.flags...)...)
			clitest.WantStatus(t, got, tt.status)
			clitest.WantText(t, "stdout", got.Out, "key     ends in …cdef, from TENSORSLAB_API_KEY in ~/.tensorslab/.env\n"+tt.lines)
			clitest.WantText(t, "stderr", strings.TrimPrefix(strings.TrimSuffix(got.Err, "\n"), "tensorslab: "), tt.err)
			clitest.WantText(t, "file", s.file(), "TENSORSLAB_API_KEY=KEY\n"+tt.stored)
		})
	}
}

// The status says where the key is from, and is an object for programs.
func TestStatusSources(t *testing.T) {
	t.Parallel()
	keyFile := clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), clitest.Key+"\n")
	for name, tt := range map[string]struct {
		env   string
		flags []string
		from  string
	}{
		"environment": {env: "'Bearer " + clitest.Key + "'", from: "TENSORSLAB_API_KEY"},
		"key file":    {env: "another-key", flags: []string{"--api-key-file", keyFile}, from: keyFile},
	} {
		s := newSetting(t)
		s.env["TENSORSLAB_API_KEY"] = tt.env
		got := s.run(append([]string{"status", "-o", "json"}, tt.flags...)...)
		clitest.WantStatus(t, got, cli.OK)
		var object map[string]string
		if err := json.Unmarshal([]byte(got.Out), &object); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]string{"from": tt.from, "ends_in": "…cdef", "sent": "bearer", "bearer": "accepted", "bare": "accepted", "bare_reason": ""} {
			if object[key] != want {
				t.Errorf("%s: %s is %q, want %q", name, key, object[key], want)
			}
		}
	}
}

func TestStatusErrors(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	const none = `no API key; run "tensorslab auth login", set TENSORSLAB_API_KEY, or use --api-key-file`
	clitest.WantError(t, s.run("status"), cli.Auth, none)
	s.write("TENSORSLAB_API_KEY='" + clitest.Key)
	clitest.WantError(t, s.run("status"), cli.Auth, strings.Replace(none, "key;", "key: ~/.tensorslab/.env:1: a quote is not closed;", 1))
	s.env["TENSORSLAB_API_KEY"] = clitest.Key + " x"
	clitest.WantStatus(t, s.run("status"), cli.Auth)
	s.env["TENSORSLAB_API_KEY"], s.env["TENSORSLAB_AUTH"] = clitest.Key, "basic"
	clitest.WantError(t, s.run("status"), cli.Usage, "TENSORSLAB_AUTH must be bearer or bare")
	clitest.WantStatus(t, s.run("status", "--output", "xml"), cli.Usage)
	if n := len(s.fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// Of a short key nothing is shown, and the sentences are complete without it.
func TestNamed(t *testing.T) {
	t.Parallel()
	clitest.WantText(t, "short", named("k-1"), "key (too short to show)")
	clitest.WantText(t, "long", named(clitest.Key), "key that ends in …cdef")
	s := newSetting(t)
	s.env["TENSORSLAB_API_KEY"] = "k-1"
	got := s.run("status").Out
	if want := "key     too short to show, from TENSORSLAB_API_KEY\n"; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q first", got, want)
	}
}

func TestEnding(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"": "…", "k-1": "…", "short-key-1": "…", "long-key-123": "…-123", "'Bearer long-key-123' ": "…-123", clitest.Key: "…cdef",
	} {
		if got := ending(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}
