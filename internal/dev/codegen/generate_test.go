package codegen

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestGenerateRunsThePinnedVersion(t *testing.T) {
	t.Parallel()
	output := generated(t)
	if len(output) != 2 || output[OutputDir+"/"+serverFile] == nil {
		t.Fatalf("%d files; want the client and its server", len(output))
	}
	header, _, _ := bytes.Cut(output["generated/"+client], []byte("package "+OutputDir+"\n"))
	if want := "oapi-codegen/v2 version " + pinnedVersion(t) + " "; !bytes.Contains(header, []byte(want)) {
		t.Errorf("the header lacks %q: %s", want, header)
	}
}

// The user's own settings of the go command change nothing.
func TestGenerateIgnoresTheUsersSettings(t *testing.T) {
	needGenerator(t)
	other := map[string]string{"windows": "linux"}[runtime.GOOS]
	if other == "" {
		other = "windows"
	}
	t.Setenv("GOFLAGS", "-mod=vendor")
	t.Setenv("GOOS", other)
	t.Setenv("GOARCH", "arm")
	t.Setenv("GOWORK", filepath.Join(t.TempDir(), "go.work"))
	if err := Check(context.Background(), moduleRoot); err != nil {
		t.Error(err)
	}
}

// It takes what the configuration names, and leaves nothing behind.
func TestGenerateCleansUp(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	output, err := Generate(context.Background(), withFakeGenerator(moduleInputs(t), "write generated/other.go"))
	if err != nil || len(output) != 2 || !bytes.Contains(output["generated/other.go"], []byte("another generator")) {
		t.Errorf("got %q, %v", output, err)
	}
	if _, err = Generate(context.Background(), withFakeGenerator(moduleInputs(t), "fail")); err == nil {
		t.Error("no error")
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

var refusedInputs = []struct {
	name   string
	inputs func(t *testing.T) Files
	want   []string
}{
	{"colliding type names", func(t *testing.T) Files {
		inputs := moduleInputs(t)
		for _, line := range []string{"response-type-suffix: HTTPResponse", "resolve-type-name-collisions: true"} {
			replace(t, inputs, Config, line, "")
		}
		return inputs
	}, []string{`the schema "DeleteImagesTaskResponse" gets the Go name DeleteImagesTaskResponse, which the generated code itself has`, Overlay}},
	{"no Go", fake("write generated/a.txt"), []string{"does not compile", "no Go files"}},
	{"a generator that fails", fake("fail"), []string{"the generator failed", "error: cannot; generate this: exit status 1"}},
	{"output elsewhere", func(t *testing.T) Files {
		inputs := moduleInputs(t)
		replace(t, inputs, Config, "output: generated/", "output: elsewhere/")
		return inputs
	}, []string{"wrote nothing below generated/", Config}},
	{"a package that go.mod does not have", func(t *testing.T) Files {
		inputs := moduleInputs(t)
		replace(t, inputs, Config, "generate:\n", "additional-imports:\n  - package: example.com/none\n    alias: _\ngenerate:\n")
		return inputs
	}, []string{"go.mod lacks", "go get", "example.com/none"}},
	{"a contract that is not valid", func(t *testing.T) Files {
		inputs := moduleInputs(t)
		replace(t, inputs, Contract, "#/components/schemas/ErrorResponse", "#/components/schemas/None")
		return inputs
	}, []string{"not a valid OpenAPI 3 document", "None"}},
	{"no contract", func(t *testing.T) Files { return Files{} }, []string{"not a valid OpenAPI 3 document"}},
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range refusedInputs {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			output, err := Generate(context.Background(), tt.inputs(t))
			oneLine(t, err)
			if output != nil {
				t.Errorf("output with an error: %q", output)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the message lacks %q: %v", part, err)
				}
			}
		})
	}
}

func fake(config string) func(*testing.T) Files {
	return func(t *testing.T) Files { return withFakeGenerator(moduleInputs(t), config) }
}

func replace(t *testing.T, files Files, name, old, now string) {
	t.Helper()
	if !bytes.Contains(files[name], []byte(old)) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	files[name] = bytes.ReplaceAll(files[name], []byte(old), []byte(now))
}

var errStopped = errors.New("stopped by hand")

// The end of the context ends the generator, not only the go command above it.
func TestGenerateEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	inputs := withFakeGenerator(moduleInputs(t), "hang "+ln.Addr().String())
	done := make(chan error, 1)
	go func() {
		_, err := Generate(ctx, inputs)
		done <- err
	}()
	if err := ln.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, len("started"))); err != nil {
		t.Fatal(err)
	}
	cancel(errStopped)
	if err := <-done; !errors.Is(err, errStopped) {
		t.Errorf("%v; want %v", err, errStopped)
	}
	if runtime.GOOS == "windows" {
		return // no interrupt that the go command could pass on
	}
	if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the generator still runs")
	}
}

func TestGenerateDoesNotStartAfterTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, moduleInputs(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want %v", err, context.Canceled)
	}
}
