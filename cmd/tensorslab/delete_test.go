package main

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

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Each kind of answer, as an operator sees it.
func TestDelete(t *testing.T) {
	t.Parallel()
	const keep = "; give --remaining FILE to keep their ids"
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
			refuse: []string{"task_000003"}, flags: []string{"--batch-size", "2"}, status: statusFailed,
			out: `refused: 2 ids (task_000003 … task_000004): HTTP 200, code 1000 "Successfully": the service says that the deletion "Failed"; check the ids; the service did not act
4 image tasks: 2 deleted, 2 refused, 0 not sent, 0 unknown
`,
			err: "2 of 4 image tasks not confirmed deleted" + keep + ", and --isolate to find the ones refused",
		},
		"one refused, isolated": {
			refuse: []string{"task_000003"}, flags: []string{"--isolate"}, status: statusFailed,
			out: `refused: task_000003: HTTP 200, code 1000 "Successfully": the service says that the deletion "Failed"; check the ids; the service did not act
4 image tasks: 3 deleted, 1 refused, 0 not sent, 0 unknown
`,
			err: "1 of 4 image tasks not confirmed deleted" + keep,
		},
		"contract broken": {
			fault: fakeapi.MalformedBody(), status: statusFailed,
			out: `unknown: 4 ids (task_000001 … task_000004): HTTP 200: the answer breaks the contract (json); report it to the service; the service may have acted: repeating it is safe
4 image tasks: 0 deleted, 0 refused, 0 not sent, 4 unknown
`,
			err: "4 of 4 image tasks not confirmed deleted" + keep,
		},
		"answer lost": {
			fault: fakeapi.DropAnswer(), flags: []string{"--retries", "0"}, status: statusFailed,
			out: `unknown: 4 ids (task_000001 … task_000004): no answer: …; the service may have acted: repeating it is safe
4 image tasks: 0 deleted, 0 refused, 0 not sent, 4 unknown
`,
			err: "4 of 4 image tasks not confirmed deleted" + keep,
		},
		"no credits": {
			fault: fakeapi.BusinessCode(9000, "Insufficient Credits"), status: statusCredits,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 200, code 9000 "Insufficient Credits": not enough credits; add some to the account; the service did not act
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "not enough credits (add some to the account): 4 of 4 image tasks not confirmed deleted" + keep,
		},
		"request refused": {
			fault: fakeapi.Respond(400, "application/json", `{"code":9999,"msg":"bad id"}`), status: statusFailed,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 400, code 9999 "bad id": the service refused the request; correct it; the service did not act
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "4 of 4 image tasks not confirmed deleted" + keep + ", and --isolate to find the ones refused",
		},
		"too many requests": {
			fault: fakeapi.RateLimit(3600), status: statusFailed,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 429, code 9999 "Too many requests": too many requests; wait 1h0m0s; the service did not act
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "4 of 4 image tasks not confirmed deleted" + keep + "",
		},
		"key refused": {
			fault: fakeapi.Respond(401, "text/html", "<h1>no</h1>"), flags: []string{"--batch-size", "1", "--concurrency", "1"}, status: statusAuth,
			out: `refused: task_000001: HTTP 401: the service refused the key; check it, or try its other form ("Bearer <key>", with --bearer); the service did not act
not sent: 3 ids (task_000002 … task_000004): the purge was stopped before their turn
4 image tasks: 0 deleted, 1 refused, 3 not sent, 0 unknown
`,
			err: "the service refused the key (check it, or try --bearer): 4 of 4 image tasks not confirmed deleted" + keep,
		},
		"Bearer key refused": {
			fault: fakeapi.Respond(403, "text/html", ""), flags: []string{"--bearer"}, status: statusAuth,
			out: `refused: 4 ids (task_000001 … task_000004): HTTP 403: the service refused the key; check it, or try its other form (the bare key, without --bearer); the service did not act
4 image tasks: 0 deleted, 4 refused, 0 not sent, 0 unknown
`,
			err: "the service refused the key (check it, or leave --bearer out): 4 of 4 image tasks not confirmed deleted" + keep,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := taskIDs(4)
			fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
			fake.RefuseTasks(tt.refuse...)
			fake.FailNext(1, tt.fault)
			got := against(t, fake).run(slices.Concat([]string{"images", "delete"}, ids, tt.flags)...)
			wantStatus(t, got, tt.status)
			out := noAnswer.ReplaceAllString(pulledBeforeStop(got.out), "no answer: …;")
			if diff := cmp.Diff(tt.out, out); diff != "" {
				t.Errorf("stdout (-want +got):\n%s", diff)
			}
			if tt.err == "" {
				wantText(t, "stderr", got.err, "")
				return
			}
			wantError(t, got, tt.status, tt.err)
		})
	}
}

