package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Each type of error of the library in the words of the command.
func TestDescribe(t *testing.T) {
	t.Parallel()
	const del, query, gen = "deleteImagesTask", "infoByTaskId", "seeDreamV4"
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"task failed":            {&wrapper.TaskFailedError{Message: "foxes \x1b[31m"}, `the task failed: "foxes \x1b[31m"; it may have been paid for, and generating again costs credits again; correct the request if it is at fault`},
		"task failed, no reason": {&wrapper.TaskFailedError{}, "the task failed; it may have been paid for, and generating again costs credits again; correct the request if it is at fault"},
		"wait timed out":         {&wrapper.WaitError{Status: StatusProcessing, Elapsed: time.Second, Err: wrapper.ErrWaitTimeout}, "the task had not ended after 1s (processing); it continues at the service, so wait for it again"},
		"wait interrupted":       {&wrapper.WaitError{Err: context.Canceled}, "the task had not ended after 0s: interrupted; it continues at the service, so wait for it again"},
		"wait with a failed query": {&wrapper.WaitError{Err: fmt.Errorf("%w; %w", wrapper.ErrWaitTimeout, &wrapper.APIError{Operation: query, HTTPStatus: 502})},
			"the task had not ended after 0s: the last query failed: HTTP 502: the service, or a gateway in front of it, failed; try again later; it continues at the service, so wait for it again"},
		"private host": {&wrapper.DownloadError{Host: "10.0.0.1", Err: wrapper.ErrPrivateHost}, `download from "10.0.0.1": the address is not public; if that is intended, allow it with --allow-private`},
		"private network": {&wrapper.DownloadError{Host: "h", Err: fmt.Errorf("dial tcp: %w: 10.0.0.0/8 is a private network", wrapper.ErrPrivateHost)},
			`download from "h": the address is not public (10.0.0.0/8 is a private network); if that is intended, allow it with --allow-private`},
		"large image":       {&wrapper.DownloadError{Host: "h", Err: wrapper.ErrResponseTooLarge}, `download from "h": the image is larger than the limit`},
		"image gone":        {&wrapper.DownloadError{Host: "h", HTTPStatus: 404}, `download from "h": HTTP 404: the image is unavailable; its address may have expired, so query the task for a new one`},
		"image host failed": {&wrapper.DownloadError{Host: "h\x1b", HTTPStatus: 503}, `download from "h\x1b": HTTP 503: the image is unavailable at the moment; try again later`},
		"no directory":      {&wrapper.DownloadError{Err: &fs.PathError{Op: "write", Path: ".tensorslab-x.tmp/a", Err: fs.ErrPermission}}, "cannot write the image: permission denied"},
		"image host away": {&wrapper.DownloadError{Host: "h", Err: &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}},
			`download from "h": dial tcp: connection refused; check the network, and try again`},
		"full disk":          {&wrapper.DownloadError{Host: "h", Err: errors.New("no space")}, `download from "h": no space`},
		"request":            {&wrapper.RequestError{Operation: del, Field: "/taskids", Reason: "has too many ids"}, "invalid request: /taskids has too many ids; nothing was sent"},
		"request, no field":  {&wrapper.RequestError{Operation: del, Reason: "is none"}, "invalid request: is none; nothing was sent"},
		"redirect":           {&wrapper.APIError{Operation: del, HTTPStatus: 302}, "HTTP 302: the service responded with a redirect, which is never followed; check the base URL; repeating it is safe"},
		"rate limit":         {&wrapper.APIError{Operation: del, HTTPStatus: 429}, "HTTP 429: too many requests; the service did not act; wait before you try again"},
		"rate limit, time":   {&wrapper.APIError{Operation: gen, HTTPStatus: 429, RetryAfter: time.Hour}, "HTTP 429: too many requests; the service did not act; wait 1h0m0s"},
		"credits":            {&wrapper.APIError{Operation: gen, HTTPStatus: 200, Code: 9000, Message: "none\nleft"}, `HTTP 200, code 9000 "none\nleft": not enough credits; the service did not act; add some at https://tensorai.tensorslab.com/`},
		"rejected":           {&wrapper.APIError{Operation: del, HTTPStatus: 200, Code: 9999, Message: "no", Attempts: 2, RequestID: "r-\x1b"}, `HTTP 200, code 9999 "no": the service rejected the request; the service did not act; check the ids (request id "r-\x1b", 2 attempts)`},
		"no such task":       {&wrapper.APIError{Operation: query, HTTPStatus: 404, Code: 9999}, "HTTP 404, code 9999: no such task; check the id"},
		"nothing served":     {&wrapper.APIError{Operation: query, HTTPStatus: 404}, "HTTP 404: nothing is served at this address; check the base URL"},
		"not found, deleted": {&wrapper.APIError{Operation: del, HTTPStatus: 404, Code: 9999}, "HTTP 404, code 9999: the service rejected the request; the service did not act; check the ids"},
		"key, by a message":  {&wrapper.APIError{Operation: gen, HTTPStatus: 200, Code: 9999, Message: "bad API key"}, `HTTP 200, code 9999 "bad API key": this seems to be about the key (check it, or try --bare-key); the service did not act`},
		"key, by a code":     {&wrapper.APIError{Operation: query, HTTPStatus: 200, Code: 401}, "HTTP 200, code 401: this seems to be about the key (check it, or try --bare-key)"},
		"no cause":           {&wrapper.TransportError{Operation: query}, "no response"},
		"another error":      {errors.Join(errors.New("one"), errors.New("two \x1b[2J")), `one; two \x1b[2J`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Advisor{}.Describe(fmt.Errorf("wrapped: %w", tt.err))
			if name == "another error" {
				got = Advisor{}.Describe(tt.err)
			}
			wantText(t, "text", got.Error(), tt.want)
			if !errors.Is(got, tt.err) {
				t.Error("it does not wrap the error")
			}
		})
	}
	if err := (Advisor{}).Describe(nil); err != nil {
		t.Errorf("nil becomes %v", err)
	}
}

