package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// hardKey has characters that every formatter escapes.
const hardKey = `k9/Xw+2Q=z7&Lm"4T<b8\R`

// spelledKeys are the forms in which a service may repeat hardKey in JSON.
func spelledKeys(t *testing.T) map[string]string {
	t.Helper()
	inJSON := func(s string) string {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(quoted[1 : len(quoted)-1])
	}
	quoted := fmt.Sprintf("%q", hardKey)
	var every strings.Builder
	for _, c := range hardKey {
		fmt.Fprintf(&every, `\u%04x`, c)
	}
	return map[string]string{
		"JSON":         inJSON(hardKey),
		"every letter": every.String(),
		"query":        url.QueryEscape(hardKey),
		"path":         url.PathEscape(hardKey),
		"quoted":       inJSON(quoted[1 : len(quoted)-1]),
	}
}

func newHardClient(t *testing.T, base string, opts ...wrapper.Option) *wrapper.Client {
	t.Helper()
	c, err := wrapper.NewClient(hardKey, append([]wrapper.Option{wrapper.WithBaseURL(base), fast}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// holdsKey reports whether text holds hardKey, decoded as often as it takes.
func holdsKey(text string) bool {
	for range 3 {
		if strings.Contains(text, hardKey) || strings.Contains(text, hardKey[:12]) {
			return true
		}
		decoded, err := url.QueryUnescape(strings.ReplaceAll(text, "+", "%2B"))
		if err != nil {
			return false
		}
		text = decoded
	}
	return false
}

// What the service says of a task is passed on without the key, by every way that
// leads to it, and its other words are left as they are.
func TestAResponseThatRepeatsTheKey(t *testing.T) {
	t.Parallel()
	for name, key := range spelledKeys(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := fmt.Sprintf(`{"code":1000,"msg":"hi %[1]s","data":{"taskid":"%[2]s","url":["https://img.example/a?k=%[1]s&x=%%41"],"image_status":4,"error_message":"bad key %[1]s!\n"}}`, key, taskID)
			base, _ := testkit.Serve(t, testkit.Respond(200, body))
			for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
				c := newHardClient(t, base, wrapper.WithValidation(mode))
				for range 2 { // the second time it is remembered
					info, err := c.InfoByTaskID(t.Context(), taskID)
					if err != nil {
						t.Fatal(err)
					}
					checkInfo(t, info.Msg, info.Data)
				}
				_, err := c.WaitForTask(t.Context(), taskID, soon)
				var failed *wrapper.TaskFailedError
				if !errors.As(err, &failed) || holdsKey(failed.Message) || holdsKey(err.Error()) {
					t.Fatalf("%v", err)
				}
				checkInfo(t, "hi "+textRedacted, *failed.Info)
				rsp, err := c.Generated().InfoByTaskIDWithResponse(t.Context(), generated.InfoByTaskIDJSONRequestBody{TaskID: taskID})
				if err != nil || holdsKey(string(rsp.Body)) {
					t.Fatalf("%v: %s", err, rsp.Body)
				}
				checkInfo(t, rsp.JSON200.Msg, rsp.JSON200.Data)
			}
		})
	}
}

func checkInfo(t *testing.T, msg string, data generated.ImageInfoData) {
	t.Helper()
	if msg != "hi "+textRedacted || data.ErrorMessage != "bad key "+textRedacted+"!\n" || data.TaskID != taskID ||
		len(data.URL) != 1 || data.URL[0] != "https://img.example/a?k="+textRedacted+"&x=%41" {
		t.Errorf("%q %+v", msg, data)
	}
}

// An id is passed on as it is, even one that holds the key: a part of it would be
// of no use, and the task may have been paid.
func TestAnIDIsNotRedacted(t *testing.T) {
	t.Parallel()
	_, base := testkit.NewFormServer(t, testkit.Respond(200, `{"code":1000,"msg":"ok","data":{"taskid":"`+testKey[:6]+`_1"}}`))
	c, err := wrapper.NewClient(testKey[:6], wrapper.WithBaseURL(base))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := generators["zImage"](t.Context(), c, "p")
	if err != nil || resp.Data.TaskID != testKey[:6]+"_1" {
		t.Errorf("%+v, %v", resp, err)
	}
}

// No error in the chain holds the key, whoever made it and whatever spelled it.
func TestNoCauseHoldsTheKey(t *testing.T) {
	t.Parallel()
	quoted := fmt.Errorf("bad header %q", hardKey)
	broken := func(status int, cause error) testkit.RoundTripFunc {
		return func(req *http.Request) (*http.Response, error) {
			resp := responseOf(status, "")
			resp.Request, resp.Body = req, io.NopCloser(readerFunc(func([]byte) (int, error) { return 0, cause }))
			return resp, nil
		}
	}
	trailer := func(status string) string {
		return testkit.Listen(t, func(c *testkit.Conn) {
			c.ReadRequest()
			c.Send("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n2\r\n{}\r\n0\r\n" + hardKey + " " + hardKey + "\r\n\r\n")
		})
	}
	clients := map[string]*wrapper.Client{
		"a body with %q":      newHardClient(t, wrapper.DefaultBaseURL, wrapper.WithHTTPClient(&http.Client{Transport: broken(500, quoted)})),
		"a success with %q":   newHardClient(t, wrapper.DefaultBaseURL, wrapper.WithHTTPClient(&http.Client{Transport: broken(200, quoted)})),
		"in a URL":            newHardClient(t, wrapper.DefaultBaseURL, wrapper.WithHTTPClient(&http.Client{Transport: broken(400, &url.Error{Op: "Get", URL: "https://x/?k=" + url.QueryEscape(hardKey), Err: io.EOF})})),
		"a trailer":           newHardClient(t, "http://"+trailer("500")),
		"a trailer of a 401":  newHardClient(t, "http://"+trailer("401")),
		"a trailer of a 200":  newHardClient(t, "http://"+trailer("200")),
		"an editor":           newHardClient(t, wrapper.DefaultBaseURL, wrapper.WithRequestEditor(func(context.Context, *http.Request) error { return fmt.Errorf("token %q: %w", hardKey, io.EOF) })),
		"a transport that is": newHardClient(t, wrapper.DefaultBaseURL, wrapper.WithHTTPClient(&http.Client{Transport: testkit.RoundTripFunc(func(*http.Request) (*http.Response, error) { return nil, quoted })})),
	}
	for name, c := range clients {
		t.Run(name, func(t *testing.T) {
			_, query := c.InfoByTaskID(t.Context(), taskID)
			_, generation := generators["zImage"](t.Context(), c, "p")
			_, waited := c.WaitForTask(t.Context(), taskID, wrapper.WaitOptions{Interval: 1, MaxInterval: 2, Timeout: 1e7})
			_, direct := c.Generated().DeleteImagesTaskWithResponse(t.Context(), oneID)
			for _, err := range []error{query, generation, waited, direct} {
				if err == nil {
					t.Fatal("there is no error")
				}
				checkChain(t, err)
			}
		})
	}
}

// checkChain looks at every error that err unwraps to.
func checkChain(t *testing.T, err error) {
	t.Helper()
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); holdsKey(text) || holdsKey(strings.ReplaceAll(text, `\`, "")) {
		t.Errorf("%T holds the key: %s", err, text)
	}
	switch e := err.(type) { //nolint:errorlint // each level is looked at by itself
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			checkChain(t, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			checkChain(t, inner)
		}
	}
}
