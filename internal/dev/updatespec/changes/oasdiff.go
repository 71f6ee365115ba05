package changes

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// breakingLevel is oasdiff's level of a warning; an error's is higher. A change
// of either level may break a program.
const breakingLevel = 2

// oldContract is the name of the older document in a folder of two.
const oldContract = "old/" + codegen.Contract

// found is a change as oasdiff lists it.
type found struct {
	ID        string
	Text      string
	Level     int
	Operation string
	Path      string
}

// oasdiff lists what the pinned program of that name finds between two documents.
func oasdiff(ctx context.Context, root string, old, now []byte) ([]found, error) {
	program, err := tool(ctx, root, "oasdiff")
	if err != nil {
		return nil, err
	}
	dir, err := twoContracts(readable(old), readable(now))
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out, err := codegen.Run(ctx, dir, nil, program, "changelog", oldContract, codegen.Contract,
		"--format=json", "--flatten-allof", "--allow-external-refs=false")
	if err != nil {
		return nil, fmt.Errorf("oasdiff: %w", err)
	}
	var list []found
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		return nil, fmt.Errorf("oasdiff: its list of changes is not the JSON that is known: %w", err)
	}
	return slices.DeleteFunc(list, isNoise), nil
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

// isNoise reports whether a change is about a text, or one that the report has
// anyway: schemas that are gone are among the differences.
func isNoise(f found) bool {
	return strings.HasPrefix(f.ID, "api-version-") || strings.HasPrefix(f.ID, "api-tag-") ||
		f.ID == "api-major-version-not-bumped" || f.ID == "api-schema-removed"
}

// breakingAnyway are changes that oasdiff takes for harmless, and that Go programs,
// or what they get without asking, depend on.
var breakingAnyway = map[string]breaks{
	"api-operation-id-removed":                callers, // the methods have another name
	"request-body-default-value-changed":      callers,
	"request-parameter-default-value-changed": callers,
	"request-property-default-value-changed":  callers,
}

// harmless are ends of the names of changes to a response that oasdiff takes for
// harmless, and that are. All others allow values that the older contract did not,
// or fewer than it did: the service may not be the one of the contract yet.
var harmless = []string{
	"-annotation-only", "optional-property-added", "optional-write-only-property-added", "-default-value-added", "-default-value-changed",
	"-default-value-removed", "-deprecated", "-deprecated-with-sunset", "-reactivated", "-stability-increased", "-type-compatible",
	"-became-not-write-only", "-became-read-only", "-became-not-read-only", "response-header-added", "non-success-status-added",
	"-mapping-added",
}

// verdict says whom a change breaks.
func (f found) verdict() breaks {
	inResponse := strings.HasPrefix(f.ID, "response-") || f.ID == "optional-response-header-removed"
	isHarmless := slices.ContainsFunc(harmless, func(end string) bool { return strings.HasSuffix(f.ID, end) })
	switch whom, ok := breakingAnyway[f.ID]; {
	case ok:
		return whom
	case inResponse && (f.Level >= breakingLevel || !isHarmless):
		return readers
	case f.Level < breakingLevel, isLifecycle(f.ID):
		return ""
	}
	return callers
}

// isLifecycle reports whether a change is of what the document announces, and not of
// what the service does.
func isLifecycle(id string) bool {
	return (strings.Contains(id, "sunset") || strings.Contains(id, "stability")) && !strings.Contains(id, "removed")
}
