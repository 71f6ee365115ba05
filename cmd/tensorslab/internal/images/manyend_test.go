package images

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What ends a batch early, with its exit status; the same command goes on where it ended.
func TestManyThatEndEarly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opts    []fakeapi.Option
		fault   fakeapi.Fault
		failing int
		args    []string
		status  int
		sent    int // submissions of the first run, or -1
		want    string
	}{
		"credits end":       {[]fakeapi.Option{fakeapi.WithCredits(37)}, fakeapi.Fault{}, 0, []string{"--parallel", "1"}, cli.Credits, 38, "not enough credits (add some at https://tensorai.tensorslab.com/): 3 of 40 prompts not done"},
		"key refused":       {nil, fakeapi.Respond(401, "application/json", `{"code":9999,"msg":"no"}`), 1, []string{"--parallel", "1"}, cli.Auth, 1, "the service rejected the key (check it, or try --bare-key): 40 of 40 prompts not done"},
		"cost stop":         {nil, fakeapi.Fault{}, 0, []string{"--max-tasks", "7"}, cli.Unfinished, 7, "33 of 40 prompts not done; run the same command again to go on: nothing is paid for twice"},
		"one is refused":    {nil, fakeapi.BusinessCode(9999, "forbidden words"), 1, nil, cli.Failed, 40, "1 of 40 prompts not done"},
		"too many requests": {nil, fakeapi.Respond(429, "application/json", `{"code":9999,"msg":"slow down"}`), 1, nil, cli.OK, 41, ""},
		"a full plan":       {[]fakeapi.Option{fakeapi.WithMaxTasks(2)}, fakeapi.Fault{}, 0, []string{"--parallel", "4"}, cli.OK, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, numberedPrompts(40), tt.opts...)
			s.fake.FailNextOn(generationOp, tt.failing, tt.fault)
			got := s.run(tt.args...)
			clitest.WantStatus(t, got, tt.status)
			if n := s.submissions(); n != tt.sent && tt.sent >= 0 {
				t.Errorf("%d submissions, want %d", n, tt.sent)
			}
			s.wantLine(got.Err, tt.want)
			if name == "credits end" {
				return
			}
			clitest.WantStatus(t, s.run("--parallel", "8"), cli.OK)
			if n := len(s.fake.Tasks()); n != 40 || s.pictures() != 40 {
				t.Errorf("%d tasks, %d pictures", n, s.pictures())
			}
		})
	}
}

// A job whose response is lost may have been paid for: it is listed, with status 5, and
// never sent again until a person has looked.
func TestManyInDoubt(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(5))
	s.fake.FailNextOn(generationOp, 1, fakeapi.DropAnswer()) // it creates the task
	first := s.run("--parallel", "1")
	s.want(first, cli.Unknown, 5, 4)
	s.wantLine(first.Out, "5 prompts: 4 submitted, 4 saved, 1 in doubt;")
	s.wantLine(first.Out, `("prompt 000"): `)
	if strings.Count(first.Out, "no response: ") != 1 || strings.Contains(first.Out, ": in-doubt") {
		t.Errorf("the doubt is reported twice:\n%s", first.Out)
	}
	s.wantLine(first.Err, "1 generation in doubt may have been paid for and will not be sent again: look into the web console, then run tensorslab images resolve --journal "+s.journal+" KEY TASKID, or KEY --not-created")
	s.want(s.run(), cli.Unknown, 5, 4)
	key := ""
	for line := range strings.Lines(first.Out) {
		if rest, ok := strings.CutPrefix(line, "in doubt: "); ok {
			key, _, _ = strings.Cut(rest, " ")
		}
	}
	clitest.WantStatus(t, s.Run("images", "resolve", "--journal", s.journal, key, s.fake.Tasks()[0]), cli.OK)
	s.want(s.run(), cli.OK, 5, 5)
}

// An outage: nothing was sent, and the command says that it may be tried later.
func TestManyWithoutAService(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "a fox\n")
	s.Env["TENSORSLAB_BASE_URL"] = "http://127.0.0.1:1"
	got := s.Run("images", "generate", "a fox")
	clitest.WantStatus(t, got, cli.Later)
	s.wantLine(got.Err, "nothing was sent")
}

// An interruption waits for the responses: nothing is in doubt, and nothing is lost.
func TestManyInterrupted(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(20))
	ctx, cancel := context.WithCancel(t.Context())
	s.fake.FailNextOn(generationOp, 2, fakeapi.DelayAnswer(500*time.Millisecond))
	var once sync.Once
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), ": submitting") {
			once.Do(func() { time.AfterFunc(100*time.Millisecond, cancel) })
		}
		return len(p), nil
	})
	got := s.RunContext(ctx, "images", "generate", "--file", s.file, "--out", s.out, "--journal", s.journal)
	clitest.WantStatus(t, got, cli.Interrupted)
	s.wantLine(got.Err, "interrupted; waiting up to 30 s for the responses")
	s.wantLine(got.Err, "run the same command again to go on: nothing is paid for twice")
	s.Stdout = nil
	s.want(s.run("--parallel", "8"), cli.OK, 20, 20)
}

// A closed standard output stops the submissions, and loses no id: the journal has them.
func TestManyToAClosedPipe(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(20))
	var n atomic.Int32
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		if n.Add(1) > 3 {
			return 0, os.ErrClosed
		}
		return len(p), nil
	})
	got := s.run()
	clitest.WantStatus(t, got, cli.Failed)
	s.wantLine(got.Err, "stopped because standard output could not be written")
	s.Stdout = nil
	s.want(s.run("--parallel", "8"), cli.OK, 20, 20)
}
