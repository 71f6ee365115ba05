package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// --remaining is the truth: what the fake still holds.
func TestRemaining(t *testing.T) {
	t.Parallel()
	ids := taskIDs(20)
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	fake.RefuseTasks(ids[4], ids[17])
	path := writeFile(t, filepath.Join(t.TempDir(), "list.txt"), "# to delete\n"+lines(ids...)+ids[0]+"\n")
	s := against(t, fake)

	got := s.run("images", "delete", "--file", path, "--remaining", path, "--batch-size", "3")
	wantError(t, got, statusFailed, "6 of 20 image tasks not confirmed deleted; to resume, run again with --file "+path+", and --isolate to find the ones refused")
	wantText(t, "remaining", readFile(t, path), lines(fake.Tasks()...))
	if !strings.HasSuffix(got.out, "20 image tasks: 14 deleted, 6 refused, 0 not sent, 0 unknown (1 repeat dropped)\n6 ids left in "+path+"\n") {
		t.Errorf("stdout %q", got.out)
	}

	got = s.run("images", "delete", "--file", path, "--remaining", path, "--isolate")
	wantStatus(t, got, statusFailed)
	wantText(t, "remaining", readFile(t, path), lines(ids[4], ids[17]))
	wantText(t, "tasks", lines(fake.Tasks()...), lines(ids[4], ids[17]))
}

// A list that was worked off leaves an empty file, and an empty file is
// nothing to do.
func TestRemainingEmpty(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	path := writeFile(t, filepath.Join(t.TempDir(), "left.txt"), "of another run\n")
	s := against(t, fake)
	got := s.run("images", "delete", "a", "b", "--remaining", path)
	wantStatus(t, got, statusOK)
	wantText(t, "remaining", readFile(t, path), "")

	delete(s.env, "TENSORSLAB_API_KEY")
	got = s.run("images", "delete", "--file", path, "--remaining", path)
	wantStatus(t, got, statusOK)
	wantText(t, "stdout", got.out, "0 image tasks: 0 deleted, 0 refused, 0 not sent, 0 unknown\n0 ids left in "+path+"\n")
}

// Whatever ends the command after the ids were read, they are not lost.
func TestRemainingWithoutSending(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left.txt")
	s := session{t: t, stdin: strings.NewReader("a\nb\n")}
	got := s.run("images", "delete", "--remaining", path)
	wantStatus(t, got, statusAuth)
	if !strings.HasPrefix(got.err, "tensorslab: no API key; ") || !strings.HasSuffix(got.err, "; 2 ids left in "+path+"\n") {
		t.Errorf("stderr %q", got.err)
	}
	wantText(t, "remaining", readFile(t, path), lines("a", "b"))
}

func TestRemainingCannotBeWritten(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "none", "left.txt"), os.DevNull} {
		got := against(t, fake).run("images", "delete", "a", "--remaining", path)
		wantStatus(t, got, statusUsage)
		if !strings.HasPrefix(got.err, "tensorslab: cannot write --remaining: ") || !strings.HasSuffix(got.err, "; nothing was sent\n") {
			t.Errorf("stderr %q", got.err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
