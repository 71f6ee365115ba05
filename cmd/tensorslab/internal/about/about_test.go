package about

import (
	"errors"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func newRoot(e cli.Env) *cobra.Command {
	return cli.NewRoot(Version(), NewSpecCommand(e), NewVersionCommand(e), NewCompletionCommand(e))
}

func TestSpec(t *testing.T) {
	t.Parallel()
	got := clitest.Session{T: t, Root: newRoot}.Run("spec")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, string(tensorslab.Spec()))
}

func TestVersionCommand(t *testing.T) {
	t.Parallel()
	got := clitest.Session{T: t, Root: newRoot}.Run("version")
	clitest.WantStatus(t, got, cli.OK)
	want := regexp.MustCompile(`^tensorslab ` + regexp.QuoteMeta(Version()) + `\ngo1\.\S+.* \w+/\w+\nImages Service API \S+\n$`)
	if !want.MatchString(got.Out) {
		t.Errorf("stdout %q, want %v", got.Out, want)
	}
	got = clitest.Session{T: t, Root: newRoot}.Run("--version")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, "tensorslab version "+Version()+"\n")
}

// The version is a single token: it goes into the User-Agent header, too.
func TestVersionOf(t *testing.T) {
	t.Parallel()
	settings := func(pairs ...string) (all []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	const revision = "0123456789abcdef0123456789abcdef01234567"
	for name, tt := range map[string]struct {
		main     string
		settings []debug.BuildSetting
		want     string
	}{
		"a release":           {main: "v1.2.3", settings: settings("vcs.revision", revision), want: "v1.2.3"},
		"between releases":    {main: "v1.2.4-0.20261125184000-0123456789ab+dirty", want: "v1.2.4-0.20261125184000-0123456789ab+dirty"},
		"without information": {want: "devel"},
		"without a revision":  {main: "(devel)", settings: settings("GOOS", "linux"), want: "devel"},
		"a revision":          {main: "(devel)", settings: settings("vcs.revision", revision, "vcs.modified", "false"), want: "devel-0123456789ab"},
		"a modified revision": {settings: settings("vcs.modified", "true", "vcs.revision", revision), want: "devel-0123456789ab-modified"},
		"a short revision":    {settings: settings("vcs.revision", "1.23"), want: "devel-1.23"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{Main: debug.Module{Version: tt.main}, Settings: tt.settings}
			clitest.WantText(t, "version", versionOf(info), tt.want)
		})
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string]string{
		"bash": "__start_tensorslab", "zsh": "#compdef tensorslab",
		"fish": "complete -c tensorslab", "powershell": "Register-ArgumentCompleter",
	} {
		got := clitest.Session{T: t, Root: newRoot}.Run("completion", shell)
		clitest.WantStatus(t, got, cli.OK)
		if !strings.Contains(got.Out, want) {
			t.Errorf("%s: no %q in the script", shell, want)
		}
	}
}

// `tensorslab spec | head` ends without a message, as other commands do.
func TestReaderCloses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"spec"}, {"version"}} {
		got := clitest.Session{T: t, Root: newRoot, Stdout: clitest.FailingWriter{Err: syscall.EPIPE}}.Run(args...)
		clitest.WantStatus(t, got, cli.Failed)
		clitest.WantText(t, "stderr", got.Err, "")
		got = clitest.Session{T: t, Root: newRoot, Stdout: clitest.FailingWriter{Err: errors.New("disk full")}}.Run(args...)
		clitest.WantError(t, got, cli.Failed, "disk full")
	}
}
