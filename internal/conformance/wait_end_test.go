package conformance

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const noImageBody = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","url":[],"image_status":3}}`

// A completed task without an image is queried again, and is never a success.
func TestWaitForTheImageOfACompletedTask(t *testing.T) {
	for name, body := range map[string]string{
		"empty": noImageBody, "none": strings.Replace(noImageBody, `"url":[],`, "", 1), "null": strings.Replace(noImageBody, "[]", "null", 1),
		"blank": strings.Replace(noImageBody, "[]", `[" ",""]`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{}, func(n int) *http.Response {
					if n < 3 {
						return responseOf(200, body)
					}
					return responseOf(200, completedBody)
				})
				if err != nil || len(q.at) != 4 {
					t.Errorf("%v after %d queries", err, len(q.at))
				}
				q, err = waitInBubble(t, t.Context(), wrapper.WaitOptions{}, func(int) *http.Response { return responseOf(200, body) })
				var e *wrapper.WaitError
				if !errors.As(err, &e) || e.Status != 3 || !errors.Is(err, wrapper.ErrWaitTimeout) || time.Since(q.start) != wrapper.DefaultWaitTimeout {
					t.Fatalf("%v after %v", err, time.Since(q.start))
				}
				if text := err.Error(); !strings.Contains(text, "no image") || strings.Contains(text, "had not ended") {
					t.Error(text)
				}
				checkText(t, err)
			})
		})
	}
}

// Of the addresses of a task, those that are blank lead nowhere.
func TestWaitLeavesOutBlankAddresses(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, strings.Replace(noImageBody, "[]", `["","https://a.example/1"," "]`, 1)))
	data, err := newRetryingClient(t, url).WaitForTask(t.Context(), taskID, soon)
	if err != nil || !slices.Equal(data.URL, []string{"https://a.example/1"}) {
		t.Errorf("%+v, %v", data, err)
	}
}

// A task that was just created may not be visible yet; one that was seen, or not
// for so long, is not there.
func TestWaitForATaskThatIsNotVisibleYet(t *testing.T) {
	const page = "<html>nothing here</html>"
	for name, tt := range map[string]struct {
		respond func(elapsed time.Duration) *http.Response
		is      error
		from    time.Duration // how long the wait takes
		to      time.Duration
	}{
		"visible after 3 s": {func(elapsed time.Duration) *http.Response {
			if elapsed < 3*time.Second {
				return responseOf(404, `{"code":9999,"msg":"no such task"}`)
			}
			return responseOf(200, completedBody)
		}, nil, 3 * time.Second, 10 * time.Second},
		"never": {func(time.Duration) *http.Response {
			return responseOf(404, `{"code":9999,"msg":"no such task"}`)
		}, wrapper.ErrNotFound, 10 * time.Second, 25 * time.Second},
		"a page, always": {func(time.Duration) *http.Response { return responseOf(404, page) }, errAny, 10 * time.Second, 25 * time.Second},
		"gone": {func(elapsed time.Duration) *http.Response {
			if elapsed == 0 {
				return processing(0)
			}
			return responseOf(404, `{"code":9999,"msg":"no such task"}`)
		}, wrapper.ErrNotFound, time.Second, 3 * time.Second},
		"a page in between": {func(elapsed time.Duration) *http.Response {
			switch {
			case elapsed == 0:
				return processing(0)
			case elapsed < time.Minute:
				return responseOf(404, page)
			}
			return responseOf(200, completedBody)
		}, nil, time.Minute, 90 * time.Second},
		"a challenge in between": {func(elapsed time.Duration) *http.Response {
			if elapsed < time.Minute {
				return responseOf(403, page)
			}
			return responseOf(200, completedBody)
		}, nil, time.Minute, 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{}, func(int) *http.Response { return tt.respond(time.Since(start)) })
				if (err == nil) != (tt.is == nil) || tt.is != errAny && !errors.Is(err, tt.is) || errors.As(err, new(*wrapper.WaitError)) {
					t.Errorf("%v", err)
				}
				if took := time.Since(start); took < tt.from || took > tt.to {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// errAny stands for any error.
var errAny = errors.New("any error")

// The error of a wait that saw nothing says so.
func TestWaitSaysThatNoStatusWasSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := waitInBubble(t, ctx, wrapper.WaitOptions{}, func(int) *http.Response { return responseOf(404, `{"code":9999,"msg":"no such task"}`) })
		if text := err.Error(); !strings.Contains(text, "(no status seen)") || strings.Contains(text, "image_status") || !errors.Is(err, wrapper.ErrNotFound) || !errors.Is(err, context.DeadlineExceeded) {
			t.Error(text)
		}
	})
}
