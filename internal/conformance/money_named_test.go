package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const paidTask = "task-4711"

// taskIDOf returns the task that an error of a generation carries.
func taskIDOf(err error) string {
	var api *wrapper.APIError
	var violated *wrapper.ContractError
	var lost *wrapper.TransportError
	switch {
	case errors.As(err, &api):
		return api.TaskID
	case errors.As(err, &violated):
		return violated.TaskID
	case errors.As(err, &lost):
		return lost.TaskID
	}
	return ""
}

// announced responds with a longer Content-Length than the body.
func announced(length int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(length))
		_, _ = io.WriteString(w, body)
	}
}

// A response that names a task may be wrong in any other way: the error carries
// the task, which may have been paid, and the request is not repeated.
func TestAnErrorOfAGenerationCarriesTheTask(t *testing.T) {
	t.Parallel()
	const body, doubt = `{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`, "Contract OutcomeUnknown"
	ok := func(body string) http.HandlerFunc { return testkit.Respond(200, body) }
	for name, tt := range map[string]struct {
		respond http.HandlerFunc
		want    string
	}{
		"another field":         {ok(`{"code":1000,"msg":"ok","data":{"taskid":"task-4711","url":[]}}`), doubt},
		"null in a required":    {ok(`{"code":1000,"msg":null,"data":{"taskid":"task-4711"}}`), doubt},
		"no msg":                {ok(`{"code":1000,"data":{"taskid":"task-4711"}}`), doubt},
		"no code":               {ok(`{"data":{"taskid":"task-4711"}}`), doubt},
		"a code in words":       {ok(`{"code":"1000","msg":"ok","data":{"taskid":"task-4711"}}`), doubt},
		"1e3":                   {ok(`{"code":1e3,"msg":"ok","data":{"taskid":"task-4711"}}`), doubt},
		"repeated keys":         {ok(`{"code":1000,"msg":"a","msg":"b","data":{"taskid":"task-4711"}}`), doubt},
		"keys in another case":  {ok(`{"code":1000,"msg":"ok","Data":{"taskid":"task-4711"},"data":{"taskId":"x","taskid":"task-4711"}}`), doubt},
		"the name in another":   {ok(`{"code":1000,"msg":"ok","data":{"taskId":"task-4711"}}`), doubt},
		"half a pair elsewhere": {ok(`{"code":1000,"msg":"\ud800","data":{"taskid":"task-4711"}}`), doubt},
		"a list of objects":     {ok(`{"code":1000,"msg":"ok","data":[{"taskid":"task-4711"}]}`), doubt},
		"a list of ids":         {ok(`{"code":1000,"msg":"ok","data":{"taskid":["task-4711"]}}`), doubt},
		"at the top":            {ok(`{"code":1000,"msg":"ok","taskid":"task-4711","data":[]}`), doubt},
		"one quote too many":    {ok(`{"code":1000,"msg":"6" nail","data":{"taskid":"task-4711"}}`), doubt},
		"GBK":                   {ok("{\"code\":1000,\"msg\":\"\xd5\\\",\"data\":{\"taskid\":\"task-4711\"}}"), doubt},
		"a warning before it":   {ok(`Warning: undefined index "x` + body), doubt},
		"an object as a text":   {ok(`{"code":1000,"msg":"ok","data":"{\"taskid\":\"task-4711\"}"}`), doubt},
		"bytes after it":        {ok(body + "x"), doubt},
		"cut off":               {ok(body[:len(body)-1]), doubt},
		"text/html":             {pageOf(200, "text/html", body), doubt},
		"201":                   {testkit.Respond(201, body), doubt},
		"202":                   {testkit.Respond(202, body), doubt},
		"too large":             {ok(body + strings.Repeat(" ", wrapper.DefaultMaxResponseBytes)), doubt + " ResponseTooLarge"},
		"announced too large":   {announced(len(body)+2*wrapper.DefaultMaxResponseBytes, body+strings.Repeat(" ", 2*wrapper.DefaultMaxResponseBytes)), doubt + " ResponseTooLarge"},
		"lost halfway":          {announced(2*len(body), body), "OutcomeUnknown"},
		"code 200":              {ok(`{"code":200,"msg":"OK","data":{"taskid":"task-4711"}}`), "OutcomeUnknown"},
		"code 0":                {ok(`{"code":0,"msg":"","data":{"taskid":"task-4711"}}`), "OutcomeUnknown"},
		"code 1001":             {ok(`{"code":1001,"msg":"queued","data":{"taskid":"task-4711"}}`), "OutcomeUnknown"},
		"9999":                  {ok(`{"code":9999,"msg":"no","data":{"taskid":"task-4711"}}`), "Failure"},
		"400 with a success":    {testkit.Respond(400, body), "OutcomeUnknown"},
		"400 without a code":    {testkit.Respond(400, `{"data":{"taskid":"task-4711"}}`), "OutcomeUnknown"},
		"400 with 9999":         {testkit.Respond(400, `{"code":9999,"msg":"no","data":{"taskid":"task-4711"}}`), "Failure"},
		"429 with 9999":         {testkit.Respond(429, `{"code":9999,"msg":"no","data":{"taskid":"task-4711"}}`), "Failure OutcomeUnknown RateLimited"},
		"429 with a success":    {testkit.Respond(429, body), "OutcomeUnknown RateLimited"},
		"401 with a success":    {testkit.Respond(401, body), "OutcomeUnknown Unauthorized"},
		"500":                   {testkit.Respond(500, body), "OutcomeUnknown Server"},
		"303":                   {testkit.Respond(303, body), "OutcomeUnknown Redirected"},
		"307":                   {testkit.Respond(307, body), "OutcomeUnknown Redirected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := testkit.NewFormServer(t, tt.respond)
			policy := wrapper.WithRetry(wrapper.RetryPolicy{Backoff: 1, RateLimited: true})
			err := generate(t.Context(), newRetryingClient(t, url, policy), aFile())
			if got := matching(err); got != tt.want {
				t.Errorf("%v matches %q, want %q", err, got, tt.want)
			}
			if taskIDOf(err) != paidTask || strings.Contains(err.Error(), paidTask) || !strings.Contains(err.Error(), "TaskID") {
				t.Errorf("task %q, %v", taskIDOf(err), err)
			}
			checkText(t, err)
			if n := len(service.Submissions()); n != 1 {
				t.Errorf("%d submissions", n)
			}
		})
	}
}

