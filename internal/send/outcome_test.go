package send

import (
	"net/http"
	"testing"
	"time"
)

// What a status says depends on what a repetition would cost.
func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		statuses       []int
		eachTime, once Outcome
	}{
		{[]int{400, 401, 402, 403, 404, 405, 407, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431, 451}, NotActed, NotActed},
		{[]int{406, 408, 409, 418, 419, 420, 423, 424, 425, 430, 440, 444, 449, 450, 460, 463, 494, 498, 499, 503}, Unknown, NotActed},
		{[]int{500, 501, 502, 504, 505, 507, 520, 522, 524, 529, 530, 599, 600, 999}, Unknown, Unknown},
		{[]int{300, 302, 303, 304, 306, 399}, Unknown, NotActed},
		{[]int{301, 305, 307, 308}, NotActed, NotActed},
		{[]int{0, 99, 101, 200, 201, 204, 299}, Unknown, Unknown},
	}
	for _, tt := range tests {
		for _, status := range tt.statuses {
			for effect, want := range map[Effect]Outcome{EachTime: tt.eachTime, Once: tt.once, None: NotActed} {
				if got := effect.OutcomeOf(status); got != want {
					t.Errorf("effect %d, HTTP %d: %v, want %v", effect, status, got, want)
				}
			}
		}
	}
}

// Cloudflare has 5xx of its own, which pass as those of the standard do.
func TestCloudflaresStatusesAreTemporary(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]int32{519: 1, 520: 3, 521: 3, 522: 3, 523: 3, 524: 3, 525: 1, 529: 3, 530: 1} {
		for effect, want := range map[Effect]int32{EachTime: 1, Once: want, None: want} {
			url, requests := serve(t, status(code))
			r := newSender(t, quickly).Send(post(t.Context(), t, url, "x"), effect, nil)
			if requests.Load() != want || r.Response.StatusCode != code {
				t.Errorf("effect %d, HTTP %d: %d requests, want %d", effect, code, requests.Load(), want)
			}
		}
	}
}

// A 429 that the observer finds in doubt is not repeated.
func TestRateLimitedHeedsTheObserver(t *testing.T) {
	t.Parallel()
	p := quickly
	p.RateLimited = true
	url, requests := serve(t, status(http.StatusTooManyRequests))
	r := newSender(t, p).Send(post(t.Context(), t, url, "x"), EachTime, func(r *Result, _ time.Duration) { r.Outcome = Unknown })
	if requests.Load() != 1 || r.Outcome != Unknown {
		t.Errorf("%d requests, %+v", requests.Load(), r)
	}
}

func TestEffectOf(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]Effect{
		"GET": None, "HEAD": None, "OPTIONS": None, "TRACE": None, "PUT": Once, "DELETE": Once, "POST": EachTime, "PATCH": EachTime, "": EachTime,
	} {
		if got := EffectOf(method); got != want {
			t.Errorf("%s: %d, want %d", method, got, want)
		}
	}
}

func TestIsByGateway(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{302: true, 303: true, 408: true, 499: true, 503: true, 301: false, 400: false, 404: false, 429: false, 500: false, 504: false} {
		if IsByGateway(status) != want {
			t.Errorf("%d: %t", status, !want)
		}
	}
}
