package main

import (
	"os"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A directory may have the key's name, for example after an earlier mistake. The key is
// not known then, so that only its place on the command line tells that it may be one.
func TestKeyAsNameOfADirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir(clitest.Key, 0o700); err != nil {
		t.Fatal(err)
	}
	got := clitest.Session{T: t, Root: newRoot}.Run("images", "info", "a", "--api-key-file", clitest.Key) // which fails the test if it prints the key
	clitest.WantStatus(t, got, cli.Usage)
}
