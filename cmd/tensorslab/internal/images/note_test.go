package images

import (
	"path/filepath"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Whoever pays is told if the service is not TensorsLab's. Nothing is said where nothing is sent.
func TestGenerateNamesService(t *testing.T) {
	t.Parallel()
	file := clitest.WriteFile(t, filepath.Join(t.TempDir(), "prompts.txt"), "a fox\n")
	for name, tt := range map[string]struct {
		args []string
		says bool
	}{
		"a prompt":          {[]string{"a fox"}, true},
		"a file":            {[]string{"--file", file}, true},
		"JSON":              {[]string{"a fox", "-o", "json"}, false},
		"--quiet":           {[]string{"a fox", "--quiet"}, false},
		"a file, --quiet":   {[]string{"--file", file, "--quiet"}, false},
		"--demo":            {[]string{"a fox", "--demo"}, false},
		"--dry-run":         {[]string{"a fox", "--dry-run"}, false},
		"a file, --dry-run": {[]string{"--file", file, "--dry-run"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			got := clitest.Against(t, newRoot, fake).Run(append([]string{"images", "generate"}, tt.args...)...)
			clitest.WantStatus(t, got, cli.OK)
			want := ""
			if tt.says {
				want = "using " + fake.URL + " (TENSORSLAB_BASE_URL)\n"
			}
			clitest.WantText(t, "line", got.Service, want)
		})
	}
}
