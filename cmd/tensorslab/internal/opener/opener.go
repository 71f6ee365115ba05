// Package opener opens an address or a file with the program that the platform has for it.
package opener

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// For returns a function that opens an address or a file with the platform's own opener, or
// nil where neither a browser nor a viewer can be expected.
func For(getenv func(string) string) func(target string) error {
	version, _ := os.ReadFile("/proc/version")
	name, args := opener(runtime.GOOS, getenv, string(version))
	if name == "" {
		return nil
	}
	return func(target string) error {
		if name == inWSL && filepath.IsAbs(target) {
			var err error
			if target, err = windowsPath(target); err != nil {
				return err
			}
		}
		return start(exec.CommandContext(context.Background(), name, append(args, target)...)) // the browser outlives the command
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

// inWSL is the opener of Windows, as the Windows Subsystem for Linux calls it.
const inWSL = "rundll32.exe"

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
		return inWSL, []string{"url.dll,FileProtocolHandler"}
	}
	return "", nil
}

// windowsPath returns the name that Windows has for a file of the Linux beside it.
func windowsPath(path string) (string, error) {
	out, err := exec.CommandContext(context.Background(), "wslpath", "-w", path).Output()
	if err != nil {
		return "", err
	}
	if path = strings.TrimSpace(string(out)); path == "" {
		return "", errors.New("wslpath knows no name for the file")
	}
	return path, nil
}
