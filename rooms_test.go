package tensorslab_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tensorslab/tensorslab-go"

// rooms lists, for each package that users link, which other packages of this
// module it imports outside of its tests. Imports run one way: the wrapper imports the internal
// packages, and none of them imports the wrapper.
var rooms = map[string][]string{
	"":                  {},
	"generated":         {},
	"internal/contract": {},
	"internal/send":     {},
	"internal/image":    {},
	"internal/purge":    {},
	"internal/poll":     {"internal/send"},
	"internal/form":     {"internal/contract", "internal/image"}, // for fields and JSON Pointers; for what is an image
	"internal/redact":   {},
	"internal/subject":  {},
	"internal/fetch":    {"internal/send", "internal/redact", "internal/image"},
	"internal/vendored": {""}, // the contract, in place of which tests put another
	"fakeapi":           {"generated", "internal/contract", "internal/vendored"},
	"wrapper": {"generated", "internal/contract", "internal/send", "internal/purge", "internal/poll",
		"internal/form", "internal/redact", "internal/subject", "internal/fetch", "internal/vendored"},
	"batch": {"generated", "wrapper"},

	"durable":                     {"generated", "internal/redact", "wrapper", "batch"},
	"durable/blob":                {"wrapper", "batch"},
	"durable/blob/s3blob":         {},
	"durable/cmd/tensorslab-jobs": {"batch", "durable"},
	"durable/example":             {"wrapper", "batch", "durable", "durable/blob"},
}

// tests lists the folders whose packages only tests and maintainers use.
var tests = []string{"internal/conformance", "internal/testkit", "internal/dev/", "durable/internal/pgtest"}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"internal", "wrapper", "batch", "fakeapi", "generated", "durable"} { // so that go test notices changes in them and does not reuse a cached result
		if err := filepath.WalkDir(folder, func(string, fs.DirEntry, error) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	seen, packages := 0, ""
	for _, folder := range []string{".", "durable", "durable/blob/s3blob"} {
		packages += listed(t, folder, "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`)
	}
	for line := range strings.Lines(packages) {
		words := strings.Fields(line)
		room := relative(words[0])
		if slices.ContainsFunc(tests, func(prefix string) bool { return strings.HasPrefix(room, prefix) }) {
			continue
		}
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is not in the list of rooms", words[0])
			continue
		}
		seen++
		forbidden, unused := compare(allowed, words[1:])
		for _, other := range forbidden {
			t.Errorf("%q imports %q", room, other)
		}
		for _, other := range unused {
			t.Errorf("%q may import %q, but does not", room, other)
		}
	}
	for room := range rooms { // a published copy of the module lacks the other modules
		if _, err := os.Stat(filepath.Join(".", filepath.FromSlash(room))); errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(room, "durable") {
			seen++
		}
	}
	if seen != len(rooms) {
		t.Errorf("found %d of %d rooms", seen, len(rooms))
	}
}

// compare returns the packages of this module that are imported though they are
// not allowed, and those that are allowed though they are not imported.
func compare(allowed, imports []string) (forbidden, unused []string) {
	unused = slices.Clone(allowed)
	for _, path := range imports {
		if path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		room := relative(path)
		if !slices.Contains(allowed, room) {
			forbidden = append(forbidden, room)
		}
		unused = slices.DeleteFunc(unused, func(other string) bool { return other == room })
	}
	return forbidden, unused
}

func TestCompare(t *testing.T) {
	t.Parallel()
	forbidden, unused := compare([]string{"", "a", "b"}, []string{"fmt", module, module + "/b", module + "/c", module + "-tools/d"})
	if !slices.Equal(forbidden, []string{"c"}) || !slices.Equal(unused, []string{"a"}) {
		t.Errorf("forbidden %q, unused %q", forbidden, unused)
	}
}

func relative(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}
