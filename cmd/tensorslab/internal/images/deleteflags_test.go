package images

import (
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestDeleteFlagsRefused(t *testing.T) {
	t.Parallel()
	const demoOnly = "--demo uses no key and no service; leave --api-key-file and --base-url out"
	for _, tt := range []struct {
		flag, value, want string
	}{
		{"--output", "xml", "--output must be text or json, but got \"xml\""},
		{"--output", "", "--output is empty; give a value or leave it out"},
		{"--batch-size", "0", "--batch-size must be above 0"},
		{"--batch-size", "-1", "--batch-size must be above 0"},
		{"--concurrency", "0", "--concurrency must be between 1 and 64, but got \"0\""},
		{"--concurrency", "65", "--concurrency must be between 1 and 64, but got \"65\""},
		{"--retries", "-1", "--retries must be between 0 and 20, but got \"-1\""},
		{"--retries", "21", "--retries must be between 0 and 20, but got \"21\""},
		{"--timeout", "0s", "--timeout must be a duration above 0, such as 30s"},
		{"--timeout", "-1m", "--timeout must be a duration above 0, such as 30s"},
		{"--uid", "u\xff", "--uid is not valid UTF-8"},
		{"--uid", " ", "--uid is empty; give a value or leave it out"},
		{"--file", "", "--file is empty; give a value or leave it out"},
		{"--remaining", "", "--remaining is empty; give a value or leave it out"},
		{"--remaining", "-", "--remaining must be the name of a file"},
		{"--base-url", "", "--base-url is empty; give a value or leave it out"},
		{"--api-key-file", "", "--api-key-file is empty; give a value or leave it out"},
		{"--base-url", "http://127.0.0.1", demoOnly},
		{"--api-key-file", "key", demoOnly},
	} {
		t.Run(tt.flag+"="+tt.value, func(t *testing.T) {
			t.Parallel()
			args := []string{"images", "delete", "a", tt.flag, tt.value}
			if tt.want == demoOnly {
				args = append(args, "--demo")
			}
			got := clitest.Session{T: t, Root: newRoot}.Run(args...)
			clitest.WantError(t, got, cli.Usage, tt.want+"; nothing was sent")
			clitest.WantText(t, "stdout", got.Out, "")
		})
	}
}

// The flags take effect, also at their limits.
func TestDeleteFlagsAtTheirLimits(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{
		{"--batch-size", "1", "--concurrency", "1", "--retries", "0", "--timeout", "1m"},
		{"--batch-size", "1000000", "--concurrency", "64", "--retries", "20"},
		{"-o", "json", "-y", "--isolate", "--bare-key"},
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b", "c"), fakeapi.WithKey(clitest.Key))
		clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run(append([]string{"images", "delete", "a", "b", "c"}, flags...)...), cli.OK)
		wantRequests := 1
		if flags[1] == "1" {
			wantRequests = 3
		}
		if n := len(fake.Requests()); n != wantRequests {
			t.Errorf("%q: %d requests, want %d", flags, n, wantRequests)
		}
	}
}

func TestTimeoutFlag(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	fake.FailNext(1, fakeapi.Delay(time.Hour))
	start := time.Now()
	got := clitest.Against(t, newRoot, fake).Run("images", "delete", "a", "--retries", "0", "--timeout", "50ms")
	clitest.WantStatus(t, got, cli.Later)
	if !strings.HasPrefix(got.Out, "unknown: a: no response within the time limit; ") {
		t.Errorf("stdout %q", got.Out)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestRetriesFlag(t *testing.T) {
	t.Parallel()
	for retries, want := range map[string]int{"0": cli.Later, "1": cli.OK} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
		fake.FailNext(1, fakeapi.Respond(503, "text/html", "<h1>busy</h1>"))
		clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run("images", "delete", "a", "--retries", retries), want)
	}
}