// noAnswer is where the words are the system's.
var noAnswer = regexp.MustCompile("no answer: [^;]+;")

// pulledBeforeStop folds the lines of ids that the purge had already taken
// when it stopped into the line of those that it had not: how many there are
// of each is a matter of time.
func pulledBeforeStop(out string) string {
	var kept []string
	taken := false
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "not sent: task_") {
			taken = true
			continue
		}
		if taken && strings.HasPrefix(line, "not sent: ") {
			line = "not sent: 3 ids (task_000002 … task_000004): the purge was stopped before their turn\n"
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
		{nil, "dry run: would delete 3 image tasks in 1 batch of up to 100 (1 repeat dropped); nothing was sent\n"},
		{[]string{"--batch-size", "2", "--remaining", path, "--yes"}, "dry run: would delete 3 image tasks in 2 batches of up to 2 (1 repeat dropped); nothing was sent\n"},
		{[]string{"--batch-size", "3", "-o", "json"}, `{"type":"dry_run","total":3,"repeats":1,"batches":1,"batch_size":3}` + "\n"},
		{[]string{"--demo"}, "dry run: would delete 3 image tasks in 1 batch of up to 100 (1 repeat dropped); nothing was sent\n"},
	} {
		got := session{t: t}.run(append([]string{"images", "delete", "a", "b", "c", "a", "--dry-run"}, tt.flags...)...)
		wantStatus(t, got, statusOK)
		wantText(t, "stdout", got.out, tt.out)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run wrote --remaining: %v", err)
	}
}

func TestDeleteDemo(t *testing.T) {
	t.Parallel()
	s := session{t: t, env: map[string]string{"TENSORSLAB_BASE_URL": "http://192.0.2.1/ignored"}}
	for _, tt := range []struct {
		args []string
		out  string
	}{
		{nil, "Demo: a fake service in this process holds 12 tasks; nothing leaves this machine.\n" +
			"The fake received 1 request and holds 0 tasks now.\n" +
			"12 image tasks: 12 deleted, 0 refused, 0 not sent, 0 unknown\n"},
		{[]string{"a", "b", "--batch-size", "1", "--bearer"}, "Demo: a fake service in this process holds 2 tasks; nothing leaves this machine.\n" +
			"The fake received 2 requests and holds 0 tasks now.\n" +
			"2 image tasks: 2 deleted, 0 refused, 0 not sent, 0 unknown\n"},
		{[]string{"a", "-o", "json"}, `{"type":"batch","ids":["a"],"outcome":"deleted"}
{"type":"summary","total":1,"deleted":1,"refused":0,"not_sent":0,"unknown":0,"repeats":0,"batches":1,"interrupted":false}
`},
	} {
		got := s.run(append([]string{"images", "delete", "--demo"}, tt.args...)...)
		wantStatus(t, got, statusOK)
		wantText(t, "stdout", got.out, tt.out)
	}
}

// Requests that wait for one another need no second connection.
func TestConcurrencyFlag(t *testing.T) {
	t.Parallel()
	for flag, enough := range map[string]func(int) bool{
		"1": func(n int) bool { return n == 1 },
		"8": func(n int) bool { return n > 1 && n <= 8 },
	} {
		ids := taskIDs(8)
		fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
		fake.FailNext(8, fakeapi.Delay(50*time.Millisecond))
		got := against(t, fake).run(append([]string{"images", "delete", "--batch-size", "1", "--concurrency", flag}, ids...)...)
		wantStatus(t, got, statusOK)
		if n := fake.Connections(); !enough(n) {
			t.Errorf("--concurrency %s: %d connections", flag, n)
		}
	}
}
