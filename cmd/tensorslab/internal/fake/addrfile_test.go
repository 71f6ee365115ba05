package fake

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// whileServing runs a fake until it says where it is, calls during, and stops it.
func whileServing(t *testing.T, during func(said string), args ...string) clitest.Result {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all strings.Builder
	s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key}, Stdout: clitest.WriterFunc(func(p []byte) (int, error) {
		if all.Len() == 0 {
			during(string(p))
			cancel()
		}
		return all.Write(p)
	})}
	got := s.RunContext(ctx, append([]string{"fake", "--addr", "127.0.0.1:0"}, args...)...)
	got.Out = all.String()
	return got
}

// The file holds the URL while the fake listens, whatever it was left with before.
func TestAddrFile(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"new": "", "of a fake that was killed": "http://127.0.0.1:1\n"} {
		path := filepath.Join(t.TempDir(), "addr")
		if before != "" {
			clitest.WriteFile(t, path, before)
		}
		got := whileServing(t, func(said string) {
			url := strings.TrimSuffix(clitest.ReadFile(t, path), "\n")
			if !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.Contains(said, "="+url+"\n") {
				t.Errorf("%s: the file holds %q after %q", name, url, said)
			}
			if files := clitest.NamesIn(t, filepath.Dir(path)); files != "addr" {
				t.Errorf("%s: the folder holds %s", name, files)
			}
		}, "--addr-file", path)
		clitest.WantStatus(t, got, cli.OK)
		if files := clitest.NamesIn(t, filepath.Dir(path)); files != "" {
			t.Errorf("%s: left %s", name, files)
		}
	}
}

// What another fake has written meanwhile stays.
func TestAddrFileOfAnother(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "addr")
	whileServing(t, func(string) { clitest.WriteFile(t, path, "http://127.0.0.1:2\n") }, "--addr-file", path)
	clitest.WantText(t, "file", clitest.ReadFile(t, path), "http://127.0.0.1:2\n")
}

// A file that no fake has written is kept, and so is what is no file.
func TestAddrFileRefuses(t *testing.T) {
	t.Parallel()
	const taken = "tensorslab: --addr-file exists, and is not the file of another fake: remove it, or name another one\n"
	dir := t.TempDir()
	for name, content := range map[string]string{
		"notes": "my notes\n", "empty": "", "two": "http://127.0.0.1:1\nhttp://127.0.0.1:2\n", "cut": "http://127.0.0.1:1", "a bookmark": "http://example.com:80\n", "a page": "http://127.0.0.1:1/a\n",
		"long": "http://127.0.0.1/" + strings.Repeat("x", 300) + "\n", "words": "http://127.0.0.1:1 is mine\n",
	} {
		path := clitest.WriteFile(t, filepath.Join(dir, name), content)
		got := clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", "127.0.0.1:0", "--addr-file", path)
		clitest.WantStatus(t, got, cli.Usage)
		clitest.WantText(t, name, got.Err, taken)
		clitest.WantText(t, name, clitest.ReadFile(t, path), content)
	}
	got := clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", "127.0.0.1:0", "--addr-file", dir)
	clitest.WantStatus(t, got, cli.Usage)
	clitest.WantText(t, "folder", got.Err, taken)
	for _, path := range []string{filepath.Join(dir, "missing", "addr"), filepath.Join(dir, "notes", "addr")} {
		got := clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", "127.0.0.1:0", "--addr-file", path)
		if got.Status != cli.Usage || got.Out != "" || !strings.Contains(got.Err, "--addr-file: ") {
			t.Errorf("%s: status %d, stdout %q, stderr %q", path, got.Status, got.Out, got.Err)
		}
	}
}

// A link is not followed: what it points to is kept.
func TestAddrFileIsALink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir := t.TempDir()
	target := clitest.WriteFile(t, filepath.Join(dir, "target"), "http://127.0.0.1:1\n")
	if err := os.Symlink(target, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	got := clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", "127.0.0.1:0", "--addr-file", filepath.Join(dir, "link"))
	clitest.WantStatus(t, got, cli.Usage)
	clitest.WantText(t, "target", clitest.ReadFile(t, target), "http://127.0.0.1:1\n")
}

// A second signal ends the process at once, and still removes the file.
func TestAddrFileAtExit(t *testing.T) {
	t.Parallel()
	f := addrFile{path: filepath.Join(t.TempDir(), "addr")}
	if err := f.write("http://127.0.0.1:3"); err != nil {
		t.Fatal(err)
	}
	f.remove()
	f.remove()
	if files := clitest.NamesIn(t, filepath.Dir(f.path)); files != "" {
		t.Errorf("left %s", files)
	}
}
