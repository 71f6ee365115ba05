package changes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// Packages lists the packages whose Go API is a promise, by their folders.
var Packages = append(codegen.All.Packages(), "wrapper", "batch", "fakeapi")

// The headings that apidiff prints.
const (
	incompatible = "Incompatible changes:"
	compatible   = "Compatible changes:"
)

// notPromised are types of which a program is not to have its own implementations: the
// generator adds a method to each of these interfaces for every operation, so that
// any operation that is added would count as a breaking change. What is removed is
// reported for the types that implement them.
var notPromised = regexp.MustCompile(`(?m)^- (?:ClientInterface|ClientWithResponsesInterface)\..*\n`)

// emptyHeading is a heading with nothing below it.
var emptyHeading = regexp.MustCompile(`(?m)^(?:Incompatible|Compatible) changes:\n(\z|(?:Incompatible|Compatible) changes:)`)

// readOnly keeps a vendor folder, which GOFLAGS may ask for, out of it.
var readOnly = []string{"GOFLAGS=-mod=readonly"}

// API reports what changed in the Go API of [Packages] between the module at base
// and the one at root, which pins the program that compares them. Packages that do
// not compile are named in Incomplete. Without names, all packages are compared.
func API(ctx context.Context, root, base string, format Format, names ...string) (Report, error) {
	apidiff, err := tool(ctx, root, "apidiff")
	if err != nil {
		return Report{}, err
	}
	dir, err := os.MkdirTemp("", "tensorslab-changes-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	var report Report
	if len(names) == 0 {
		names = Packages
	}
	for _, name := range names {
		found, err := packageChanges(ctx, apidiff, filepath.Join(dir, filepath.Base(name)), root, base, name)
		if ctx.Err() != nil {
			return Report{}, err
		}
		if err != nil && report.Incomplete != "" {
			report.Incomplete += "; "
		}
		if err != nil {
			report.Incomplete += fmt.Sprintf("could not compare package %s: %v", name, err)
			continue
		}
		if found == "" {
			continue
		}
		if report.Text != "" {
			report.Text += "\n"
		}
		report.Text += render(name, found, format)
		report.Breaking = report.Breaking || strings.Contains(found, incompatible)
	}
	return report, nil
}

// packageChanges returns what apidiff prints of one package; file is for what it
// writes down of the older one.
func packageChanges(ctx context.Context, apidiff, file, root, base, name string) (string, error) {
	had, has := hasPackage(base, name), hasPackage(root, name)
	switch {
	case !had && !has:
		return "", nil
	case !had:
		return compatible + "\n- the package: added\n", nil
	case !has:
		return incompatible + "\n- the package: removed\n", nil
	}
	if _, err := codegen.Run(ctx, base, readOnly, apidiff, "-w", file, "./"+name); err != nil {
		return "", fmt.Errorf("as it was: %w", err)
	}
	found, err := codegen.Run(ctx, root, readOnly, apidiff, file, "./"+name)
	return promised(found), err
}

// promised leaves out what is not promised.
func promised(found string) string {
	if found != "" && !strings.HasSuffix(found, "\n") {
		found += "\n"
	}
	found = notPromised.ReplaceAllString(found, "")
	return emptyHeading.ReplaceAllString(emptyHeading.ReplaceAllString(found, "$1"), "$1")
}

func hasPackage(root, name string) bool {
	files, err := filepath.Glob(filepath.Join(root, name, "*.go"))
	return err == nil && len(files) > 0
}

// render writes what apidiff printed below the name of the package.
func render(name, found string, format Format) string {
	if format == Text {
		return "package " + name + "\n" + found
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### Package %s\n", name)
	for line := range strings.Lines(strings.TrimSpace(found)) {
		line = strings.TrimRight(line, "\r\n")
		if item, ok := strings.CutPrefix(line, "- "); ok {
			// A pointer's asterisk would be taken for emphasis.
			fmt.Fprintf(&b, "- `%s`\n", item)
			continue
		}
		fmt.Fprintf(&b, "\n%s\n\n", line)
	}
	return b.String()
}
