package conformance

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// testKey is the secret of these tests.
	testKey = "k9Xw2Qz7Lm4Tb8Rn5Vc3Jp6Yd1"
	// authorization is the Authorization field of requests with testKey.
	authorization = "Bearer " + testKey
	// canary is in bodies, and must not be in any error text.
	canary = "cAnArY-7f3a"

	successBody = testkit.DeletedBody
	refusalBody = `{"code":9999,"msg":"Invalid parameters"}`
	htmlPage    = "<!doctype html><html><body><h1>502 Bad Gateway</h1>" + canary + "</body></html>\n"
)

// Limits that wrapper's documentation states.
const (
	maxErrorBodyBytes = 4 << 10  // of a refusal's body are kept
	maxViolations     = 64       // are listed
	maxConnections    = 64       // are open at once
	maxHeaderBytes    = 64 << 10 // of a response are read
	maxImages         = 15       // can be requested at once
)

var (
	oneID     = generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}}
	oneIDJSON = jsonOf(oneID)

	jsonHeader = http.Header{"Content-Type": {"application/json"}}
)

// jsonOf is the body of a deletion. It has an empty uid if the contract of the generated
// code requires one.
func jsonOf(req generated.DeleteImagesTaskRequest) string {
	text, err := json.Marshal(req)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// retries is the only user of RetryPolicy's fields. A zero is the default.
func retries(attempts int, backoff, maxRetryAfter time.Duration) wrapper.Option {
	return wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: attempts, Backoff: backoff, MaxRetryAfter: maxRetryAfter})
}

var (
	// once sends each request one time, so that a verdict is that of one response.
	once = retries(1, 0, 0)
	// fast makes three attempts and hardly waits between them.
	fast = retries(3, time.Nanosecond, time.Minute)
	// hourly waits between attempts for longer than any test runs.
	hourly = retries(0, 1000*time.Hour, 1000*time.Hour)
)

// newClient returns a client with testKey that makes one attempt through
// transport, or through wrapper's own one if transport is nil.
func newClient(tb testing.TB, base string, transport http.RoundTripper, opts ...wrapper.Option) *wrapper.Client {
	tb.Helper()
	defaults := []wrapper.Option{wrapper.WithBaseURL(base), once}
	if transport != nil {
		defaults = append(defaults, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	}
	client, err := wrapper.NewClient(testKey, append(defaults, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// newPlainClient returns a generated client with NewContractDoer and nothing
// else of wrapper's.
func newPlainClient(tb testing.TB, base string, next generated.HttpRequestDoer) *generated.ClientWithResponses {
	tb.Helper()
	doer, err := wrapper.NewContractDoer(base, next)
	if err != nil {
		tb.Fatal(err)
	}
	key, err := wrapper.BearerEditor(testKey)
	if err != nil {
		tb.Fatal(err)
	}
	client, err := generated.NewClientWithResponses(base, generated.WithHTTPClient(doer), generated.WithRequestEditorFn(key))
	if err != nil {
		tb.Fatal(err)
	}
	return client
}
