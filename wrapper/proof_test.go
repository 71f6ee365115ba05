package wrapper

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// A response that differs in one place from a proven one is read the long way.
func TestProofDoesNotHideAChange(t *testing.T) {
	t.Parallel()
	next := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) { testkit.Respond(200, <-next)(w, r) })
	c := newTestClient(t, url)
	for i, tt := range []struct{ body, want string }{
		{testkit.DeletedBody, "[]"},
		{testkit.DeletedBody, "[]"},
		{strings.Replace(testkit.DeletedBody, "1000", "9999", 1), "[Failure]"},
		{strings.Replace(testkit.DeletedBody, "Success\"}", "Failed\"}", 1), "[DeleteFailed]"},
		{strings.Replace(testkit.DeletedBody, "Success\"}", "Failed\"}", 1), "[DeleteFailed]"},
		{strings.Replace(testkit.DeletedBody, `"msg"`, `"Msg"`, 1), "[Contract OutcomeUnknown]"},
		{strings.Replace(testkit.DeletedBody, "1000", "1e3", 1), "[Contract OutcomeUnknown]"},
		{strings.Replace(testkit.DeletedBody, "1000", "1e3", 1), "[Contract OutcomeUnknown]"},
		{testkit.DeletedBody, "[]"},
	} {
		next <- tt.body
		_, err := c.DeleteImagesTask(t.Context(), oneTask)
		if got := fmt.Sprint(matching(err)); got != tt.want {
			t.Errorf("%d: %s: matches %s, want %s", i, tt.body, got, tt.want)
		}
	}
}

// The structs that are decoded for each call hold what encoding/json would read.
func TestResponsesAreDecoded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body      string
		got, want any
	}{
		{testkit.DeletedBody, new(generated.DeleteImagesTaskResponse), new(generated.DeleteImagesTaskResponse)},
		{testkit.TaskCreatedBody, new(generated.GeneralResponse), new(generated.GeneralResponse)},
		{`{"code":1000,"msg":"OK","data":{"taskid":"a","url":["https://h.test/a?x=1\u0026y=2","https:\/\/h.test\/b"],"images":[],"image_status":3,"width":2048,"prompt":null,"new":{"a":[1]}}}`,
			new(generated.ImageInfoResponse), new(generated.ImageInfoResponse)},
	} {
		if err := json.Unmarshal([]byte(tt.body), tt.want); err != nil {
			t.Fatal(err)
		}
		if !contract.Decode([]byte(tt.body), tt.got) || !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.body, tt.got, tt.want)
		}
	}
}
