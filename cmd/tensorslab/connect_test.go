package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestKeySources(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithKey(testKey))
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".tensorslab"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(home, ".tensorslab", ".env"), "export TENSORSLAB_API_KEY='"+testKey+"' # mine\r\n")
	keyFile := writeFile(t, filepath.Join(t.TempDir(), "key"), testKey+"\n")
	wrong := writeFile(t, filepath.Join(t.TempDir(), "key"), "another-key\n")
	tests := map[string]struct {
		env    string
		home   string
		flags  []string
		status int
	}{
		"environment":                      {env: testKey},
		"environment before the .env file": {env: "another-key", home: home, status: statusAuth},
		".env file":                        {home: home},
		".env file, blank environment":     {env: " ", home: home},
		"key file":                         {flags: []string{"--api-key-file", keyFile}},
		"key file before the environment":  {env: testKey, home: home, flags: []string{"--api-key-file", wrong}, status: statusAuth},
		"sent as Bearer":                   {env: testKey, flags: []string{"--bearer"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			id := strings.ReplaceAll(name, " ", "_")
			fake.AddTasks(id)
			s := session{t: t, home: tt.home, env: map[string]string{"TENSORSLAB_API_KEY": tt.env, "TENSORSLAB_BASE_URL": fake.URL}}
			wantStatus(t, s.run(append([]string{"images", "delete", id}, tt.flags...)...), tt.status)
		})
	}
}

func TestKeyErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "none")
	empty := writeFile(t, filepath.Join(dir, "empty"), "\n")
	two := writeFile(t, filepath.Join(dir, "two"), testKey+"\n"+testKey+"\n")
	const none = "no API key; set TENSORSLAB_API_KEY, give --api-key-file, or write it to ~/.tensorslab/.env (keys are issued at https://tensorai.tensorslab.com/apikey)"
	tests := map[string]struct {
		env    string
		flags  []string
		status int
		want   string
	}{
		"none":                {status: statusAuth, want: none},
		"blank":               {env: " \t", status: statusAuth, want: none},
		"not ASCII":           {env: "clé-" + testKey, status: statusAuth, want: "the API key is not usable: it holds a control character or a non-ASCII byte at position 2; copy it again"},
		"empty key file":      {env: testKey, flags: []string{"--api-key-file", empty}, status: statusAuth, want: "no API key: " + empty + " is empty"},
		"two keys in a file":  {flags: []string{"--api-key-file", two}, status: statusAuth, want: "the API key is not usable: it holds a control character or a non-ASCII byte at position 26; copy it again"},
		"missing key file":    {env: testKey, flags: []string{"--api-key-file", missing}, status: statusUsage, want: "cannot read the API key: open " + missing + ": no such file or directory"},
		"plain http":          {env: testKey, flags: []string{"--base-url", "http://example.com"}, status: statusUsage, want: "--base-url: the base URL is http and not a loopback address, so the key would travel in the clear; use https"},
		"password in the URL": {env: testKey, flags: []string{"--base-url", "https://u:" + testKey + "@h"}, status: statusUsage, want: "--base-url: the base URL holds user info, which would be sent to the server; leave it out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := session{t: t, env: map[string]string{"TENSORSLAB_API_KEY": tt.env}}
			got := s.run(append([]string{"images", "delete", "a"}, tt.flags...)...)
			wantStatus(t, got, tt.status)
			wantText(t, "stdout", got.out, "")
			if want, ok := strings.CutSuffix(tt.want, "no such file or directory"); ok {
				if !strings.HasPrefix(got.err, "tensorslab: "+want) { // the rest is the system's
					t.Errorf("stderr %q, want %q", got.err, want)
				}
				return
			}
			wantError(t, got, tt.status, tt.want)
		})
	}
}

// The environment's URL is used without being shown, and a flag goes before it.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	s := session{t: t, env: map[string]string{"TENSORSLAB_API_KEY": testKey, "TENSORSLAB_BASE_URL": "https://h/?key=" + testKey}}
	wantError(t, s.run("images", "delete", "a"), statusUsage,
		"TENSORSLAB_BASE_URL: the base URL holds a query or a fragment, which requests would lose; leave it out")
	wantStatus(t, s.run("images", "delete", "a", "--base-url", fake.URL), statusOK)
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	wantStatus(t, against(t, fake).run("images", "delete", "a", "--uid", "u-1"), statusOK)
	requests := fake.Requests()
	if len(requests) != 1 || !strings.HasPrefix(requests[0].Header.Get("User-Agent"), "tensorslab/") {
		t.Fatalf("requests %v", requests)
	}
	wantText(t, "body", string(requests[0].Body), `{"taskids":["a"],"uid":"u-1"}`)
}
