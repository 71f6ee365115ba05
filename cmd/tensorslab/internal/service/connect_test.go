package service_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestKeySources(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key))
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".tensorslab"), 0o700); err != nil {
		t.Fatal(err)
	}
	clitest.WriteFile(t, filepath.Join(home, ".tensorslab", ".env"), "export TENSORSLAB_API_KEY='"+clitest.Key+"' # mine\r\n")
	keyFile := clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), clitest.Key+"\n")
	wrong := clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), "another-key\n")
	quoted := clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), "'Bearer "+clitest.Key+"'\n")
	line := clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), "TENSORSLAB_API_KEY="+clitest.Key+"\r\n")
	tests := map[string]struct {
		env    string
		home   string
		flags  []string
		status int
	}{
		"environment":                      {env: clitest.Key},
		"environment before the .env file": {env: "another-key", home: home, status: cli.Auth},
		".env file":                        {home: home},
		".env file, blank environment":     {env: " ", home: home},
		"key file":                         {flags: []string{"--api-key-file", keyFile}},
		"key file before the environment":  {env: clitest.Key, home: home, flags: []string{"--api-key-file", wrong}, status: cli.Auth},
		"sent bare":                        {env: clitest.Key, flags: []string{"--bare-key"}},
		"with Bearer in front":             {env: "Bearer " + clitest.Key},
		"with quotes, as docker passes":    {env: `"` + clitest.Key + `"`},
		"quotes around nothing":            {env: `""`, home: home},
		"key file with quotes":             {flags: []string{"--api-key-file", quoted}},
		"key file with a line of .env":     {flags: []string{"--api-key-file", line}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			id := strings.NewReplacer(" ", "_", ",", "").Replace(name)
			fake.AddTasks(id)
			s := clitest.Session{T: t, Root: newRoot, Home: tt.home, Env: map[string]string{"TENSORSLAB_API_KEY": tt.env, "TENSORSLAB_BASE_URL": fake.URL}}
			clitest.WantStatus(t, s.Run(append([]string{"images", "delete", id}, tt.flags...)...), tt.status)
		})
	}
}

// What is sent is what the flag, or else the environment, says.
func TestTheFormOfTheKey(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		auth  string
		flags []string
		want  string
	}{
		"default":     {"", nil, "Bearer [redacted]"},
		"bearer":      {"bearer", nil, "Bearer [redacted]"},
		"flag":        {"", []string{"--bare-key"}, "[redacted]"},
		"environment": {"bare", nil, "[redacted]"},
		"both":        {"bearer", []string{"--bare-key"}, "[redacted]"},
		"flag, and an environment that says nothing": {"basic", []string{"--bare-key"}, "[redacted]"},
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
		s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{
			"TENSORSLAB_API_KEY": clitest.Key, "TENSORSLAB_BASE_URL": fake.URL, "TENSORSLAB_AUTH": tt.auth}}
		clitest.WantStatus(t, s.Run(append([]string{"images", "delete", "a"}, tt.flags...)...), cli.OK)
		if got := fake.Requests()[0].Header.Get("Authorization"); got != tt.want {
			t.Errorf("%s: sent %q, want %q", name, got, tt.want)
		}
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".tensorslab"), 0o700); err != nil {
		t.Fatal(err)
	}
	dotenv := clitest.WriteFile(t, filepath.Join(home, ".tensorslab", ".env"), "TENSORSLAB_API_KEY="+clitest.Key+"\nexport TENSORSLAB_AUTH='bare'\n")
	for env, want := range map[string]string{"": "[redacted]", "bearer": "Bearer [redacted]"} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
		s := clitest.Session{T: t, Root: newRoot, Home: home, Env: map[string]string{"TENSORSLAB_BASE_URL": fake.URL, "TENSORSLAB_AUTH": env}}
		clitest.WantStatus(t, s.Run("images", "delete", "a"), cli.OK)
		clitest.WantText(t, "sent", fake.Requests()[0].Header.Get("Authorization"), want)
	}
	clitest.WriteFile(t, dotenv, "TENSORSLAB_AUTH=basic\n")
	s := clitest.Session{T: t, Root: newRoot, Home: home, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key}}
	clitest.WantError(t, s.Run("images", "delete", "a"), cli.Usage, "TENSORSLAB_AUTH in ~/.tensorslab/.env must be bearer or bare; nothing was sent")
	s = clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key, "TENSORSLAB_AUTH": "basic"}}
	got := s.Run("images", "delete", "a")
	clitest.WantStatus(t, got, cli.Usage)
	clitest.WantText(t, "stderr", got.Err, "tensorslab: TENSORSLAB_AUTH must be bearer or bare; nothing was sent\n")
}

func TestKeyErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "none")
	empty := clitest.WriteFile(t, filepath.Join(dir, "empty"), "\n")
	two := clitest.WriteFile(t, filepath.Join(dir, "two"), clitest.Key+"\n"+clitest.Key+"\n")
	const none = `no API key; run "tensorslab auth login", set TENSORSLAB_API_KEY, or use --api-key-file`
	tests := map[string]struct {
		env    string
		flags  []string
		status int
		want   string
	}{
		"none":                {status: cli.Auth, want: none},
		"blank":               {env: " \t", status: cli.Auth, want: none},
		"not ASCII":           {env: "clé-" + clitest.Key, status: cli.Auth, want: "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again"},
		"empty key file":      {env: clitest.Key, flags: []string{"--api-key-file", empty}, status: cli.Auth, want: "no API key: " + empty + ` is empty; write the key to it, or leave --api-key-file out and run "tensorslab auth login"`},
		"two keys in a file":  {flags: []string{"--api-key-file", two}, status: cli.Auth, want: "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again"},
		"key in quotes alone": {env: `" "`, status: cli.Auth, want: none},
		"white space inside":  {env: clitest.Key + " " + clitest.Key, status: cli.Auth, want: "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again"},
		"key as a file name":  {flags: []string{"--api-key-file", clitest.Key}, status: cli.Usage, want: "cannot read the API key: no such file or directory"},
		"missing key file":    {env: clitest.Key, flags: []string{"--api-key-file", missing}, status: cli.Usage, want: "cannot read the API key: open " + missing + ": no such file or directory"},
		"plain http":          {env: clitest.Key, flags: []string{"--base-url", "http://example.com"}, status: cli.Usage, want: "--base-url: the base URL is not usable; write https://HOST[/PATH], or http:// for a loopback address, without user info, query and fragment"},
		"password in the URL": {env: clitest.Key, flags: []string{"--base-url", "https://u:" + clitest.Key + "@h"}, status: cli.Usage, want: "--base-url: the base URL is not usable; write https://HOST[/PATH], or http:// for a loopback address, without user info, query and fragment"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": tt.env}}
			got := s.Run(append([]string{"images", "delete", "a"}, tt.flags...)...)
			clitest.WantStatus(t, got, tt.status)
			clitest.WantText(t, "stdout", got.Out, "")
			if want, ok := strings.CutSuffix(tt.want, "no such file or directory"); ok {
				if !strings.HasPrefix(got.Err, "tensorslab: "+want) { // the rest is the system's
					t.Errorf("stderr %q, want %q", got.Err, want)
				}
				return
			}
			want := tt.want
			if tt.status == cli.Usage {
				want += "; nothing was sent"
			}
			clitest.WantError(t, got, tt.status, want)
		})
	}
}

// The URL in the environment is used without being printed. The flag overrides it.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key, "TENSORSLAB_BASE_URL": "https://h/?key=" + clitest.Key}}
	clitest.WantError(t, s.Run("images", "delete", "a"), cli.Usage,
		"TENSORSLAB_BASE_URL: the base URL is not usable; write https://HOST[/PATH], or http:// for a loopback address, without user info, query and fragment; nothing was sent")
	clitest.WantStatus(t, s.Run("images", "delete", "a", "--base-url", fake.URL), cli.OK)
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run("images", "delete", "a", "--uid", "u-1"), cli.OK)
	requests := fake.Requests()
	if len(requests) != 1 || !strings.HasPrefix(requests[0].Header.Get("User-Agent"), "tensorslab/") {
		t.Fatalf("requests %v", requests)
	}
	clitest.WantText(t, "body", string(requests[0].Body), `{"taskids":["a"],"uid":"u-1"}`)
}
