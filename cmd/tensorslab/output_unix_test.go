//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A closed standard output loses no report. To write to /dev/null is the user's choice.
func TestClosedStandardOutput(t *testing.T) {
	t.Parallel()
	const created = "fake_0000000000000001: created by seedreamv45\n"
	for name, tt := range map[string]struct {
		command, out, err string
	}{
		"generate":              {"images generate fox >&-", "", created},
		"generate, json":        {"images generate fox --output json >&-", "", `{"type":"task","id":"fake_0000000000000001","model":"seedreamv45","key":"single-`},
		"delete":                {"images delete a b --batch-size 1 >&-", "", "2 image tasks: 2 deleted, 0 refused, 0 not sent, 0 unknown\n"},
		"wait":                  {"images wait a >&-", "", "a: completed, 64 by 64 pixels\n"},
		"download":              {"images download a --out DIR >&-", "", "a: DIR/a-1.png ("},
		"/dev/null":             {"images generate fox -o json >/dev/null", "", ""},
		"/dev/null, appended":   {"images generate fox -o json >>/dev/null", "", ""},
		"standard error":        {"images generate fox 2>&-", created, ""},
		"standard error, fault": {"images generate 2>&-", "", ""},
		"both":                  {"images generate fox >&- 2>&-", "", ""},
		"all":                   {"images generate fox <&- >&- 2>&-", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			dir := t.TempDir()
			cmd := built(within(t), fake)
			cmd.Path = "/bin/sh"
			cmd.Args = []string{"sh", "-c", "exec tensorslab " + strings.ReplaceAll(tt.command, "DIR", dir)}
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			want := cli.OK
			if strings.Contains(name, "fault") {
				want = cli.Usage
			}
			if status := exitStatus(t, cmd.Run()); status != want {
				t.Errorf("exit status %d, want %d", status, want)
			}
			clitest.WantText(t, "stdout", stdout.String(), tt.out)
			if part := strings.ReplaceAll(tt.err, "DIR", dir); !strings.Contains(stderr.String(), part) || part == "" && stderr.String() != "" {
				t.Errorf("stderr %q, want %q", stderr.String(), part)
			}
		})
	}
}
