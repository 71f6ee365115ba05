package images

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

func TestReadIDs(t *testing.T) {
	t.Parallel()
	file := clitest.WriteFile(t, filepath.Join(t.TempDir(), "ids.txt"), "# ids\r\nf1\r\n\r\nf2\r\na1\r\n")
	tests := map[string]struct {
		file    string
		demo    []string
		stdin   io.Reader
		args    []string
		want    []string
		repeats int
	}{
		"arguments":                    {args: []string{"a1", "a2", "a1"}, want: []string{"a1", "a2"}, repeats: 1},
		"file":                         {file: file, want: []string{"f1", "f2", "a1"}},
		"arguments and file":           {file: file, args: []string{"a1"}, want: []string{"a1", "f1", "f2"}, repeats: 1},
		"stdin by name":                {file: "-", stdin: strings.NewReader("s1\ns2"), want: []string{"s1", "s2"}},
		"stdin by itself":              {stdin: strings.NewReader("s1\n"), want: []string{"s1"}},
		"arguments leave stdin alone":  {stdin: strings.NewReader("s1\n"), args: []string{"a1"}, want: []string{"a1"}},
		"file leaves stdin alone":      {file: file, stdin: strings.NewReader("s1\n"), want: []string{"f1", "f2", "a1"}},
		"empty stdin":                  {stdin: strings.NewReader("# nothing\n"), want: nil},
		"demo leaves stdin alone":      {demo: service.TaskIDs(demoTasks), stdin: strings.NewReader("s1\n"), want: service.TaskIDs(demoTasks)},
		"demo with ids makes no other": {demo: service.TaskIDs(demoTasks), args: []string{"a1"}, want: []string{"a1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids, err := readIDs(t.Context(), cli.Env{Stdin: tt.stdin}, tt.file, tt.demo, tt.args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, ids.IDs()); diff != "" || ids.Repeats() != tt.repeats {
				t.Errorf("%d repeats, ids (-want +got):\n%s", ids.Repeats(), diff)
			}
		})
	}
}

func TestReadIDsRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := clitest.WriteFile(t, filepath.Join(dir, "bad.txt"), "ok\n\nnot ok\n")
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	tests := map[string]struct {
		file  string
		stdin io.Reader
		args  []string
		want  string
	}{
		"bad argument":     {args: []string{"a1", "a 2"}, want: "argument 2: the id contains white space; write one id per line; nothing was sent"},
		"empty argument":   {args: []string{""}, want: "argument 1: the id is blank; nothing was sent"},
		"bad line":         {file: bad, want: bad + ":3: the id contains white space; write one id per line; nothing was sent"},
		"bad line, piped":  {stdin: strings.NewReader("\xff\n"), want: "standard input is not a list of ids: line 1 is not valid UTF-8; nothing was sent"},
		"no ids, no stdin": {want: "no ids; pass them as arguments, with --file, or on standard input; \"tensorslab images list\" shows those that this machine created"},
		"the key":          {args: []string{"a1", "x" + clitest.Key}, want: "id 2 of 2 holds the API key; nothing was sent"},
		"the key, piped":   {stdin: strings.NewReader(clitest.Key + "\na1\n"), want: "id 1 of 2 holds the API key; nothing was sent"},
		"no ids, a job": {stdin: null,
			want: "no ids; pass them as arguments, with --file, or on standard input; \"tensorslab images list\" shows those that this machine created"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			getenv := func(name string) string { return map[string]string{"TENSORSLAB_API_KEY": clitest.Key}[name] }
			_, err := readIDs(t.Context(), cli.Env{Stdin: tt.stdin, Secret: new(cli.Secret), Getenv: getenv}, tt.file, nil, tt.args)
			if cli.StatusOf(err) != cli.Usage {
				t.Fatalf("error %v", err)
			}
			clitest.WantText(t, "error", err.Error(), tt.want)
		})
	}
	for name, path := range map[string]string{"missing": filepath.Join(dir, "none"), "a folder": dir} {
		_, err := readIDs(t.Context(), cli.Env{}, path, nil, nil)
		if cli.StatusOf(err) != cli.Usage || !strings.Contains(err.Error(), path) || !strings.HasSuffix(err.Error(), "; nothing was sent") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Ctrl-C ends the wait for a silent pipe.
func TestReadIDsInterrupted(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		io.WriteString(w, "s1\n")
		cancel()
	}()
	_, err := readIDs(ctx, cli.Env{Stdin: r}, "-", nil, nil)
	if cli.StatusOf(err) != cli.Interrupted {
		t.Errorf("error %v", err)
	}
}
