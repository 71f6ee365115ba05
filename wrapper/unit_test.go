package wrapper

import (
	"net/http"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// What the tests beside each file share.

const testKey = "sk-test-0123456789abcdef"

// quick keeps the default number of attempts and hardly waits between them.
var quick = WithRetry(RetryPolicy{Backoff: time.Microsecond, MaxRetryAfter: time.Second})

var oneTask = generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}}

func newTestClient(t *testing.T, baseURL string, opts ...Option) *Client {
	t.Helper()
	defaults := []Option{WithBaseURL(baseURL), WithHTTPClient(&http.Client{Transport: testkit.Transport(t)}), quick}
	c, err := NewClient(testKey, append(defaults, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
