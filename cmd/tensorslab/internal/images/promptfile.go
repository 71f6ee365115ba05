package images

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"os"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/prompts"
)

// promptFile is a copy of --file. It is read twice, to check all prompts and to submit
// them, so that a file that is edited meanwhile does not change what was confirmed.
type promptFile struct {
	name   string // for errors
	format prompts.Format
	copied *os.File
	limit  int64 // of its bytes
}

// maxInput is how many bytes of a file are read at most, so that a device does not fill memory or
// the disk. A batch of a million prompts has a hundredth of it.
const maxInput = 1 << 30

// openPrompts copies --file to a temporary file, which close removes, as does e.OnExit.
func openPrompts(ctx context.Context, e cli.Env, f *generateFlags) (*promptFile, error) {
	p := &promptFile{name: f.file, format: prompts.Format(f.format), limit: maxInput}
	if f.file == "-" {
		p.name = "standard input"
	}
	if err := p.create(e.OnExit); err != nil {
		return nil, cli.Failf(cli.Failed, "cannot copy the prompts: %w; nothing was sent", err)
	}
	err := cli.Await(ctx, func() error { return p.fill(f.file, e.Stdin) })
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *promptFile) create(onExit *cli.ExitHook) (err error) {
	defer onExit.Hold()()
	p.copied, err = os.CreateTemp("", "tensorslab-prompts-*")
	if err == nil {
		onExit.Add(p.close)
	}
	return err
}

// fill copies the file, or standard input. An interruption leaves it running, because a
// pipe may be silent.
func (p *promptFile) fill(name string, stdin io.Reader) error {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return cli.Usagef("cannot read the prompts: %w; nothing was sent", err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return cli.Usagef("cannot read the prompts: %s is a directory; nothing was sent", name)
		}
		in = file
	}
	if in == nil {
		return cli.Usagef("there are no prompts on standard input; nothing was sent")
	}
	reader := bufio.NewReader(in)
	if p.format == "" {
		begin, _ := reader.Peek(512) // an error comes again
		if name == "-" {
			name = ""
		}
		p.format = prompts.FormatOf(name, begin)
	}
	if _, err := io.Copy(p.copied, cli.Bounded(reader, p.limit)); err != nil {
		return cli.Usagef("cannot read the prompts: %w; nothing was sent", err)
	}
	return nil
}

// rows reads the file from its beginning.
func (p *promptFile) rows() iter.Seq2[prompts.Row, error] {
	return func(yield func(prompts.Row, error) bool) {
		prompts.Read(io.NewSectionReader(p.copied, 0, 1<<62), p.format)(yield)
	}
}

// close removes the copy. That it cannot be removed is no reason to fail.
func (p *promptFile) close() {
	_ = errors.Join(p.copied.Close(), os.Remove(p.copied.Name()))
}
