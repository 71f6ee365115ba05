package auth

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// openerFor returns a function that opens an address with the platform's own opener, or
// nil where no browser can be expected.
func openerFor(e cli.Env) func(string) error {
	version, _ := os.ReadFile("/proc/version")
	name, args := opener(runtime.GOOS, e.Getenv, string(version))
	if name == "" {
		return nil
	}
	return func(address string) error {
		return start(exec.CommandContext(context.Background(), name, append(args, address)...)) // the browser outlives the command
	}
}

// start returns the error of a command that fails at once. One that still runs after a
// while may be the browser itself, and is left alone.
func start(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	timer := time.NewTimer(3 * time.Second)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
		return nil
	}
}

// opener returns the command that opens an address. kernel is the text of /proc/version,
// in which the Windows Subsystem for Linux names itself.
func opener(system string, getenv func(string) string, kernel string) (name string, args []string) {
	isWSL := strings.Contains(strings.ToLower(kernel), "microsoft")
	switch {
	case getenv == nil:
		return "", nil
	case system == "darwin":
		return "open", nil
	case system == "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	case getenv("DISPLAY") != "", getenv("WAYLAND_DISPLAY") != "":
		return "xdg-open", nil
	case system == "linux" && isWSL:
		return "rundll32.exe", []string{"url.dll,FileProtocolHandler"}
	}
	return "", nil
}
