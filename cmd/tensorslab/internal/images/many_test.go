package images

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	clitest.WantText(t, "stdout", dry.Out, "dry run: would pay for 6 generations of 6 prompts, at most 6 images; nothing was sent\n")
	first := s.run("--parallel", "4")
	s.want(first, cli.OK, 6, 6)
	s.wantLine(first.Out, "6 prompts: 6 submitted, 6 saved; paid for in this run: 6 tasks, which made 6 images\n")
	clitest.WantText(t, "stderr", first.Err, "")
	for _, state := range []string{": submitting\n", ": submitted, task fake_", ": completed, task fake_", ": saved "} {
		if n := strings.Count(first.Out, state); n != 6 {
			t.Errorf("%d lines with %q", n, state)
		}
	}
	again := s.run()
	s.want(again, cli.OK, 6, 6)
	clitest.WantText(t, "stdout", again.Out, "6 prompts: 0 submitted, 6 saved (6 done before); paid for in this run: 0 tasks, which made 0 images\n")
	if err := os.RemoveAll(s.out); err != nil {
		t.Fatal(err)
	}
	s.want(s.run(), cli.OK, 6, 6) // the images are downloaded again
	s.wantLine(s.run("--dry-run").Out, "would pay for 0 generations of 6 prompts, at most 0 images, 6 done; nothing was sent\n")
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

// Everything that can be wrong in a file is found before the first prompt is paid for.
func TestManyRefusesBadInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<20+9)
	for name, tt := range map[string]struct {
		ext, content string
		args         []string
		want         []string
	}{
		"empty":                {".txt", "", nil, []string{"prompts.txt has no prompts; nothing was sent"}},
		"comments":             {".txt", "# a\n\n", nil, []string{"has no prompts"}},
		"a file as prompt":     {".txt", "ok\n@fox.txt\n", nil, []string{"prompts.txt: line 2: ", "@"}},
		"JSON in text":         {".txt", "ok\n{\"prompt\":\"a\"}\n", nil, []string{"line 2", "--format jsonl"}},
		"a table in text":      {".txt", "key,prompt\na,b\n", nil, []string{"line 1", "--format csv"}},
		"several":              {".csv", "prompt,count\na,99\n,1\nb,x\nok,1\n", nil, []string{"line 2: count is not between 1 and 15", "line 3: the prompt is blank", "line 4: count is not a whole number"}},
		"very many":            {".csv", "prompt,count\n" + strings.Repeat("a,0\n", 100), nil, []string{"line 2: ", "line 6: ", "and 95 bad lines more"}},
		"two with one key":     {".csv", "key,prompt\na,x\nb,y\na,z\n", nil, []string{"line 4: an earlier line has the same key"}},
		"a key too long":       {".csv", "key,prompt\n" + strings.Repeat("k", 600) + ",x\n", nil, []string{"line 2: ", "the key is longer than 512 bytes"}},
		"no such field":        {".jsonl", `{"prompt":"a","size":"2K"}`, nil, []string{"line 1: there is no field \"size\""}},
		"no such model":        {".jsonl", `{"prompt":"a","model":"x"}`, nil, []string{"line 1: ", "there is no model \"x\""}},
		"not for the model":    {".jsonl", `{"prompt":"a","seed":1}`, nil, []string{"line 1: seed is not supported: seedreamv45 has no seed"}},
		"a resolution":         {".csv", "prompt,resolution\na,2K\nb,9K\n", nil, []string{"line 3: resolution is none of"}},
		"no such source":       {".csv", "prompt,sources\na,none.png\n", nil, []string{"line 2: cannot read a source: ", "none.png"}},
		"source is text":       {".jsonl", `{"prompt":"a","sources":["SELF"]}`, nil, []string{"line 1: sources "}},
		"an image URL":         {".csv", "prompt,image_url\na,ftp://a\n", nil, []string{"line 2: image_url is not an absolute"}},
		"one name for two":     {".csv", "key,prompt,count\na,x,1\nb,x,2\n", []string{"--name", "{key}{ext}"}, []string{"line 3: ", "it has no {n}"}},
		"names differ in case": {".csv", "key,prompt\na,x\nA,y\n", nil, []string{"line 3: ", "the file name"}},
		"a template":           {".txt", "a\n", []string{"--name", "{prompt}"}, []string{"--name: "}},
		"out of the folder":    {".txt", "a\n", []string{"--name", "../{key}"}, []string{"--name: "}},
		"a long line":          {".txt", "a\n" + long, nil, []string{"line 2 is longer than 1 MiB"}},
		"UTF-16":               {".txt", "\xff\xfea\x00", nil, []string{"UTF-16"}},
		"not text":             {".txt", "\x89PNG\r\n\x1a\n\x00\x00", nil, []string{"line 1: "}},
		"format":               {".txt", "a", []string{"--format", "xml"}, []string{"--format must be one of"}},
		"parallel":             {".txt", "a", []string{"--parallel", "0"}, []string{"--parallel must be between"}},
		"max-tasks":            {".txt", "a", []string{"--max-tasks", "0"}, []string{"--max-tasks must be above 0"}},
		"force":                {".txt", "a", []string{"--force"}, []string{"--force does not apply to --file"}},
		"both":                 {".txt", "a", []string{"a fox"}, []string{"use a PROMPT or --file, not both"}},
		"quiet JSON":           {".txt", "a", []string{"-q", "-o", "json"}, []string{"use --quiet or --output json, not both"}},
		"two journals":         {".txt", "a", []string{"--no-journal"}, []string{"use --journal or --no-journal, not both"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			s.file = filepath.Join(s.dir, "prompts"+tt.ext)
			clitest.WriteFile(t, s.file, strings.ReplaceAll(tt.content, "SELF", filepath.ToSlash(s.file)))
			got := s.run(tt.args...)
			s.want(got, cli.Usage, 0, 0)
			for _, part := range tt.want {
				s.wantLine(got.Err, part)
			}
			if strings.Count(got.Err, "\n") != 1 || got.Out != "" {
				t.Errorf("stdout %q, stderr %q", got.Out, got.Err)
			}
		})
	}
}