// What the service may have done is known only to an error that the library made.
func TestDescribeFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault                      fakeapi.Fault
		deletion, generation, info string
	}{
		"response lost": {
			fakeapi.DropAnswer(),
			"no response: …; the service may have acted; repeating it is safe",
			"no response: …; the service may have acted; find out before you repeat it",
			"no response: …",
		},
		"gateway": {
			fakeapi.Respond(502, "text/html", "<h1>Bad Gateway</h1>"),
			"HTTP 502: the service, or a gateway in front of it, failed; the service may have acted; try again later; repeating it is safe",
			"HTTP 502: the service, or a gateway in front of it, failed; the service may have acted; find out before you repeat it",
			"HTTP 502: the service, or a gateway in front of it, failed; try again later",
		},
		"contract": {
			fakeapi.MalformedBody(),
			"HTTP 200: the response violates the contract (json); the service may have acted; report it to the service; repeating it is safe",
			"HTTP 200: the response violates the contract (json); the service may have acted; find out before you repeat it; report it to the service",
			"HTTP 200: the response violates the contract (json); report it to the service",
		},
		"large response": {
			fakeapi.Respond(200, "application/json", strings.Repeat(" ", wrapper.DefaultMaxResponseBytes+1)),
			"HTTP 200: the response is larger than the limit; the service may have acted; repeating it is safe",
			"HTTP 200: the response is larger than the limit; the service may have acted; find out before you repeat it",
			"HTTP 200: the response is larger than the limit",
		},
		"key": {
			fakeapi.Respond(401, "application/json", "{}"),
			"HTTP 401: the service rejected the key; the service did not act; check it, or try --bare-key",
			"HTTP 401: the service rejected the key; the service did not act; check it, or try --bare-key",
			"HTTP 401: the service rejected the key; check it, or try --bare-key",
		},
		"a gateway gave up": {
			fakeapi.Respond(408, "text/html", "<h1>Request Timeout</h1>"),
			"HTTP 408: the service, or a gateway in front of it, gave up the request; try again later; repeating it is safe",
			"HTTP 408: the service, or a gateway in front of it, gave up the request; the service may have acted; find out before you repeat it",
			"HTTP 408: the service, or a gateway in front of it, gave up the request; try again later",
		},
		"a gateway is busy": {
			fakeapi.Respond(503, "text/html", "<h1>Service Unavailable</h1>"),
			"HTTP 503: the service, or a gateway in front of it, failed; try again later; repeating it is safe",
			"HTTP 503: the service, or a gateway in front of it, failed; the service may have acted; find out before you repeat it",
			"HTTP 503: the service, or a gateway in front of it, failed; try again later",
		},
		"a client closed the request": {
			fakeapi.Respond(499, "text/plain", ""),
			"HTTP 499: the service, or a gateway in front of it, gave up the request; try again later; repeating it is safe",
			"HTTP 499: the service, or a gateway in front of it, gave up the request; the service may have acted; find out before you repeat it",
			"HTTP 499: the service, or a gateway in front of it, gave up the request; try again later",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
			client := newClient(t, fake.URL)
			fake.FailNext(3, tt.fault)
			wantText(t, "deletion", withoutCause(deleteTask(t, client)), tt.deletion)
			wantText(t, "generation", withoutCause(generate(t, client)), tt.generation)
			wantText(t, "query", withoutCause(query(t, client)), tt.info)
		})
	}
}

