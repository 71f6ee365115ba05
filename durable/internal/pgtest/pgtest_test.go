package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEachDatabaseIsEmpty(t *testing.T) {
	t.Parallel()
	const tables = "SELECT count(*)::int FROM pg_tables WHERE tablename = 'things'"
	first, second := Database(t), Database(t)
	mustRun(t, first, "CREATE TABLE things (id int)")
	if in, other := mustRun(t, first, tables), mustRun(t, second, tables); in[0] != 1 || other[0] != 0 {
		t.Errorf("tables: %v in the one, %v in the other", in, other)
	}
}

func TestDatabasesEndWithTheirTests(t *testing.T) {
	t.Parallel()
	need(t)
	var address string
	t.Run("test", func(t *testing.T) {
		address = Database(t)
		mustRun(t, address, "SELECT 1")
	})
	if got, err := rows(t, address, "SELECT 1"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestServersListenOnASocketOnly(t *testing.T) {
	t.Parallel()
	const networks = "SELECT length(setting) FROM pg_settings WHERE name = 'listen_addresses'"
	if got := mustRun(t, Database(t), networks); !slices.Equal(got, []int{0}) {
		t.Errorf("the length of listen_addresses is %v", got)
	}
}

// The server of Database ends with the program, also with one that is killed, and takes its
// directory with it.
func TestServersEndWithTheProgram(t *testing.T) {
	t.Parallel()
	need(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	dir, said, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || said != "<nil>" {
		t.Fatalf("the program says %q, %v", line, err)
	}
	mustRun(t, address(dir, superuser), "SELECT 1")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s is still there", dir)
		}
	}
}

// recorder is a test that is skipped or fails.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper()          {}
func (r *recorder) Skip(args ...any) { r.skipped = fmt.Sprint(args...); panic(r) }
func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	panic(r)
}

func TestWithoutPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, required := range []string{"", "0", "required"} {
		t.Run(required, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			func() {
				defer func() { _ = recover() }()
				without(r, errMissing, required)
			}()
			if said := r.skipped; (said == "") != (required == "required") || said != "" && !strings.HasPrefix(said, "PostgreSQL is not installed") {
				t.Errorf("skipped: %q", said)
			}
			if (r.failed != "") != (required == "required") {
				t.Errorf("failed: %q", r.failed)
			}
		})
	}
}

func TestAddressesAreURLs(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(address(filepath.FromSlash("/tmp/x"), "test1"))
	if err != nil || u.Path != "/test1" || u.Query().Get("host") != filepath.FromSlash("/tmp/x") {
		t.Errorf("%v, %v", u, err)
	}
}
