package service

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A service that is not TensorsLab's is named, without what its address may hold of secrets.
func TestNote(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env   string
		flags Flags
		want  string
	}{
		"default":                  {"", Flags{}, ""},
		"the default, spelled out": {"https://API.tensorslab.com/", Flags{}, ""},
		"the default, by the flag": {"http://127.0.0.1:8787", Flags{BaseURL: "https://api.tensorslab.com"}, ""},
		"variable":                 {" http://127.0.0.1:8787 ", Flags{}, "using http://127.0.0.1:8787 (TENSORSLAB_BASE_URL)\n"},
		"flag":                     {"http://127.0.0.1:8787", Flags{BaseURL: "https://gateway.example/images"}, "using https://gateway.example/images (--base-url)\n"},
		"secrets":                  {"", Flags{BaseURL: "https://user:pass@gateway.example/" + clitest.Key + "?token=x"}, "using https://gateway.example/[redacted] (--base-url)\n"},
		"--quiet":                  {"http://127.0.0.1:8787", Flags{Quiet: true}, ""},
		"JSON":                     {"http://127.0.0.1:8787", Flags{Output: "json"}, ""},
		"--demo":                   {"http://127.0.0.1:8787", Flags{Demo: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stderr strings.Builder
			e := cli.Env{Stderr: &stderr, Secret: new(cli.Secret), Getenv: func(string) string { return tt.env }}
			e.Secret.Set(clitest.Key)
			tt.flags.PrintNote(e)
			clitest.WantText(t, "stderr", stderr.String(), tt.want)
		})
	}
}
