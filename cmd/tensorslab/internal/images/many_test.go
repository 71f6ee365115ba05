package images

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const generationOp = "seeDreamV45"

// studio is a service, a file of prompts and a folder for images.
type studio struct {
	clitest.Session
	fake           *fakeapi.Server
	dir, file, out string
	journal        string
}

func newStudio(t *testing.T, prompts string, opts ...fakeapi.Option) *studio {
	t.Helper()
	fake := fakeapi.Start(t, append([]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{})}, opts...)...)
	s := &studio{Session: clitest.Against(t, newRoot, fake), fake: fake, dir: t.TempDir()}
	s.out, s.journal = filepath.Join(s.dir, "pictures"), filepath.Join(s.dir, "j.jsonl")
	s.file = clitest.WriteFile(t, filepath.Join(s.dir, "prompts.txt"), prompts)
	return s
}

// run runs the batch with its own journal.
func (s *studio) run(args ...string) clitest.Result {
	s.T.Helper()
	return s.Run(append([]string{"images", "generate", "--file", s.file, "--out", s.out, "--journal", s.journal}, args...)...)
}

// submissions returns the number of generations that the service received.
func (s *studio) submissions() (n int) {
	for _, r := range s.fake.Requests() {
		if r.OperationID == generationOp {
			n++
		}
	}
	return n
}

func (s *studio) pictures() int {
	entries, _ := os.ReadDir(s.out)
	return len(entries)
}

func (s *studio) want(got clitest.Result, status, submissions, pictures int) {
	s.T.Helper()
	clitest.WantStatus(s.T, got, status)
	if n := s.submissions(); n != submissions {
		s.T.Errorf("%d submissions, want %d; stdout:\n%s\nstderr:\n%s", n, submissions, got.Out, got.Err)
	}
	if n := s.pictures(); n != pictures {
		s.T.Errorf("%d pictures, want %d", n, pictures)
	}
}

func (s *studio) wantLine(got, part string) {
	s.T.Helper()
	if !strings.Contains(got, part) {
		s.T.Errorf("no %q in\n%s", part, got)
	}
}

// numberedPrompts returns n lines.
func numberedPrompts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "prompt %03d\n", i)
	}
	return b.String()
}

// A batch is paid for once, however often it is repeated, and its images are where they
// belong.
func TestManyPrompts(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(6))
	dry := s.run("--dry-run")
	s.want(dry, cli.OK, 0, 0)
	clitest.WantText(t, "stdout", dry.Out, "dry run: would pay for 6 generations of 6 prompts, at most 6 images, about 4,800 credits by the table of February 2026; nothing was sent\n")
	first := s.run("--parallel", "4")
	s.want(first, cli.OK, 6, 6)
	s.wantLine(first.Out, "6 prompts: 6 submitted, 6 saved; paid for in this run: 6 tasks; images completed: 6\n")
	clitest.WantText(t, "stderr", first.Err, "")
	for _, state := range []string{": submitting, \"prompt 00", ": submitted, task fake_", ": completed, task fake_", ": saved "} {
		if n := strings.Count(first.Out, state); n != 6 {
			t.Errorf("%d lines with %q", n, state)
		}
	}
	again := s.run()
	s.want(again, cli.OK, 6, 6)
	clitest.WantText(t, "stdout", again.Out, "6 prompts: 0 submitted, 6 saved (6 done before); paid for in this run: 0 tasks; images completed: 0\n")
	if err := os.RemoveAll(s.out); err != nil {
		t.Fatal(err)
	}
	s.want(s.run(), cli.OK, 6, 6) // the images are downloaded again
	s.wantLine(s.run("--dry-run").Out, "would pay for 0 generations of 6 prompts, at most 0 images, 6 done; nothing was sent\n")
}

// A dry run sends nothing, and so needs no key; one that is not usable is an error all the same.
func TestDryRunNeedsNoKey(t *testing.T) {
	t.Parallel()
	file := clitest.WriteFile(t, filepath.Join(t.TempDir(), "prompts.txt"), "a fox\n")
	for name, args := range map[string][]string{"a prompt": {"a fox"}, "a file": {"--file", file}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := func(more ...string) clitest.Result {
				return clitest.Session{T: t, Root: newRoot}.Run(append(append([]string{"images", "generate"}, args...), more...)...)
			}
			if got := run("--dry-run"); got.Status != cli.OK || !strings.HasPrefix(got.Out, "dry run: would ") || got.Err != "" {
				t.Errorf("%+v", got)
			}
			clitest.WantStatus(t, run(), cli.Auth)
			clitest.WantStatus(t, run("--dry-run", "--api-key-file", clitest.WriteFile(t, filepath.Join(t.TempDir(), "key"), "")), cli.Auth)
		})
	}
}

