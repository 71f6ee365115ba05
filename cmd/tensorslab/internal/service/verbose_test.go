package service

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// traced returns the lines of --verbose for a query against a fake.
func traced(t *testing.T, fake *fakeapi.Server, path string, call func(context.Context, *wrapper.Client)) string {
	t.Helper()
	var stderr strings.Builder
	e := cli.Env{Stderr: &stderr, Secret: new(cli.Secret), Getenv: func(string) string { return "" }}
	e.Secret.Set(clitest.Key)
	f := &Flags{Output: "text", Retries: 2, Timeout: time.Minute, BaseURL: fake.URL + path, Verbose: true}
	client, err := f.NewClient(e, clitest.Key, wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 3, Backoff: time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	call(t.Context(), client)
	got := regexp.MustCompile(`[0-9.]+(ns|µs|ms|s), attempt`).ReplaceAllString(stderr.String(), "TIME, attempt")
	got = regexp.MustCompile(`no response: [^,]*`).ReplaceAllString(got, "no response: CAUSE") // EOF, or a reset
	if strings.Contains(got, clitest.Key) {
		t.Errorf("the key is in %s", got)
	}
	return strings.ReplaceAll(strings.ReplaceAll(got, fake.URL, "http://HOST"), strings.TrimPrefix(fake.URL, "http://"), "HOST")
}

func query(id string) func(context.Context, *wrapper.Client) {
	return func(ctx context.Context, c *wrapper.Client) { _, _ = c.InfoByTaskID(ctx, id) }
}

func TestTraced(t *testing.T) {
	t.Parallel()
	const asked = "tensorslab: POST http://HOST/v1/images/infobytaskid: "
	for name, tt := range map[string]struct {
		prepare func(*fakeapi.Server)
		call    func(context.Context, *wrapper.Client)
		want    string
	}{
		"success":      {func(*fakeapi.Server) {}, query("task_1"), asked + "HTTP 200, TIME, attempt 1\n"},
		"unknown task": {func(*fakeapi.Server) {}, query("secret-id"), asked + "HTTP 404, TIME, attempt 1\n"},
		"retried": {func(fake *fakeapi.Server) { fake.FailNext(1, fakeapi.Respond(503, "text/html", clitest.Key)) }, query("task_1"),
			asked + "HTTP 503, TIME, attempt 1\n" + asked + "HTTP 200, TIME, attempt 2\n"},
		"lost": {func(fake *fakeapi.Server) { fake.FailNext(1, fakeapi.DropAnswer()) }, query("task_1"),
			asked + "no response: CAUSE, TIME, attempt 1\n" + asked + "HTTP 200, TIME, attempt 2\n"},
		"generation": {func(*fakeapi.Server) {},
			func(ctx context.Context, c *wrapper.Client) {
				_, _ = c.Generate(ctx, wrapper.GenerateRequest{Prompt: "a prompt that is nobody's business"})
			}, "tensorslab: POST http://HOST/v1/images/seedreamv45: HTTP 200, TIME, attempt 1\n"},
		"deletion": {func(*fakeapi.Server) {},
			func(ctx context.Context, c *wrapper.Client) {
				_, _ = c.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"task_1"}})
			}, "tensorslab: POST http://HOST/v1/images/deleteimagestask: HTTP 200, TIME, attempt 1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("task_1"))
			tt.prepare(fake)
			clitest.WantText(t, "stderr", traced(t, fake, "", tt.call), tt.want)
		})
	}
}

// A path of the base URL is a part of the address.
func TestTracedBelowAPath(t *testing.T) {
	t.Parallel()
	got := traced(t, fakeapi.Start(t), "/prefix/", query("task_1"))
	if want := "tensorslab: POST http://HOST/prefix/v1/images/infobytaskid: HTTP 404, TIME, attempt 1\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What signs an address is not printed, and neither is a key in it.
func TestTraceDownload(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		address string
		err     error
		want    string
	}{
		"success":     {"https://user:pass@img.example.com/a.png?signature=abc#def", nil, "GET https://img.example.com/a.png: HTTP 200, 403 bytes, 1ms"},
		"key in path": {"https://img.example.com/" + clitest.Key, nil, "GET https://img.example.com/"},
		"failure": {"https://img.example.com/a.png?", &wrapper.DownloadError{Host: "img.example.com", HTTPStatus: 404},
			`GET https://img.example.com/a.png: download from "img.example.com": HTTP 404: the image is unavailable, 1ms`},
		"other failure": {"https://img.example.com/a.png", errors.New("disk\nfull"), "GET https://img.example.com/a.png: disk; full, 1ms"},
		"no URL":        {"https://[" + clitest.Key, nil, "GET an address that is no URL: HTTP 200, 403 bytes, 1ms"},
	} {
		var stderr strings.Builder
		e := cli.Env{Stderr: &stderr, Secret: new(cli.Secret)}
		e.Secret.Set(clitest.Key)
		(&Flags{}).TraceDownload(e, tt.address, time.Millisecond, wrapper.Downloaded{Bytes: 403}, tt.err)
		clitest.WantText(t, name+", without --verbose", stderr.String(), "")
		(&Flags{Verbose: true}).TraceDownload(e, tt.address, time.Millisecond, wrapper.Downloaded{Bytes: 403}, tt.err)
		if got := stderr.String(); !strings.HasPrefix(got, "tensorslab: "+tt.want) || strings.Contains(got, clitest.Key) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestRepeat(t *testing.T) {
	t.Parallel()
	all := Flags{BaseURL: "http://127.0.0.1:1", APIKeyFile: "my key", BareKey: true, Verbose: true, Quiet: true}
	clitest.WantText(t, "flags", strings.Join(all.Repeat(), "|"), "--base-url|http://127.0.0.1:1|--api-key-file|my key|--bare-key")
	clitest.WantText(t, "no flags", strings.Join(new(Flags).Repeat(), "|"), "")
}
