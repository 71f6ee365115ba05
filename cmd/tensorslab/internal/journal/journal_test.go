package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

// envAt returns an environment whose state is in dir.
func envAt(dir string) cli.Env {
	return cli.Env{Getenv: func(name string) string { return map[string]string{"XDG_STATE_HOME": dir}[name] }}
}

func TestStateDir(t *testing.T) {
	t.Parallel()
	abs := t.TempDir()
	for _, tt := range []struct {
		goos, xdg, local, home, want string
	}{
		{"linux", "", "", "/home/a", "/home/a/.local/state"},
		{"linux", abs, "", "/home/a", abs},
		{"linux", "relative", "", "/home/a", "/home/a/.local/state"},
		{"linux", "", "", "", ""},
		{"linux", abs, "", "", abs},
		{"freebsd", "", "", "/home/a", "/home/a/.local/state"},
		{"darwin", "", "", "/Users/a", "/Users/a/Library/Application Support"},
		{"darwin", abs, "", "/Users/a", abs},
		{"windows", "", "/c/local", "/c/a", "/c/local"},
		{"windows", "", "", "/c/a", "/c/a/AppData/Local"},
		{"windows", "", "", "", ""},
	} {
		getenv := func(name string) string {
			return map[string]string{"XDG_STATE_HOME": tt.xdg, "LocalAppData": tt.local}[name]
		}
		if got := filepath.ToSlash(stateDir(tt.goos, getenv, tt.home)); got != filepath.ToSlash(tt.want) {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// The default journal is made with its folder, and nobody else can read it.
func TestTheDefaultJournal(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	e, f := envAt(dir), new(Flags)
	if j, err := f.Read(e); j != nil || err != nil {
		t.Errorf("before there is one: %v, %v", j, err)
	}
	one, err := f.Shared(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if err := one.Put(t.Context(), batch.Entry{Key: NewKey(time.Now()), State: batch.Submitted, TaskID: "t"}); err != nil {
		t.Error(err)
	}
	two, err := f.Exclusive(t.Context(), e) // the shared one is not in the way
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	if _, err := f.Exclusive(t.Context(), e); !errors.Is(err, batch.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("by process %d on host", os.Getpid())) {
		t.Errorf("a second batch: %v", err)
	}
	read, err := f.Read(e)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	for entry, err := range read.All(t.Context()) {
		if err != nil || entry.TaskID != "t" || !IsSingle(entry.Key) {
			t.Errorf("%+v, %v", entry, err)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "tensorslab"): 0o700, filepath.Join(dir, "tensorslab", "tasks.jsonl"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestJournalsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nonsense := filepath.Join(dir, "nonsense")
	if err := os.WriteFile(nonsense, []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		flags Flags
		env   cli.Env
		want  string
	}{
		"no home":           {Flags{}, envAt(""), "there is no home directory to keep the journal of tasks in"},
		"nonsense":          {Flags{File: nonsense}, cli.Env{}, "line 1 is not a JSON object"},
		"no such folder":    {Flags{File: filepath.Join(dir, "none", "j")}, cli.Env{}, "none"},
		"a folder":          {Flags{File: dir}, cli.Env{}, "it is a directory"},
		"a file in the way": {Flags{}, envAt(nonsense), "nonsense"},
	} {
		for way, open := range map[string]func(context.Context, cli.Env) (*batch.FileJournal, error){"shared": tt.flags.Shared, "exclusive": tt.flags.Exclusive} {
			_, err := open(t.Context(), tt.env)
			if cli.StatusOf(err) != cli.Usage || !strings.Contains(err.Error(), tt.want) || !strings.HasSuffix(err.Error(), "nothing was sent") || strings.HasPrefix(err.Error(), "batch") {
				t.Errorf("%s, %s: %v", name, way, err)
			}
		}
	}
	for flags, want := range map[Flags]bool{{File: nonsense}: true, {File: filepath.Join(dir, "none", "j")}: false} {
		_, err := flags.Exclusive(t.Context(), cli.Env{})
		again, other := strings.Contains(err.Error(), "would be paid for again"), strings.Contains(err.Error(), "use --journal FILE for another one")
		if again != want || other == want {
			t.Errorf("%+v: %v", flags, err)
		}
	}
	if _, err := (&Flags{File: filepath.Join(dir, "none")}).Read(cli.Env{}); cli.StatusOf(err) != cli.Usage {
		t.Errorf("reading a journal that was named and does not exist: %v", err)
	}
	if j, err := (&Flags{None: true}).Shared(t.Context(), envAt("")); j != nil || err != nil {
		t.Errorf("without a journal: %v, %v", j, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const password = "hunter2"
	for _, f := range []Flags{{File: "a", None: true}, {File: "-"}, {File: "postgres://me:" + password + "@db/jobs"}, {File: "postgresql://me:" + password + "@db/jobs"}} {
		if err := f.Check(false); cli.StatusOf(err) != cli.Usage || strings.Contains(err.Error(), password) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if err := (&Flags{File: "a"}).Check(true); cli.StatusOf(err) != cli.Usage {
		t.Errorf("in a demo: %v", err)
	}
	for _, f := range []Flags{{}, {File: "a"}, {None: true}} {
		if err := f.Check(false); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		key := NewKey(time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)))
		if seen[key] || !strings.HasPrefix(key, "single-20260102-020405-") || !IsSingle(key) {
			t.Fatal(key)
		}
		seen[key] = true
	}
	if IsSingle("fox") {
		t.Error("fox")
	}
}