// A body that came without a status line is in no text, and its task in the error.
func TestABodyInPlaceOfAResponseNamesTheTask(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{`{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`, "HTTP/1.1 199 X\r\n\r\n" + `{"data":[{"taskid":"task-4711"}]}`, "HTTP/1.1 200 OK\r\n" + `{"taskid":"task-4711"}` + "\r\n\r\n"} {
		url := "http://" + testkit.Listen(t, func(c *testkit.Conn) {
			if _, _, ok := c.ReadRequest(); ok {
				c.Send(wire)
			}
		})
		err := generate(t.Context(), newRetryingClient(t, url))
		if matching(err) != "OutcomeUnknown" || taskIDOf(err) != paidTask || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)), paidTask) {
			t.Errorf("%s: task %q, %v", wire, taskIDOf(err), err)
		}
		checkText(t, err)
	}
}

// What is no id that can be read in one way is none.
func TestAnErrorWithoutATask(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"code":1000,"msg":"ok","data":{"taskid":" ","url":[]}}`, `{"code":1000,"msg":"ok","data":{"taskid":[5]}}`,
		`{"code":1000,"msg":"ok","data":{"taskid":"a","taskid":"b"}}`, `{"code":1000,"msg":"ok","data":{"taskid":"abc\ud800def"}}`,
		`{"code":1000,"msg":"ok","data":{"taskid":null}}`, `{"code":1000,"msg":"ok","data":[{"taskid":"a"},{"taskid":"b"}]}`, `{"code":9999,"msg":"no","taskid":"a"}`, `{"code":9000,"msg":"ok"}`,
	} {
		_, url := testkit.NewFormServer(t, testkit.Respond(200, body))
		err := generate(t.Context(), newRetryingClient(t, url))
		if err == nil || taskIDOf(err) != "" || strings.Contains(err.Error(), "see TaskID") {
			t.Errorf("%s: task %q, %v", body, taskIDOf(err), err)
		}
	}
	// A query's and a deletion's response may have one, which nobody paid for now.
	url, _ := testkit.Serve(t, testkit.Respond(400, `{"code":9999,"msg":"no","data":{"taskid":"task-4711"}}`))
	_, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
	if taskIDOf(err) != "" {
		t.Errorf("a query: %v", err)
	}
}

// null for what is left out is no violation.
func TestAGenerationWithNullForWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
		_, url := testkit.NewFormServer(t, testkit.Respond(200, `{"code":1000,"msg":"ok","data":{"taskid":"task-4711","url":null}}`))
		resp, err := generators["seeDreamV4"](t.Context(), newRetryingClient(t, url, wrapper.WithValidation(mode)), "p")
		if err != nil || resp.Data.TaskID != paidTask {
			t.Errorf("%v: %+v, %v", mode, resp, err)
		}
	}
}

// A server may compress what net/http then leaves to its caller.
func TestATaskIsFoundInGzip(t *testing.T) {
	t.Parallel()
	bare := testkit.Transport(t)
	bare.DisableCompression = true
	asks := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Accept-Encoding", "gzip")
		return nil
	}
	for name, opt := range map[string]wrapper.Option{
		"an editor asks for it": wrapper.WithRequestEditor(asks),
		"nobody asks for it":    wrapper.WithHTTPClient(&http.Client{Transport: bare}),
	} {
		for body, want := range map[string]string{
			`{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`: "",
			`{"code":1000,"data":{"taskid":"task-4711"}}`:            "Contract OutcomeUnknown",
		} {
			zipped := testkit.Gzip(body)
			url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				testkit.Respond(200, zipped)(w, r)
			})
			id, err := newRetryingClient(t, url, opt).Generate(t.Context(), wrapper.GenerateRequest{Prompt: "a fox"})
			if got := matching(err); got != want || id+taskIDOf(err) != paidTask {
				t.Errorf("%s, %s: %q, %q, %v", name, body, id, got, err)
			}
		}
	}
}
