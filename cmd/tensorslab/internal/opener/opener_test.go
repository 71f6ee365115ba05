package opener

import (
	"os/exec"
	"slices"
	"testing"
)

func TestOpener(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		system, variable, kernel string
		want                     []string
	}{
		"mac":          {"darwin", "", "", []string{"open"}},
		"Windows":      {"windows", "", "", []string{"rundll32", "url.dll,FileProtocolHandler"}},
		"X11":          {"linux", "DISPLAY", "", []string{"xdg-open"}},
		"Wayland":      {"linux", "WAYLAND_DISPLAY", "", []string{"xdg-open"}},
		"server":       {"linux", "TERM", "Linux version 6.1", []string{""}},
		"WSL":          {"linux", "", "Linux version 5.15.90.1-microsoft-standard-WSL2", []string{"rundll32.exe", "url.dll,FileProtocolHandler"}},
		"WSL with X11": {"linux", "DISPLAY", "Microsoft", []string{"xdg-open"}},
		"BSD":          {"freebsd", "DISPLAY", "", []string{"xdg-open"}},
	} {
		command, args := opener(tt.system, func(name string) string {
			if name == tt.variable {
				return ":0"
			}
			return ""
		}, tt.kernel)
		if got := append([]string{command}, args...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if name, _ := opener("darwin", nil, ""); name != "" {
		t.Errorf("without an environment: %q", name)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	if err := start(exec.Command("go", "version")); err != nil {
		t.Error(err)
	}
	for _, cmd := range []*exec.Cmd{exec.Command("go", "no-such-command"), exec.Command("no-such-command-at-all")} {
		if err := start(cmd); err == nil {
			t.Errorf("%q: no error", cmd.Args)
		}
	}
}
