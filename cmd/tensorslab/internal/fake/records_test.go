package fake

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestWelcome(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "It holds 0 tasks\n",
		1: "It holds 1 task: task_000001\n",
		3: "It holds 3 tasks: task_000001, task_000002, task_000003\n",
		9: "It holds 9 tasks: task_000001, task_000002, task_000003 … task_000009\n",
	} {
		for key, words := range map[string][2]string{"": {"any key is accepted", "any-key"}, "k 1": {"no other key is accepted", "'k 1'"}} {
			got := welcomeRecord{"http://127.0.0.1:8787", "http://127.0.0.1:2", key, service.TaskIDs(n)}.Text()
			clitest.WantText(t, fmt.Sprintf("%d tasks", n), got, `Fake Images Service on http://127.0.0.1:8787
To use it (`+words[0]+`):
  export TENSORSLAB_BASE_URL=http://127.0.0.1:8787
  export TENSORSLAB_API_KEY=`+words[1]+`
`+want+"Images are on http://127.0.0.1:2\nPress Ctrl-C to stop.")
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]summaryRecord{
		"Stopped after 0 requests; 0 tasks generated, 10 left.": {tasks: 10, credits: -1},
		"Stopped after 6 requests (1 other, 2 infoByTaskId, 3 seeDreamV4), of which 1 violated the contract; 1 task generated, 0 left; 0 credits left.": {
			tally: fakeapi.Tally{Calls: map[string]int{"infoByTaskId": 2, "seeDreamV4": 3, "": 1}, Breaches: 1, Tasks: 1},
		},
		"Stopped after 1 request (1 zImage), of which 0 violated the contract; 2 tasks generated, 2 left; 1 credit left.": {
			tally: fakeapi.Tally{Calls: map[string]int{"zImage": 1}, Tasks: 2}, tasks: 2, credits: 1,
		},
	} {
		clitest.WantText(t, "summary", r.Text(), want)
	}
}

// With --output json there is one object at the beginning and one at the end, and a client
// can be set up from the first.
func TestFakeInJSON(t *testing.T) {
	t.Parallel()
	var welcome welcomeObject
	got := whileServing(t, func(said string) {
		if err := json.Unmarshal([]byte(said), &welcome); err != nil || strings.Count(said, "\n") != 1 {
			t.Fatalf("%v in %q", err, said)
		}
		client := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": welcome.URL, "TENSORSLAB_API_KEY": welcome.Key}}
		clitest.WantStatus(t, client.Run("images", "generate", "a fox", "--batch", "2", "--no-journal"), cli.OK)
		clitest.WantStatus(t, client.Run("images", "generate", "a fox", "--batch", "2", "--no-journal"), cli.Credits)
		client.Env["TENSORSLAB_API_KEY"] = "another-key"
		clitest.WantStatus(t, client.Run("images", "info", "task_000001"), cli.Auth)
	}, "--output", "json", "--credits", "3", "--key", "made-up-key", "--tasks", "4")
	clitest.WantStatus(t, got, cli.OK)
	if welcome.Type != "fake" || welcome.Key != "made-up-key" || welcome.Tasks != 4 || welcome.PID != os.Getpid() || !strings.HasPrefix(welcome.ImagesURL, "http://") {
		t.Errorf("%+v", welcome)
	}
	_, end, _ := strings.Cut(got.Out, "\n")
	clitest.WantText(t, "summary", end, `{"type":"summary","requests":{"infoByTaskId":1,"seeDreamV45":2},"violations":0,"generated":1,"tasks":5,"credits":1}`+"\n")
}

// The flags about tasks have their effect.
func TestFakePlanAndLife(t *testing.T) {
	t.Parallel()
	whileServing(t, func(said string) {
		var welcome welcomeObject
		if err := json.Unmarshal([]byte(said), &welcome); err != nil {
			t.Fatal(err)
		}
		client := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": welcome.URL, "TENSORSLAB_API_KEY": welcome.Key}}
		created := client.Run("images", "generate", "a fox", "--no-journal", "-q")
		clitest.WantStatus(t, created, cli.OK)
		clitest.WantStatus(t, client.Run("images", "generate", "a fox", "--no-journal"), cli.Later)
		for range 3 {
			if got := client.Run("images", "info", strings.TrimSpace(created.Out)); !strings.Contains(got.Out, ": queued") {
				t.Errorf("stdout %q", got.Out)
			}
		}
	}, "-o", "json", "--max-tasks", "1", "--life", "4h", "--latency", "1ms")
}

// A real key that is given by mistake is not printed.
func TestFakeHidesTheKeyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		got := whileServing(t, func(string) {}, "--key", clitest.Key, "-o", format)
		if got.Status != cli.OK || strings.Contains(got.Out+got.Err, clitest.Key) || !strings.Contains(got.Out, "[redacted]") {
			t.Errorf("status %d, stdout %q, stderr %q", got.Status, got.Out, got.Err)
		}
	}
}
