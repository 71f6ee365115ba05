package changes

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// onlyTexts is the report where oasdiff finds nothing that a program could see.
const onlyTexts = "The contract changed in texts, examples or their order only: nothing that a program sees.\n"

// breakingLevel is oasdiff's level of a warning; an error's is higher. A change
// of either level may break a program.
const breakingLevel = 2

// oldContract is the name of the older document in a folder of two.
const oldContract = "old/" + codegen.Contract

var formatOptions = map[Format][]string{
	Text:     {"--format=text", "--color=never"},
	Markdown: {"--format=markdown"},
}

var blankLines = regexp.MustCompile(`\n{3,}`)

// Contract reports what changed between two OpenAPI documents. The module at root
// pins the program that compares them.
func Contract(ctx context.Context, root string, old, now []byte, format Format) (Report, error) {
	if bytes.Equal(old, now) {
		return Report{}, nil
	}
	oasdiff, err := tool(ctx, root, "oasdiff")
	if err != nil {
		return Report{}, err
	}
	dir, err := twoContracts(old, now)
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	changelog := func(options ...string) (string, error) {
		out, err := codegen.Run(ctx, dir, nil, oasdiff, append(options, "changelog", oldContract, codegen.Contract,
			"--flatten-allof", "--allow-external-refs=false")...)
		if err != nil {
			return "", fmt.Errorf("oasdiff: %w", err)
		}
		return out, nil
	}
	found, breaking, err := levels(changelog("--format=json"))
	if err != nil {
		return Report{}, err
	}
	if found == 0 {
		return Report{Text: onlyTexts}, nil
	}
	text, err := changelog(formatOptions[format]...)
	return Report{Text: blankLines.ReplaceAllString(strings.TrimSpace(text), "\n\n") + "\n", Breaking: breaking}, err
}

// twoContracts writes both documents to a folder of their own, where oasdiff finds
// no configuration and names them by short paths.
func twoContracts(old, now []byte) (dir string, err error) {
	dir, err = os.MkdirTemp("", "tensorslab-changes-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if err := os.Mkdir(filepath.Join(dir, "old"), 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(oldContract)), old, 0o644); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, codegen.Contract), now, 0o644)
}

// levels counts the changes that oasdiff lists as JSON.
func levels(list string, failed error) (found int, breaking bool, err error) {
	if failed != nil {
		return 0, false, failed
	}
	var changes []struct{ Level int }
	if err := json.Unmarshal([]byte(list), &changes); err != nil {
		return 0, false, fmt.Errorf("oasdiff: its list of changes is not the JSON that is known: %w", err)
	}
	for _, change := range changes {
		breaking = breaking || change.Level >= breakingLevel
	}
	return len(changes), breaking, nil
}
