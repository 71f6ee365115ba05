package wrapper

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// The body is what json.Marshal makes of the request, with every field that the
// contract has, whatever ids and texts it holds.
func TestDeletionBodyOfTheContract(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]string{{"abcd_1234567890abcdef"}, {"a", `"taskids":[]`, "é<&>\u2028", `\`, "\x01", "[]"}, make1000IDs()} {
		for _, text := range []string{"", "u", `","taskids":["x"],"a":"`, `"taskids":[]`} {
			req := generated.DeleteImagesTaskRequest{TaskIDs: ids}
			fields := reflect.ValueOf(&req).Elem()
			for i := range fields.NumField() {
				if field := fields.Field(i); field.Kind() == reflect.String {
					field.SetString(text)
				}
			}
			rest := req
			rest.TaskIDs = nil
			body, unfit := contract.MarshalTexts(req, rest, "taskids", ids)
			if unfit != nil {
				t.Fatal(unfit)
			}
			plain, err := json.Marshal(req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, plain), decode(t, body)); diff != "" {
				t.Errorf("%q, %q (-marshaled +written):\n%s", ids, text, diff)
			}
		}
	}
}

func decode(t *testing.T, body []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return value
}

func make1000IDs() []string {
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = "a" + string(rune('!'+i))
	}
	return ids
}

func TestDeletionRefusesIDs(t *testing.T) {
	t.Parallel()
	client, err := NewClient("key")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", " ", "\xff", "a\xffbcdefghijkl"} {
		_, err := client.DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a", id}})
		var refused *RequestError
		if !errors.As(err, &refused) || refused.Field != "/taskids/1" || !errors.Is(err, ErrNotSent) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
