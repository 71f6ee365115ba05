package service_test

import (
	"slices"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

// Images may be downloaded from this machine if the service is on it.
func TestIsLocal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		flag, env string
		want      bool
	}{
		"default":                       {"", "", false},
		"loopback":                      {"http://127.0.0.1:8787", "", true},
		"loopback in the environment":   {"", " http://[::1]:8787/base ", true},
		"localhost":                     {"http://LocalHost", "", true},
		"another host":                  {"https://api.example.com", "", false},
		"private, but another machine":  {"https://10.0.0.1", "", false},
		"the flag overrides":            {"https://api.example.com", "http://127.0.0.1:1", false},
		"a host that begins like it":    {"https://localhost.example.com", "", false},
		"loopback in the path":          {"https://api.example.com/127.0.0.1", "", false},
		"loopback as the name of users": {"https://127.0.0.1@api.example.com", "", false},
		"malformed":                     {"http://127.0.0.1:%", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := service.Flags{BaseURL: tt.flag}
			e := cli.Env{Getenv: func(string) string { return tt.env }}
			if got := f.IsLocal(e); got != tt.want {
				t.Errorf("IsLocal() = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestFlagDefaults(t *testing.T) {
	t.Parallel()
	var f service.Flags
	cmd := &cobra.Command{}
	f.Register(cmd, time.Minute)
	if err := f.Check(cmd.Flags()); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	if want := (service.Flags{Output: "text", Retries: 2, Timeout: time.Minute}); f != want || !f.AsText() {
		t.Errorf("defaults %+v, want %+v", f, want)
	}
}

func TestTaskIDs(t *testing.T) {
	t.Parallel()
	if got := service.TaskIDs(2); !slices.Equal(got, []string{"task_000001", "task_000002"}) {
		t.Errorf("TaskIDs(2) = %q", got)
	}
	if got := service.TaskIDs(0); len(got) != 0 {
		t.Errorf("TaskIDs(0) = %q", got)
	}
}

func TestQuietOrJSON(t *testing.T) {
	t.Parallel()
	var f service.Flags
	cmd := &cobra.Command{}
	f.Register(cmd, time.Minute)
	f.RegisterQuiet(cmd, "print only ids")
	if err := cmd.ParseFlags([]string{"-q", "-o", "json"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(cmd.Flags()); cli.StatusOf(err) != cli.Usage {
		t.Errorf("--quiet with JSON: %v", err)
	}
}
