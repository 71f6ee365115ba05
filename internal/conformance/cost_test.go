package conformance

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// costly are bodies of about one megabyte that something in the way of a response
// could take too long, or too much memory, over. With the race detector they have an
// eighth of that, because it makes each take ten times as long.
func costly() map[string]string {
	size := 1<<20 - 2000
	if nested.Race {
		size /= 8
	}
	filled := func(open, unit, end string) string { return open + strings.Repeat(unit, size/len(unit)) + end }
	const head = `{"code":1000,"msg":"ok","data":`
	return map[string]string{
		"repeated keys, deep":       deep(`{"b":0,"b":0,"a":`, "0", "}", 9900),
		"repeated long keys, deep":  deep(`{"`+strings.Repeat("b", 40)+`":0,"`+strings.Repeat("b", 40)+`":0,"a":`, "0", "}", 9900),
		"repeated task ids":         filled(head+`{"x":0`, `,"taskid":"a"`, `}}`),
		"task ids in another case":  filled(head+`{"x":0`, `,"TaskID":"a"`, `}}`),
		"repeated data":             filled(`{"code":1000,"msg":"ok"`, `,"data":{"taskid":"a"}`, `}`),
		"null":                      filled(head+`{"url":[`, `null,`, `null]}}`),
		"nulls":                     filled(head+`{"x":0`, `,"url":null`, `}}`),
		"objects":                   filled(`[`, `{"":0},`, `0]`),
		"numbers":                   filled(`[`, `1,`, `1]`),
		"half pairs":                filled(`["`, `\ud800`, `"]`),
		"half pairs, one by one":    filled(`[`, `"\ud800",`, `0]`),
		"a long message":            filled(`{"code":9999,"msg":"`, `a`, `","data":{}}`),
		"a message of quotes":       filled(`{"code":9999,"msg":"`, `\"`, `","data":{}}`),
		"a message of words":        filled(`{"code":9999,"msg":"`, `a `, `","data":{}}`),
		"the key over and over":     filled(`{"code":1000,"msg":"`, testKey, `","data":{"status":"Success"}}`),
		"nearly the key":            filled(`{"code":9999,"msg":"`, testKey[:len(testKey)-1], `"}`),
		"the key in escapes":        filled(`{"code":1000,"msg":"`, `\u006b`+testKey[1:], `","data":{"status":"Success"}}`),
		"backslashes":               filled(`{"code":9999,"msg":"`, `\\`, `"}`),
		"percents":                  filled(`{"code":9999,"msg":"`, `%25`, `"}`),
		"a page":                    filled("<html>", "<p>", ""),
		"quotes":                    filled("", `"`, ""),
		"open objects":              filled("", `{"data":`, ""),
		"open lists":                filled("", `[`, ""),
		"white space":               filled("", " ", ""),
		"cut off":                   filled(head+`{"taskid":"a","url":"`, "x", ""),
		"bytes that are not a text": filled(head+`{"url":"`, "\xff", `"}}`),
	}
}

// Reading and judging a response is bounded by its size, whatever it holds and
// whatever its status: one megabyte takes less than 200 ms and 50 MB. The limit of
// time here is for a busy machine.
func TestCostOfAResponse(t *testing.T) {
	generation := func(ctx context.Context, c *wrapper.Client) error {
		_, err := generators["zImage"](ctx, c, "p")
		return err
	}
	deletion := func(ctx context.Context, c *wrapper.Client) error {
		_, err := c.DeleteImagesTask(ctx, oneID)
		return err
	}
	query := func(ctx context.Context, c *wrapper.Client) error {
		_, err := c.InfoByTaskID(ctx, taskID)
		return err
	}
	for name, body := range costly() {
		for _, tt := range []struct {
			status int
			call   func(context.Context, *wrapper.Client) error
		}{{200, generation}, {400, generation}, {200, query}, {500, deletion}} {
			canned := testkit.Canned{Status: tt.status, Header: jsonHeader, Body: []byte(body)}
			client := newClient(t, wrapper.DefaultBaseURL, canned)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			took := quickest(1, func() {
				if err := tt.call(t.Context(), client); err != nil {
					_ = err.Error()
				}
			})
			runtime.ReadMemStats(&after)
			if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 50 || took > 30*time.Second {
				t.Errorf("%s, HTTP %d: %v, %d MB allocated", name, tt.status, took, n)
			}
		}
	}
}
