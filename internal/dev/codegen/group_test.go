package codegen

import (
	"go/build"
	"testing"
)

// Only Unix systems have process groups; each other system builds the fallback.
func TestGroupOfEachSystem(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"linux": "group_unix.go", "darwin": "group_unix.go", "freebsd": "group_unix.go",
		"windows": "group_other.go", "plan9": "group_other.go", "js": "group_other.go", "wasip1": "group_other.go",
	}
	for system, want := range tests {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			target := build.Default
			target.GOOS = system
			for _, file := range []string{"group_unix.go", "group_other.go"} {
				if built, err := target.MatchFile(".", file); err != nil || built != (file == want) {
					t.Errorf("%s: %t, %v", file, built, err)
				}
			}
		})
	}
}
