// Package changes reports what changed, and what of it breaks programs: between two
// versions of the contract, by oasdiff and by what it does not look at, and between
// two versions of the Go API, by apidiff. tools/diff/go.mod pins both programs.
//
// A change of the contract is breaking if it breaks either side: programs that call
// the service as they did, and clients that read or check its responses. The latter
// break when a response may hold more than it could, and also when it may hold less,
// since a client of the newer contract then refuses what the service said before.
package changes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

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
	// Incomplete says, on one line, what could not be compared. It is empty if all was.
	Incomplete string
}

// With returns both reports as one, more below r.
func (r Report) With(more Report) Report {
	return Report{
		Text:       joined(r.Text, more.Text, "\n"),
		Breaking:   r.Breaking || more.Breaking,
		Incomplete: joined(r.Incomplete, more.Incomplete, "; "),
	}
}

func joined(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// The verdicts of a report.
const (
	Compatible = "compatible"
	Breaking   = "breaking"
	Unknown    = "unknown" // something could not be compared, and nothing that could breaks programs
)

// Verdict is the report in one word.
func (r Report) Verdict() string {
	switch {
	case r.Breaking:
		return Breaking
	case r.Incomplete != "":
		return Unknown
	}
	return Compatible
}

// WriteVerdict writes a verdict to a file, on a line of its own. Without a name it
// does nothing. It is for what runs make, which has one exit status for all failures.
func WriteVerdict(file, verdict string) error {
	if file == "" {
		return nil
	}
	if err := os.WriteFile(file, []byte(verdict+"\n"), 0o644); err != nil {
		return fmt.Errorf("VERDICT: %w", err)
	}
	return nil
}

// programs are the paths of the pinned programs, by root and name: asking the go
// command takes longer than running them.
var programs sync.Map

// tool returns the path of a program that the module at root pins. The go command
// runs in the folder of the pin, so that it sees which Go the program needs.
func tool(ctx context.Context, root, name string) (string, error) {
	dir := filepath.Join(root, "tools", "diff")
	if path, ok := programs.Load([2]string{dir, name}); ok {
		return path.(string), nil
	}
	out, err := codegen.Run(ctx, dir, nil, "go", "tool", "-n", name)
	if err != nil {
		return "", fmt.Errorf("%s, which tools/diff/go.mod pins: %w", name, err)
	}
	programs.Store([2]string{dir, name}, strings.TrimSpace(out))
	return strings.TrimSpace(out), nil
}
