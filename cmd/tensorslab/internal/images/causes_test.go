package images

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The advice to use --isolate is given for those responses for which the library then
// divides the batch, and for no others.
func TestAdviceToIsolate(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 300, 302, 400, 401, 402, 403, 404, 405, 408, 409, 413, 414, 415, 422, 425, 429, 431, 499, 500, 503} {
		for _, body := range []string{
			"", "<html></html>", `{"code":1000,"msg":"m","data":{"status":"Failed"}}`, `{"code":1000,"msg":"m","data":{}}`,
			`{"code":9000,"msg":"m","data":{}}`, `{"code":9999,"msg":"m","data":{}}`, `{"code":1234,"msg":"m","data":{}}`,
		} {
			t.Run(fmt.Sprintf("%d %s", status, body), func(t *testing.T) {
				t.Parallel()
				fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
				s := clitest.Against(t, newRoot, fake)
				args := []string{"images", "delete", "--retries", "0", "--concurrency", "1", "a", "b"}
				fake.FailNext(1, fakeapi.Respond(status, kindOf(body), body))
				advised := strings.Contains(s.Run(args...).Err, "--isolate")
				before := len(fake.Requests())
				fake.FailNext(3, fakeapi.Respond(status, kindOf(body), body))
				s.Run(append(args, "--isolate")...)
				if divided := len(fake.Requests())-before > 1; advised != divided {
					t.Errorf("advised: %v, divided: %v", advised, divided)
				}
			})
		}
	}
}

func kindOf(body string) string {
	if strings.HasPrefix(body, "{") {
		return "application/json"
	}
	return "text/html"
}
