package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// A device, or a file that cannot be meant, does not fill the disk.
func TestPromptsAreBounded(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"as many": 1 << 20, "more": 1<<20 + 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied, err := os.Create(filepath.Join(t.TempDir(), "copy"))
			if err != nil {
				t.Fatal(err)
			}
			defer copied.Close()
			p := &promptFile{copied: copied, limit: 1 << 20}
			err = p.fill("-", strings.NewReader(strings.Repeat("x", size)))
			const want = "cannot read the prompts: it is larger than 1 MiB; nothing was sent"
			if (err == nil) != (size == 1<<20) || err != nil && (err.Error() != want || cli.StatusOf(err) != cli.Usage) {
				t.Error(err)
			}
		})
	}
}