// Fields of a file come before the flags.
func TestManyWithFields(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "", fakeapi.WithStrict())
	s.file = clitest.WriteFile(t, filepath.Join(s.dir, "p.csv"), "key,prompt,count,resolution,model,seed,sources\n"+
		"a,a fox,2,,,,\nb,the sea,,4:3,,,\nc,a bear,,,zimage,7,\nd,an owl,,,,,"+clitest.WriteFile(t, filepath.Join(s.dir, "s.png"), "\x89PNG\r\n\x1a\n")+"\n"+
		",no key,,,,,"+filepath.Join(s.dir, "s.png")+"\n")
	got := s.run("--resolution", "16:9", "--name", "{model}/{key}-{n}{ext}", "-o", "json")
	clitest.WantStatus(t, got, cli.OK)
	for _, part := range []string{`"key":"a"`, `"prompt":"a fox"`, `"task":{"type":"info","id":"fake_`, `"state":"saved"`, `"type":"summary","total":5,"submitted":5,"saved":5,`} {
		s.wantLine(got.Out, part)
	}
	for _, name := range []string{"seedreamv45/a-1.png", "seedreamv45/a-2.png", "seedreamv45/b-1.png", "zimage/c-1.png", "seedreamv45/d-1.png"} {
		if _, err := os.Stat(filepath.Join(s.out, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	var bodies strings.Builder
	for _, r := range s.fake.Requests() {
		bodies.Write(r.Body)
	}
	for text, want := range map[string]int{"\r\n\r\n16:9\r\n": 4, "\r\n\r\n4:3\r\n": 1, `name="seed"`: 1, `filename="s.png"`: 2, `name="batchsize"`: 1} {
		if n := strings.Count(bodies.String(), text); n != want {
			t.Errorf("%q was sent %d times, want %d", text, n, want)
		}
	}
	clitest.WantStatus(t, s.run("--resolution", "16:9", "--name", "{model}/{key}-{n}{ext}"), cli.OK)
	if n := len(s.fake.Tasks()); n != 5 {
		t.Errorf("%d tasks after the repetition", n)
	}
}

// Single generations and a batch have one journal at the same time; a second batch is
// refused and names the first.
func TestManyAtOnceOnTheDefaultJournal(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(12))
	batch := []string{"images", "generate", "--file", s.file, "--out", s.out}
	var others sync.WaitGroup
	var once sync.Once
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		once.Do(func() {
			single := clitest.Against(t, newRoot, s.fake)
			single.Env = s.Env
			clitest.WantError(t, single.Run(append(batch, "--no-journal=false")...), cli.Usage, "journal "+
				s.Journal()+": the journal is in use by process "+holder()+
				"; wait for that batch to end or, if this one has other prompts, give it a journal of its own with --journal FILE; nothing was sent")
			for range 6 {
				others.Go(func() { clitest.WantStatus(t, single.Run("images", "generate", "a single fox"), cli.OK) })
			}
		})
		return len(p), nil
	})
	clitest.WantStatus(t, s.Run(batch...), cli.OK)
	others.Wait()
	s.Stdout = nil
	s.want(s.Run(batch...), cli.OK, 18, 12)
	got := s.Run("images", "list", "-o", "json")
	if n := strings.Count(got.Out, `"single-`); n != 6 || strings.Count(got.Out, `"saved"`) != 12 {
		t.Errorf("%d single ones:\n%s", n, got.Out)
	}
}

func holder() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%d on host %s", os.Getpid(), host)
}

// A batch of the default journal does not go on with the jobs of another file; one with a
// journal of its own does, though the file has lost the prompt.
func TestManyResumesItsOwn(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{false, true} {
		s := newStudio(t, "another prompt\n")
		journal := []string{}
		if own {
			journal = []string{"--journal", s.journal}
		}
		first := append([]string{"images", "generate", "--file", clitest.WriteFile(t, filepath.Join(s.dir, "first.txt"), "a fox\n"), "-q"}, journal...)
		id := s.Run(first...)
		clitest.WantStatus(t, id, cli.OK) // completed, and not saved
		got := s.Run(append([]string{"images", "generate", "--file", s.file, "--out", s.out}, journal...)...)
		s.want(got, cli.OK, 2, map[bool]int{false: 1, true: 2}[own])
	}
}

