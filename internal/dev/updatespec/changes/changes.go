// Package changes reports what changed, and what of it breaks programs: between two
// versions of the contract, by oasdiff, and between two versions of the Go API, by
// apidiff. tools/diff/go.mod pins both.
package changes

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// Format is how a report is written.
type Format string

// The formats. Markdown is for the text of a pull request.
const (
	Text     Format = "text"
	Markdown Format = "markdown"
)

// Report is what changed. The zero value means that nothing did.
type Report struct {
	// Text is the report in the requested format. It ends with a line end.
	Text string
	// Breaking reports whether programs that rely on the older version may fail.
	Breaking bool
}

// tool returns the path of a program that the module at root pins. The go command
// runs in the folder of the pin, so that it sees which Go the program needs.
func tool(ctx context.Context, root, name string) (string, error) {
	out, err := codegen.Run(ctx, filepath.Join(root, "tools", "diff"), nil, "go", "tool", "-n", name)
	if err != nil {
		return "", fmt.Errorf("%s, which tools/diff/go.mod pins: %w", name, err)
	}
	return strings.TrimSpace(out), nil
}
