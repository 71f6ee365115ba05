//go:build !windows

package main

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// atHome returns the command with a home directory of its own, and no key in the
// environment.
func atHome(t *testing.T, fake *fakeapi.Server, args ...string) (cmd *exec.Cmd, dotenv string) {
	t.Helper()
	home := t.TempDir()
	cmd = built(within(t), fake, args...)
	cmd.Env = append(cmd.Env, "HOME="+home, "TENSORSLAB_API_KEY=", "TENSORSLAB_AUTH=")
	clitest.MakeFolder(t, filepath.Join(home, ".tensorslab"))
	return cmd, clitest.WriteFile(t, filepath.Join(home, ".tensorslab", ".env"), "OTHER=x\n")
}

// A key that is typed is not shown, and the terminal shows again what is typed after it.
func TestTerminalLoginWithKey(t *testing.T) {
	t.Parallel()
	const prompt = "Paste the key (it is not shown): "
	for name, tt := range map[string]struct {
		typed  string
		status int
		last   string
		stored string
	}{
		"key":          {clitest.Key + "\r", cli.OK, "The key that ends in …cdef is stored in ~/.tensorslab/.env, and the service accepts it.", "OTHER=x\nTENSORSLAB_API_KEY=" + clitest.Key + "\n"},
		"wrong key":    {"another-key-0000\r", cli.Auth, "nothing was stored", "OTHER=x\n"},
		"nothing":      {"\r", cli.Auth, "no API key: standard input is empty", "OTHER=x\n"},
		"end of input": {"\x04", cli.Interrupted, "interrupted; nothing was stored", "OTHER=x\n"},
		"interrupted":  {"\x03", cli.Interrupted, "interrupted; nothing was stored", "OTHER=x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, dotenv := atHome(t, fakeapi.Start(t, fakeapi.WithKey(clitest.Key)))
			cmd.Path = "/bin/sh"
			cmd.Args = []string{"sh", "-c", `trap : INT; tensorslab auth login --with-key; status=$?; stty -a; exit $status`}
			screen, status := inTerminal(t, cmd, prompt, tt.typed)
			if status != tt.status || !strings.Contains(screen, tt.last) || strings.Contains(screen, tt.typed) && len(tt.typed) > 2 {
				t.Errorf("exit status %d, want %d, screen %q", status, tt.status, screen)
			}
			if strings.Contains(screen, "-echo ") || !strings.Contains(screen, " echo ") {
				t.Errorf("the terminal does not show what is typed: %q", screen)
			}
			clitest.WantText(t, "file", clitest.ReadFile(t, dotenv), tt.stored)
		})
	}
}

// The form that works is stored if the person says so.
func TestTerminalStatusOffers(t *testing.T) {
	t.Parallel()
	const prompt = "The service accepts only the bare form of the key. Store that in ~/.tensorslab/.env? [y/N] "
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != clitest.Key {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"code":9999,"msg":"task not found"}`))
	}))
	t.Cleanup(server.Close)
	for typed, tt := range map[string]struct {
		status int
		last   string
		stored string
	}{
		"y\r":  {cli.OK, "; stored in ~/.tensorslab/.env\r\n", "OTHER=x\nTENSORSLAB_AUTH=bare\n"},
		"\r":   {cli.Auth, "; run \"tensorslab auth status --store\" to store that\r\n", "OTHER=x\n"},
		"\x04": {cli.Auth, "to store that\r\n", "OTHER=x\n"},
	} {
		cmd, dotenv := atHome(t, fakeapi.Start(t), "auth", "status")
		cmd.Env = append(cmd.Env, "TENSORSLAB_API_KEY="+clitest.Key, "TENSORSLAB_BASE_URL="+server.URL)
		screen, status := inTerminal(t, cmd, prompt, typed)
		if status != tt.status || !strings.Contains(screen, prompt) || !strings.HasSuffix(screen, tt.last) || strings.Contains(screen, clitest.Key) {
			t.Errorf("%q: exit status %d, screen %q", typed, status, screen)
		}
		clitest.WantText(t, "file", clitest.ReadFile(t, dotenv), tt.stored)
	}
}

// Where there is a terminal and no browser, the address is printed, and Ctrl-C ends the wait.
func TestTerminalLoginWithoutBrowser(t *testing.T) {
	t.Parallel()
	cmd, dotenv := atHome(t, fakeapi.Start(t), "auth", "login")
	cmd.Env = append(cmd.Env, "DISPLAY=", "WAYLAND_DISPLAY=")
	screen, status := inTerminal(t, cmd, "Waiting for the key …", "\x03")
	if status != cli.Interrupted || !strings.Contains(screen, "  https://tensorai.tensorslab.com/auth?key_name=TENSORSLAB_API_KEY&redirect_uri=http%3A%2F%2F127.0.0.1%3A") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
	clitest.WantText(t, "file", clitest.ReadFile(t, dotenv), "OTHER=x\n")
}