// Only ids go to standard output, each once, also those of earlier runs.
func TestManyQuiet(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(3))
	got := s.run("--quiet", "--parallel", "1")
	clitest.WantText(t, "stdout", got.Out, clitest.Lines(s.fake.Tasks()...))
	s.wantLine(got.Err, "3 prompts: 3 submitted, 3 saved")
	again := s.run("-q")
	clitest.WantText(t, "stdout", again.Out, clitest.Lines(s.fake.Tasks()...))
}

// A prompt of 100 KB is sent whole.
func TestManyWithALongPrompt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a fox ", 100<<10/6)
	s := newStudio(t, long+"\n")
	s.want(s.run(), cli.OK, 1, 1)
	if body := string(s.fake.Requests()[0].Body); !strings.Contains(body, long[:60<<10]) {
		t.Errorf("%d bytes", len(body))
	}
}

// Standard input is read to its end first, and needs no name for its format.
func TestManyOnStandardInput(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "")
	for _, text := range []string{`{"key":"j","prompt":"json"}` + "\n", "plain\n"} {
		s.Stdin = strings.NewReader(text)
		clitest.WantStatus(t, s.Run("images", "generate", "--file", "-", "--out", s.out), cli.OK)
	}
	s.Stdin = strings.NewReader("prompt\ncsv\n")
	clitest.WantStatus(t, s.Run("images", "generate", "--file", "-", "--format", "csv", "--out", s.out), cli.OK)
	if s.pictures() != 3 {
		t.Errorf("%d pictures", s.pictures())
	}
	s.Stdin = nil
	clitest.WantStatus(t, s.Run("images", "generate", "--file", "-"), cli.Usage)
}

// Without a journal nothing is recorded, and nothing is left behind.
func TestManyWithoutAJournal(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(2))
	state := s.Env["XDG_STATE_HOME"]
	s.want(s.Run("images", "generate", "--file", s.file, "--out", s.out, "--no-journal"), cli.OK, 2, 2)
	clitest.WantStatus(t, s.Run("images", "generate", "--file", s.file, "--out", s.out+"2", "--demo"), cli.OK)
	clitest.WantStatus(t, s.Run("images", "generate", "a fox", "--no-journal"), cli.OK)
	if names := clitest.NamesIn(t, state); names != "" {
		t.Errorf("left %s", names)
	}
}

// The plan says how many of the generations that this run pays for are those of an earlier line.
func TestPlanCountsRepeats(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prompts string
		before  string // prompts that are done
		args    []string
		want    string
	}{
		"none":        {"a\nb\n", "", nil, "February 2026; nothing was sent"},
		"one":         {"a\nb\na\n", "", nil, "February 2026, 1 repeats an earlier prompt; nothing was sent"},
		"several":     {"a\na\nb\na\nb\n", "", nil, "February 2026, 3 repeat earlier prompts; nothing was sent"},
		"left out":    {"b\nb\nb\n", "", []string{"--max-tasks", "1"}, "February 2026, 2 left to the next run; nothing was sent"},
		"of one done": {"a\na\na\n", "a\n", nil, "February 2026, 2 repeat earlier prompts, 1 done; nothing was sent"},
		"own keys":    {`{"prompt":"a","key":"x"}` + "\n" + `{"prompt":"a","key":"y-2"}` + "\n", "", []string{"--format", "jsonl"}, "February 2026; nothing was sent"},
		"other seeds": {`{"prompt":"a","model":"zimage"}` + "\n" + `{"prompt":"a","model":"zimage","seed":0}` + "\n", "", []string{"--format", "jsonl"}, "at most 2 images; nothing was sent"},
		"as JSON":     {"a\nb\na\n", "", []string{"-o", "json"}, `"images":3,"repeats":1,"resume":0`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, tt.before)
			if tt.before != "" {
				clitest.WantStatus(t, s.run(), cli.OK)
			}
			clitest.WriteFile(t, s.file, tt.prompts)
			if got := s.run(append(tt.args, "--dry-run")...); got.Status != cli.OK || !strings.Contains(got.Out, tt.want) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
}
