package images

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Each kind of response, as an operator sees it.
func TestDelete(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		refuse []string
		fault  fakeapi.Fault
		flags  []string
		status int
		out    string
		err    string
	}{
		"all deleted": {
			out: "4 image tasks: 4 deleted, 0 refused, 0 not sent, 0 unknown\n",
		},
		"one refused": {
			refuse: []string{"task_000003"}, flags: []string{"--batch-size", "2"}, status: cli.Failed,
			out: `refused: 2 ids (task_000003 … task_000004): HTTP 200, code 1000 "Successfully": the service reports that the deletion failed; the service did not act; check the ids
4 image tasks: 2 deleted, 2 refused, 0 not sent, 0 unknown
`,
			err: "2 of 4 tasks not confirmed deleted; use --isolate to find the ids at fault",
		},
		"one refused, isolated": {
			refuse: []string{"task_000003"}, flags: []string{"--isolate"}, status: cli.Failed,
			out: `refused: task_000003: HTTP 200, code 1000 "Successfully": the service reports that the deletion failed; the service did not act; check the ids
4 image tasks: 3 deleted, 1 refused, 0 not sent, 0 unknown
`,
			err: "1 of 4 tasks not confirmed deleted",
		},
		"contract broken": {
			fault: fakeapi.MalformedBody(), status: cli.Failed,
			out: `unknown: 4 ids (task_000001 … task_000004): HTTP 200: the response violates the contract (json); the service may have acted; report it to the service; repeating it is safe
4 image tasks: 0 deleted, 0 refused, 0 not sent, 4 unknown
`,
			err: "4 of 4 tasks not confirmed deleted",
		},
		"response lost": {
			fault: fakeapi.DropAnswer(), flags: []string{"--retries", "0"}, status: cli.Later,
			out: `unknown: 4 ids (task_000001 … task_000004): no response: …; the service may have acted; repeating it is safe
4 image tasks: 0 deleted, 0 refused, 0 not sent, 4 unknown
`,
			err: "4 of 4 tasks not confirmed deleted",
		},
		"no credits": {
			fault: fakeapi.BusinessCode(9000, "Insufficient Credits"), status: cli.Credits,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 200, code 9000 "Insufficient Credits": not enough credits; the service did not act; add some at https://tensorai.tensorslab.com/
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "not enough credits (add some at https://tensorai.tensorslab.com/): 4 of 4 tasks not confirmed deleted",
		},
		"request refused": {
			fault: fakeapi.Respond(400, "application/json", `{"code":9999,"msg":"bad id"}`), status: cli.Failed,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 400, code 9999 "bad id": the service rejected the request; the service did not act; check the ids
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "4 of 4 tasks not confirmed deleted; use --isolate to find the ids at fault",
		},
		"too many requests": {
			fault: fakeapi.RateLimit(3600), status: cli.Later,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 429, code 9999 "Too many requests": too many requests; the service did not act; wait 1h0m0s
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "4 of 4 tasks not confirmed deleted",
		},
		"key refused": {
			fault: fakeapi.Respond(401, "text/html", "<h1>no</h1>"), flags: []string{"--batch-size", "1", "--concurrency", "1"}, status: cli.Auth,
			out: `refused: task_000001: HTTP 401: the service rejected the key; the service did not act; check it, or try --bare-key
not sent: 3 ids (task_000002 … task_000004): the purge stopped before it sent them
4 image tasks: 0 deleted, 1 refused, 3 not sent, 0 unknown
`,
			err: "the service rejected the key (check it, or try --bare-key): 4 of 4 tasks not confirmed deleted",
		},
		"bare key refused": {
			fault: fakeapi.Respond(403, "application/json", "{}"), flags: []string{"--bare-key"}, status: cli.Auth,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 403: the service rejected the key; the service did not act; check it, or leave --bare-key and TENSORSLAB_AUTH out
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "the service rejected the key (check it, or leave --bare-key and TENSORSLAB_AUTH out): 4 of 4 tasks not confirmed deleted",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := service.TaskIDs(4)
			fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
			fake.RefuseTasks(tt.refuse...)
			fake.FailNext(1, tt.fault)
			got := clitest.Against(t, newRoot, fake).Run(slices.Concat([]string{"images", "delete"}, ids, tt.flags)...)
			clitest.WantStatus(t, got, tt.status)
			out := noResponse.ReplaceAllString(pulledBeforeStop(got.Out), "no response: …;")
			if diff := cmp.Diff(tt.out, out); diff != "" {
				t.Errorf("stdout (-want +got):\n%s", diff)
			}
			if tt.err == "" {
				clitest.WantText(t, "stderr", got.Err, "")
				return
			}
			clitest.WantError(t, got, tt.status, tt.err)
		})
	}
}