func TestDescribeNotSent(t *testing.T) {
	t.Parallel()
	client := newClient(t, "http://127.0.0.1:1")
	for _, err := range []error{deleteTask(t, client), generate(t, client), query(t, client)} {
		text := Advisor{}.Describe(err).Error()
		if !strings.HasPrefix(text, "the service cannot be reached: dial tcp 127.0.0.1:1: ") || !strings.HasSuffix(text, "; nothing was sent; check --base-url and the network") {
			t.Errorf("text %q", text)
		}
	}
}

func TestDescribeTimeout(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNext(1, fakeapi.Delay(time.Hour))
	err := deleteTask(t, newClient(t, fake.URL, wrapper.WithTimeout(2*time.Second)))
	wantText(t, "text", Advisor{}.Describe(err).Error(),
		"no response within the time limit; the service may have acted; try again, with a longer --timeout if need be; repeating it is safe")
}

func TestDescribeConstruction(t *testing.T) {
	t.Parallel()
	_, err := wrapper.NewClient("clé")
	wantText(t, "text", Advisor{}.Describe(err).Error(), "the API key is not usable: it contains white space or a character that is not printable ASCII; copy it again")
	_, err = wrapper.NewClient("key", wrapper.WithBaseURL("ftp://u:secret@host"))
	wantText(t, "text", Advisor{}.Describe(err).Error(),
		"the base URL is not usable; write https://HOST[/PATH], or http:// for a loopback address, without user info, query and fragment")
}

func TestKeyAdvice(t *testing.T) {
	t.Parallel()
	wantText(t, "advice", Advisor{}.KeyAdvice(), "check it, or try --bare-key")
	wantText(t, "advice", Advisor{BareKey: true}.KeyAdvice(), "check it, or leave --bare-key and TENSORSLAB_AUTH out")
}

// Many violations are counted, and not all listed.
func TestDescribeViolations(t *testing.T) {
	t.Parallel()
	err := &wrapper.ContractError{Operation: "infoByTaskId", HTTPStatus: 200}
	for i := range 5 {
		err.Violations = append(err.Violations, wrapper.Violation{Pointer: fmt.Sprintf("/data/%d", i), Keyword: "type"})
	}
	wantText(t, "text", Advisor{}.Describe(err).Error(),
		"HTTP 200: the response violates the contract (/data/0: type, /data/1: type, /data/2: type, and 2 more); report it to the service")
}

func TestFactsOf(t *testing.T) {
	t.Parallel()
	api := &wrapper.APIError{HTTPStatus: 200, Code: 9999, Attempts: 2, RequestID: "r-1", TaskID: "t-1"}
	for _, tt := range []struct {
		err  error
		want Facts
	}{
		{api, Facts{9999, 200, 2, "r-1", "t-1"}},
		{Advisor{}.Describe(api), Facts{9999, 200, 2, "r-1", "t-1"}},
		{&wrapper.ContractError{HTTPStatus: 204, Attempts: 1, RequestID: "r-2", TaskID: "t-2"}, Facts{0, 204, 1, "r-2", "t-2"}},
		{&wrapper.TransportError{Attempts: 3, Err: io.EOF, TaskID: "t-3"}, Facts{Attempts: 3, TaskID: "t-3"}},
		{&wrapper.RequestError{Reason: "blank"}, Facts{}},
		{errors.New("other"), Facts{}},
	} {
		if got := FactsOf(tt.err); got != tt.want {
			t.Errorf("%v: %+v, want %+v", tt.err, got, tt.want)
		}
	}
}

func TestStatusName(t *testing.T) {
	t.Parallel()
	wantText(t, "name", StatusName(StatusCompleted), "completed")
	wantText(t, "name", StatusName(7), "status 7")
}

func newClient(t *testing.T, baseURL string, opts ...wrapper.Option) *wrapper.Client {
	t.Helper()
	opts = append(opts, wrapper.WithBaseURL(baseURL), wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 1}))
	client, err := wrapper.NewClient("the-key", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func deleteTask(t *testing.T, client *wrapper.Client) error {
	t.Helper()
	_, err := client.DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})
	return err
}

func generate(t *testing.T, client *wrapper.Client) error {
	t.Helper()
	_, err := client.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{Prompt: "a fox"})
	return err
}

func query(t *testing.T, client *wrapper.Client) error {
	t.Helper()
	_, err := client.InfoByTaskID(t.Context(), "a")
	return err
}

var lostCause = regexp.MustCompile(`no response: [^;]+`)

// withoutCause returns the description of err without what the system says about a lost
// connection.
func withoutCause(err error) string {
	if err == nil {
		return "no error"
	}
	return lostCause.ReplaceAllString(Advisor{}.Describe(err).Error(), "no response: …")
}
