package downstream

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	_ "github.com/tensorslab/tensorslab-go/wrapper" // so that its changes run the tests again
)

const (
	moduleRoot = "../../.."
	modulePath = "github.com/tensorslab/tensorslab-go"
	key        = "the-key"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// user returns a copy of the module in testdata/downstream that uses this checkout.
// It starts with the checksums of this module, so that no checksum database is consulted.
func user(t *testing.T) string {
	t.Helper()
	nested.Need(t)
	source := filepath.Join(moduleRoot, "testdata", "downstream")
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) && isPublished(t) {
		t.Skip("the module cache holds no testdata/downstream: run this in a clone of the repository")
	}
	root, err := filepath.Abs(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := codegen.CopyModule(source, dir); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644); err != nil {
		t.Fatal(err)
	}
	goCommand(t, dir, "-mod=mod", "mod", "edit", "-replace="+modulePath+"="+root)
	goCommand(t, dir, "-mod=mod", "mod", "tidy")
	return dir
}

func isPublished(t *testing.T) bool {
	t.Helper()
	published, err := codegen.Published(t.Context(), moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	return published
}

// goCommand runs the go command in dir with GOFLAGS set to flags.
func goCommand(t *testing.T, dir, flags string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	if err := codegen.Stream(t.Context(), &out, dir, []string{"GOFLAGS=" + flags}, "go", args...); err != nil {
		t.Fatalf("GOFLAGS=%s go %s: %v\n%s", flags, strings.Join(args, " "), err, out.Bytes())
	}
}

// A user's own tests pass, and so does vet.
func TestUserTests(t *testing.T) {
	t.Parallel()
	dir := user(t)
	goCommand(t, dir, "-mod=readonly", "vet", "./...")
	goCommand(t, dir, "-mod=readonly", "test", "-count=1", "./...")
}

// The programs build and run.
func TestUserPrograms(t *testing.T) {
	t.Parallel()
	dir, bin := user(t), t.TempDir()
	goCommand(t, dir, "-mod=readonly", "build", "-o", bin+string(os.PathSeparator), "./...")
	// In the form of the contract's example, which limits of ids will allow.
	const a, b, c = "abcd_1234567890abcdea", "abcd_1234567890abcdeb", "abcd_1234567890abcdec"
	service := fakeapi.Start(t, fakeapi.WithTasks(a, b, c), fakeapi.WithKey(key), fakeapi.WithStrict())
	service.RefuseTasks(b)
	isRun(t, service, filepath.Join(bin, "retention"), nil, a+"\n"+b+"\n", 1, b+": cannot be deleted\ndeleted 1, left 1\n")
	isRun(t, service, filepath.Join(bin, "plain"), []string{c}, "", 0, "1000 Success\n")
	if got, want := service.Tasks(), []string{b}; !slices.Equal(got, want) {
		t.Errorf("tasks left: %q; want %q", got, want)
	}
}

// All that the programs need is in the vendor folder, and so is the contract, which
// is embedded. They are not built from it: that would compile all of it again.
func TestUserVendors(t *testing.T) {
	t.Parallel()
	dir := user(t)
	goCommand(t, dir, "-mod=mod", "mod", "vendor")
	goCommand(t, dir, "-mod=vendor", "list", "-deps", "./...")
	vendored, err := os.ReadFile(filepath.Join(dir, "vendor", filepath.FromSlash(modulePath), codegen.Contract))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(vendored, tensorslab.Spec()) {
		t.Error("the vendored contract is another one")
	}
	if err := os.Remove(filepath.Join(dir, "vendor", filepath.FromSlash(modulePath), codegen.Contract)); err != nil {
		t.Fatal(err)
	}
	_, err = codegen.Run(t.Context(), dir, []string{"GOFLAGS=-mod=vendor"}, "go", "list", "-deps", "./...")
	if err == nil || !strings.Contains(err.Error(), codegen.Contract) {
		t.Errorf("without the contract: %v; want an error that names it", err)
	}
}

// isRun runs a program against the service and checks its output and exit status.
func isRun(t *testing.T, service *fakeapi.Server, program string, args []string, stdin string, status int, stdout string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	var out, log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(cmd.Environ(), "TENSORSLAB_API_KEY="+key, "TENSORSLAB_BASE_URL="+service.URL)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &log
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status || out.String() != stdout || log.Len() > 0 {
		t.Errorf("%s: exit status %d, printed %q, %q; want %d, %q", filepath.Base(program), got, out.String(), log.String(), status, stdout)
	}
}
