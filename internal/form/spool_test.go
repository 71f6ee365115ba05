package form

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSpoolKeepsWhatItReads(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, size := range []int{0, 1, maxSpooled - 1, maxSpooled, maxSpooled + 1, maxSpooled + 2, 3 * maxSpooled} {
		data := bytes.Repeat([]byte("\r\n--x--"), size/7+1)[:size]
		spooled, err := Spool("a.png", iotest.HalfReader(bytes.NewReader(data)))
		if err != nil {
			t.Fatal(size, err)
		}
		for range 2 {
			r, err := spooled.Header().Open()
			if err != nil {
				t.Fatal(size, err)
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, data) || spooled.Header().Size != int64(size) {
				t.Errorf("%d: %d bytes, %v", size, len(got), err)
			}
		}
		if err := spooled.Close(); err != nil || temporaries(t) != 0 {
			t.Errorf("%d: %v, left %d files", size, err, temporaries(t))
		}
	}
}

func temporaries(t *testing.T) int {
	t.Helper()
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return len(left)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Whatever way a reader ends, no copy of what it gave stays behind.
func TestSpoolLeavesNothingOfReadersThatFail(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine := errors.New("the camera is off")
	for name, end := range map[string]func([]byte) (int, error){
		"an error": func([]byte) (int, error) { return 0, mine },
		"a panic":  func([]byte) (int, error) { panic(mine) },
		"Goexit":   func([]byte) (int, error) { runtime.Goexit(); return 0, nil },
	} {
		for _, size := range []int{10, maxSpooled, maxSpooled + 1, 3 * maxSpooled} {
			var err error
			var recovered any
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() { recovered = recover() }()
				_, err = Spool("a.png", io.MultiReader(strings.NewReader(strings.Repeat("x", size)), readerFunc(end)))
			}()
			<-done
			if left := temporaries(t); left != 0 || name == "an error" && !errors.Is(err, mine) || name == "a panic" && recovered != mine {
				t.Errorf("%s after %d bytes: %v, %v, left %d files", name, size, err, recovered, left)
			}
		}
	}
}

// A process that is killed while it reads from a silent pipe leaves nothing behind.
func TestSpoolLeavesNothingOfAProcessThatIsKilled(t *testing.T) {
	const inside = "TENSORSLAB_TEST_SILENT_PIPE"
	if os.Getenv(inside) != "" {
		_, _ = Spool("a.png", io.MultiReader(strings.NewReader(strings.Repeat("x", 3*maxSpooled)), readerFunc(func([]byte) (int, error) {
			_, _ = os.Stdout.WriteString("waiting\n")
			select {}
		})))
	}
	if runtime.GOOS == "windows" {
		t.Skip("an open file keeps its name there")
	}
	t.Setenv("TMPDIR", t.TempDir())
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), inside+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("waiting\n"))
	if _, err := io.ReadFull(out, line); err != nil || string(line) != "waiting\n" {
		t.Errorf("%q, %v", line, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if left := temporaries(t); left != 0 {
		t.Errorf("left %d files", left)
	}
}