// Journals and folders that cannot be used: nothing is paid for, and nothing is changed.
func TestManyRefusesBadPlaces(t *testing.T) {
	t.Parallel()
	const fox = `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"fox","state":"saved","task":"t1","request":"other","prompt":"a wolf"}` + "\n"
	for name, tt := range map[string]struct {
		journal string
		prepare func(t *testing.T, s *studio)
		want    string
	}{
		"another version":  {`{"v":2,"key":"b"}` + "\n", nil, "line 1 is of version 2"},
		"nonsense":         {fox + "nonsense\n", nil, "line 2 is not a JSON object"},
		"another run":      {fox, nil, "line 2: job \"fox\": the journal has another request under this key: use another key, or another journal"},
		"a folder":         {"", func(_ *testing.T, s *studio) { s.journal = s.dir }, "it is a directory"},
		"no folder":        {"", func(_ *testing.T, s *studio) { s.journal = filepath.Join(s.dir, "none", "j") }, "cannot open the journal"},
		"out is a file":    {"", func(t *testing.T, s *studio) { clitest.WriteFile(t, s.out, "x") }, "cannot write to --out"},
		"no such file":     {"", func(_ *testing.T, s *studio) { s.file = filepath.Join(s.dir, "none") }, "cannot read the prompts"},
		"a folder as file": {"", func(_ *testing.T, s *studio) { s.file = s.dir }, "cannot read the prompts"},
		"a file of that name": {"", func(t *testing.T, s *studio) {
			if err := os.Mkdir(s.out, 0o700); err != nil {
				t.Fatal(err)
			}
			clitest.WriteFile(t, filepath.Join(s.out, "fox-1.png"), "mine")
		}, "line 2: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			s.file = clitest.WriteFile(t, filepath.Join(s.dir, "p.csv"), "key,prompt\nfox,a fox\n")
			clitest.WriteFile(t, s.journal, tt.journal)
			if tt.prepare != nil {
				tt.prepare(t, s)
			}
			got := s.run()
			clitest.WantStatus(t, got, cli.Usage)
			s.wantLine(got.Err, tt.want)
			if len(s.fake.Requests()) > 0 || !strings.HasSuffix(got.Err, "nothing was sent\n") {
				t.Errorf("%d requests, stderr %q", len(s.fake.Requests()), got.Err)
			}
			if s.journal == filepath.Join(s.dir, "j.jsonl") {
				clitest.WantText(t, "journal", clitest.ReadFile(t, s.journal), tt.journal)
			}
		})
	}
}

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
		"credits end":       {[]fakeapi.Option{fakeapi.WithCredits(37)}, fakeapi.Fault{}, 0, []string{"--parallel", "1"}, cli.Credits, 38, "not enough credits (add some to the account): 3 of 40 prompts not done"},
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
	s.wantLine(first.Err, "1 job in doubt may have been paid for and will not be sent again: look for them in the web console, then tensorslab images resolve --journal "+s.journal+" KEY TASKID, or KEY --not-created")
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
				filepath.Join(s.Env["XDG_STATE_HOME"], "tensorslab", "tasks.jsonl")+": the journal is in use by process "+holder()+
				"; wait for that batch to end, or give this one a journal of its own with --journal FILE; nothing was sent")
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
