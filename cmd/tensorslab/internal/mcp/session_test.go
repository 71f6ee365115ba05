package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// wire is a session of raw messages, as a host writes them to standard input.
type wire struct {
	stdin  io.WriteCloser
	stdout *bufio.Scanner
	done   chan clitest.Result
}

// overWire starts the command, and does the handshake.
func overWire(t *testing.T, ctx context.Context, url string, flags ...string) wire {
	t.Helper()
	in, stdin := io.Pipe()
	stdout, out := io.Pipe()
	s := clitest.Session{T: t, Root: newRoot, Stdin: in, Stdout: out, Home: t.TempDir(),
		Env: map[string]string{"TENSORSLAB_BASE_URL": url, "TENSORSLAB_API_KEY": clitest.Key}}
	w := wire{stdin, bufio.NewScanner(stdout), make(chan clitest.Result, 1)}
	w.stdout.Buffer(nil, 16<<20)
	go func() {
		defer out.Close()
		w.done <- s.RunContext(ctx, append([]string{"mcp", "--journal", s.Home + "/j", "--out", s.Home + "/pictures"}, flags...)...)
	}()
	w.send(t, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}`)
	w.receive(t)
	w.send(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return w
}

func (w wire) send(t *testing.T, message string) {
	t.Helper()
	if _, err := io.WriteString(w.stdin, message+"\n"); err != nil {
		t.Fatal(err)
	}
}

// receive returns the next message, which has to be JSON-RPC.
func (w wire) receive(t *testing.T) (message struct {
	Version string `json:"jsonrpc"`
	ID      any    `json:"id"`
	Result  struct {
		StructuredContent generateOut
	} `json:"result"`
	Error any `json:"error"`
}) {
	t.Helper()
	if !w.stdout.Scan() {
		t.Fatalf("no message: %v", w.stdout.Err())
	}
	if err := json.Unmarshal(w.stdout.Bytes(), &message); err != nil || message.Version != "2.0" {
		t.Fatalf("%v in %s", err, w.stdout.Text())
	}
	if strings.Contains(w.stdout.Text(), clitest.Key) {
		t.Errorf("the key is in %s", w.stdout.Text())
	}
	return message
}

const generateCall = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"generate","arguments":{"prompt":"a fox"}}}`

// A host that closes standard input, or sends a signal, during a submission gets its
// response all the same, and the session then ends with success.
func TestSessionEndsDuringASubmission(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]bool{"end of input": false, "signal": true} {
		for outcome, status := range map[string]int{outcomeCreated: 200, outcomeUnknown: 502} {
			t.Run(name+", "+outcome, func(t *testing.T) {
				t.Parallel()
				h := hold(t, status, `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w := overWire(t, ctx, h.URL)
				w.send(t, generateCall)
				eventually(t, "the submission", func() bool { return h.requests.Load() == 1 })
				if signal {
					cancel()
				} else {
					w.stdin.Close()
				}
				time.AfterFunc(20*time.Millisecond, func() { close(h.release) })
				if got := w.receive(t); got.ID != 7.0 || got.Result.StructuredContent.Outcome != outcome {
					t.Errorf("%+v", got)
				}
				if w.stdout.Scan() {
					t.Errorf("and then %s", w.stdout.Text())
				}
				got := <-w.done
				clitest.WantStatus(t, got, cli.OK)
				if !strings.Contains(got.Err, "tensorslab: the session has created ") || h.requests.Load() != 1 {
					t.Errorf("stderr %s", got.Err)
				}
				w.stdin.Close()
			})
		}
	}
}

// The wait for a response that does not come is bounded, and then the outcome is unknown.
func TestSessionEndsAndTheServiceDoesNotRespond(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNextOn(generationOp, 1, fakeapi.DelayAnswer(time.Hour))
	r := with(t, fake)
	r.server.grace = 50 * time.Millisecond
	outcome := make(chan generateOut, 1)
	go func() {
		got, _, err := tryCall[generateOut](r, t.Context(), "generate", args{"prompt": "a fox"})
		if err != nil {
			t.Error(err)
		}
		outcome <- got
	}()
	eventually(t, "the submission", func() bool { return submissions(fake) == 1 })
	r.stop()
	if got := <-outcome; got.Outcome != outcomeUnknown {
		t.Errorf("%+v", got)
	}
	if e := r.entries(); len(e) != 1 || e[0].State != batch.InDoubt {
		t.Errorf("journal %+v", e)
	}
}

// The same of calls that cost nothing, which end at once.
func TestSessionEndsDuringAWait(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 1 << 30}))
	w := overWire(t, t.Context(), fake.URL)
	w.send(t, generateCall)
	id := w.receive(t).Result.StructuredContent.TaskID
	w.send(t, fmt.Sprintf(`{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"wait","arguments":{"task_id":%q,"timeout_seconds":600}}}`, id))
	eventually(t, "a query", func() bool { return fake.Tally().Calls["infoByTaskId"] > 0 })
	w.stdin.Close()
	if got := w.receive(t); got.ID != 8.0 || got.Result.StructuredContent.Outcome != outcomeUnfinished {
		t.Errorf("%+v", got)
	}
	clitest.WantStatus(t, <-w.done, cli.OK)
}

// A host that does not read, or has gone, does not keep the server from recording.
func TestHostIsGoneDuringASubmission(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNextOn(generationOp, 1, fakeapi.DelayAnswer(100*time.Millisecond))
	s, _ := serverFor(t, fake.URL, nil)
	in, stdin := io.Pipe()
	out, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.run(t.Context(), &sdk.IOTransport{Reader: in, Writer: stdout}) }()
	go func() {
		io.WriteString(stdin, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}`+"\n")
		bufio.NewReader(out).ReadString('\n')
		io.WriteString(stdin, generateCall+"\n")
	}()
	eventually(t, "the submission", func() bool { return submissions(fake) == 1 })
	out.Close()
	stdin.Close()
	<-ended
	for e, err := range s.entries.All(t.Context()) {
		if err != nil || e.State != batch.Submitted || e.TaskID != fake.Tasks()[0] {
			t.Errorf("%+v, %v", e, err)
		}
	}
}

// A host that closes standard input and reads nothing does not keep the process, and what it
// has paid for is recorded.
func TestHostDoesNotRead(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s, _ := serverFor(t, fake.URL, nil)
	s.drain = 200 * time.Millisecond
	in, stdin := io.Pipe()
	out, stdout := io.Pipe()
	defer out.Close()
	ended := make(chan error, 1)
	go func() { ended <- s.run(t.Context(), &sdk.IOTransport{Reader: in, Writer: newOutput(stdout, s.Secret)}) }()
	io.WriteString(stdin, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}`+"\n")
	bufio.NewReader(out).ReadString('\n')
	io.WriteString(stdin, generateCall+"\n")
	eventually(t, "the record", func() bool {
		for e, err := range s.entries.All(t.Context()) {
			return err == nil && e.State == batch.Submitted
		}
		return false
	})
	stdin.Close()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("the session does not end")
	}
}

// Whatever is no JSON-RPC ends the session, with an error that names the line and repeats
// nothing of it. What was received before it gets a response.
func TestInputThatIsNoJSON(t *testing.T) {
	t.Parallel()
	for last, want := range map[string]string{
		"hello " + clitest.Key: "line 5 of standard input is not JSON; the session ended",
		"{} x":                 "line 5 of standard input is not JSON; the session ended",
		"\n\n[1,\n2,\n}":       "line 9 of standard input is not JSON; the session ended",
		`{"jsonrpc":"1.0"}`:    "standard input has a message that is not JSON-RPC 2.0; the session ended",
		"42":                   "standard input has a message that is not JSON-RPC 2.0; the session ended",
		"[]":                   "standard input has a message that is not JSON-RPC 2.0; the session ended",
	} {
		w := overWire(t, t.Context(), fakeapi.Start(t).URL)
		w.send(t, `{"jsonrpc":"2.0","id":3,"method":"ping"}`+"\n"+`{"jsonrpc":"2.0","id":4,"method":"ping"}`)
		go io.WriteString(w.stdin, last+"\n")
		if first, second := w.receive(t), w.receive(t); first.ID == second.ID || first.Error != nil || second.Error != nil {
			t.Errorf("%q: %+v, %+v", last, first, second)
		}
		if got := <-w.done; got.Status != cli.Failed || got.Err != "tensorslab: "+want+"\n" {
			t.Errorf("%q: status %d, stderr %q", last, got.Status, got.Err)
		}
		w.stdin.Close()
	}
}

// A message that is cut is not taken for the end of the session.
func TestInputThatIsCut(t *testing.T) {
	t.Parallel()
	w := overWire(t, t.Context(), fakeapi.Start(t).URL)
	io.WriteString(w.stdin, `{"jsonrpc":"2.0",`)
	w.stdin.Close()
	clitest.WantError(t, <-w.done, cli.Failed, "standard input ended in the middle of a message, in line 3; the session ended")
}

// Whoever writes all messages at once, and then closes the input, gets all responses. A
// generation that has not been sent by then is not sent.
func TestMessagesFromAFile(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s, _ := serverFor(t, fake.URL, nil)
	const messages = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":1,"method":"tools/list"}
{"jsonrpc":"2.0","id":2,"method":"ping"}
` + generateCall + "\n"
	var out bytes.Buffer
	if err := s.run(t.Context(), &sdk.IOTransport{Reader: io.NopCloser(strings.NewReader(messages)), Writer: newOutput(&out, s.Secret)}); err != nil {
		t.Error(err)
	}
	for _, id := range []string{`"id":0,`, `"id":1,`, `"id":2,`, `"id":7,`} {
		if strings.Count(out.String(), id) != 1 {
			t.Errorf("no response to %s in %s", id, out.String())
		}
	}
	notSent := strings.Contains(out.String(), `"outcome":"not_sent"`)
	if n := strings.Count(out.String(), "\n"); n != 4 || notSent == (submissions(fake) == 1) {
		t.Errorf("%d submissions and %s", submissions(fake), out.String())
	}
}