// noResponse matches the part of a report that comes from the operating system.
var noResponse = regexp.MustCompile("no response: [^;]+;")

// pulledBeforeStop merges the lines of ids that the purge had pulled when it stopped into
// the line of those that it had not pulled: the numbers depend on timing.
func pulledBeforeStop(out string) string {
	var kept []string
	taken := false
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "not sent: task_") {
			taken = true
			continue
		}
		if taken && strings.HasPrefix(line, "not sent: ") {
			line = "not sent: 3 ids (task_000002 … task_000004): the purge stopped before it sent them\n"
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left.txt")
	for _, tt := range []struct {
		flags []string
		out   string
	}{
		{nil, "dry run: would delete 3 image tasks in 1 batch of at most 100 (1 repeat dropped); nothing was sent\n"},
		{[]string{"--batch-size", "2", "--remaining", path, "--yes"}, "dry run: would delete 3 image tasks in 2 batches of at most 2 (1 repeat dropped); nothing was sent\n"},
		{[]string{"--batch-size", "3", "-o", "json"}, `{"type":"dry_run","total":3,"repeats":1,"batches":1,"batch_size":3}` + "\n"},
		{[]string{"--demo"}, "dry run: would delete 3 image tasks in 1 batch of at most 100 (1 repeat dropped); nothing was sent\n"},
	} {
		got := clitest.Session{T: t, Root: newRoot}.Run(append([]string{"images", "delete", "a", "b", "c", "a", "--dry-run"}, tt.flags...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "stdout", got.Out, tt.out)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run wrote --remaining: %v", err)
	}
}

func TestDeleteDemo(t *testing.T) {
	t.Parallel()
	s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": "http://192.0.2.1/ignored"}}
	for _, tt := range []struct {
		args []string
		out  string
	}{
		{nil, "Demo: a fake service in this process holds 12 tasks; nothing leaves this machine.\n" +
			"The fake received 1 request and now holds 0 tasks.\n" +
			"12 image tasks: 12 deleted, 0 refused, 0 not sent, 0 unknown\n"},
		{[]string{"a", "b", "--batch-size", "1", "--bare-key"}, "Demo: a fake service in this process holds 2 tasks; nothing leaves this machine.\n" +
			"The fake received 2 requests and now holds 0 tasks.\n" +
			"2 image tasks: 2 deleted, 0 refused, 0 not sent, 0 unknown\n"},
		{[]string{"a", "-o", "json"}, `{"type":"batch","ids":["a"],"outcome":"deleted"}
{"type":"summary","total":1,"deleted":1,"refused":0,"not_sent":0,"unknown":0,"repeats":0,"batches":1,"interrupted":false}
`},
	} {
		got := s.Run(append([]string{"images", "delete", "--demo"}, tt.args...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "stdout", got.Out, tt.out)
	}
}

// Requests that are sent one after the other use one connection.
func TestConcurrencyFlag(t *testing.T) {
	t.Parallel()
	for flag, enough := range map[string]func(int) bool{
		"1": func(n int) bool { return n == 1 },
		"8": func(n int) bool { return n > 1 && n <= 8 },
	} {
		ids := service.TaskIDs(8)
		fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
		if flag != "1" {
			fake.FailNext(len(ids), fakeapi.Delay(time.Second)) // longer than it takes to send all of them
		}
		got := clitest.Against(t, newRoot, fake).Run(append([]string{"images", "delete", "--batch-size", "1", "--concurrency", flag}, ids...)...)
		clitest.WantStatus(t, got, cli.OK)
		if n := fake.Connections(); !enough(n) {
			t.Errorf("--concurrency %s: %d connections", flag, n)
		}
	}
}
