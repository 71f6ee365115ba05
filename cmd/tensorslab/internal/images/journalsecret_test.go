package images

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// The key, which a prompt may hold by mistake, is not written into the journal.
func TestKeyInAPrompt(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "my key is "+clitest.Key+", hide it\n")
	s.want(s.run(), cli.OK, 1, 1)
	clitest.WantStatus(t, s.Run("images", "generate", "my key is "+clitest.Key, "--journal", s.journal), cli.OK)
	if text := clitest.ReadFile(t, s.journal); strings.Contains(text, clitest.Key) || !strings.Contains(text, "my key is ") {
		t.Error(text)
	}
	s.want(s.run(), cli.OK, 2, 1) // as the same request
}
