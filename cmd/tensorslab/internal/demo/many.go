package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// many is the part of the demo about many prompts: a batch that is killed in the middle, as
// a process of its own, and run again.
type many struct {
	*life
	dir  string
	fake *fakeapi.Server
}

// manyPrompts has six prompts with keys, so that the output is the same each time.
const manyPrompts = `key,prompt
fox,a fox in the snow
sea,the sea at night
bear,a bear with a lamp
owl,an owl in a library
town,a town of glass
moon,the moon over a harbour
`

const (
	killedAt      = 3 // the number of the submission that has no response when the process is killed
	batchCommand  = "images generate --file prompts.csv --out pictures --parallel 1"
	generationsOf = "seeDreamV45"
)

func (l *life) playMany(ctx context.Context) error {
	dir, remove, err := l.onExit.TempDir("tensorslab-demo-")
	if err != nil {
		return err
	}
	defer remove()
	fake, _, err := service.ConnectFake(nil)
	if err != nil {
		return err
	}
	defer fake.Close()
	if err := os.WriteFile(filepath.Join(dir, "prompts.csv"), []byte(manyPrompts), 0o600); err != nil {
		return err
	}
	m := many{l, dir, fake}
	if err := m.kill(ctx); err != nil {
		return err
	}
	if err := m.again(ctx, cli.Unknown, "Run the same command again. Only what was never sent is submitted."); err != nil {
		return err
	}
	return m.resolve(ctx)
}

// command returns the command as a process in the folder of the demo.
func (m *many) command(ctx context.Context, line string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{"tensorslab"}, strings.Fields(line)...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "TENSORSLAB_BASE_URL="+m.fake.URL, "TENSORSLAB_API_KEY=key-for-the-fake", "TENSORSLAB_AUTH=",
		"XDG_STATE_HOME="+m.dir)
	return cmd, nil
}

// kill starts the batch, and kills it while a submission has no response.
func (m *many) kill(ctx context.Context) error {
	m.fake.FailNextOn(generationsOf, killedAt-1, fakeapi.Fault{})
	m.fake.FailNextOn(generationsOf, 1, fakeapi.DelayAnswer(time.Hour))
	m.step("Six prompts, and the process is killed (SIGKILL) in the middle.", "tensorslab "+batchCommand)
	cmd, err := m.command(ctx, batchCommand)
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for m.submissions() < killedAt || m.recorded("saved") < killedAt-1 {
		select {
		case err := <-ended:
			return fmt.Errorf("the batch ended before it was killed: %w: %s", err, stderr.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		return err
	}
	if err := <-ended; err == nil {
		return errors.New("the batch ended before it was killed")
	}
	m.result("killed at submission %d: the service has %d tasks; the journal has %d saved,", killedAt, len(m.fake.Tasks()), m.recorded("saved"))
	fmt.Fprintln(m.out, `     and "submitting" for the third, which was written before it was sent`)
	return nil
}

// again runs the batch to its end, and shows its summary.
func (m *many) again(ctx context.Context, status int, title string) error {
	m.step(title, "tensorslab "+batchCommand)
	cmd, err := m.command(ctx, batchCommand)
	if err != nil {
		return err
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case err == nil && status == cli.OK, errors.As(err, &exit) && exit.ExitCode() == status:
	default:
		return fmt.Errorf("the batch ended with %w, not with status %d", err, status)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "6 prompts: ") || strings.HasPrefix(line, "in doubt: ") {
			m.result("%s", wrap(line, 74, "     "))
		}
	}
	fmt.Fprintf(m.out, "     exit status %d\n", status)
	return nil
}

// resolve names the task that the lost response was about, as a person would after a look
// into the web console, and runs the batch a last time.
func (m *many) resolve(ctx context.Context) error {
	line := "images resolve bear " + m.fake.Tasks()[killedAt-1]
	m.step("The web console lists the task, so say which one it is.", "tensorslab "+line)
	cmd, err := m.command(ctx, line)
	if err != nil {
		return err
	}
	if err := cmd.Run(); err != nil {
		return err
	}
	if err := m.again(ctx, cli.OK, "Run the same command a last time."); err != nil {
		return err
	}
	pictures, err := filepath.Glob(filepath.Join(m.dir, "pictures", "*.png"))
	if err != nil {
		return err
	}
	if n := m.submissions(); n != 6 || len(m.fake.Tasks()) != 6 || len(pictures) != 6 {
		return fmt.Errorf("%d submissions, %d tasks, %d pictures", n, len(m.fake.Tasks()), len(pictures))
	}
	m.result("6 prompts, %d submissions, %d tasks, %d pictures: nothing was paid for twice", m.submissions(), len(m.fake.Tasks()), len(pictures))
	return nil
}

func (m *many) submissions() (n int) {
	for _, r := range m.fake.Requests() {
		if r.OperationID == generationsOf {
			n++
		}
	}
	return n
}

// recorded returns the number of lines of the journal with a state.
func (m *many) recorded(state string) int {
	names, _ := filepath.Glob(filepath.Join(m.dir, "tensorslab", "tasks-*.jsonl")) // that of the fake, if it is there yet
	if len(names) == 0 {
		return 0
	}
	data, _ := os.ReadFile(names[0]) // if it cannot be read, the demo fails
	return bytes.Count(data, []byte(`"state":"`+state+`"`))
}
