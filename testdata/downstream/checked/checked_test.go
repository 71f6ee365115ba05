package checked

import (
	"errors"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestNew(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithTasks("abcd_1234567890abcdef"), fakeapi.WithKey("the-key"), fakeapi.WithStrict())
	client, err := New(service.URL, "the-key")
	if err != nil {
		t.Fatal(err)
	}
	request := generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}}
	resp, err := client.DeleteImagesTaskWithResponse(t.Context(), request)
	if err != nil || resp.JSON200.Data.Status != "Success" {
		t.Errorf("%+v, %v", resp, err)
	}
	service.FailNext(1, fakeapi.Respond(http.StatusOK, "text/html", "<html>"))
	if _, err := client.DeleteImagesTaskWithResponse(t.Context(), request); !errors.Is(err, wrapper.ErrContract) {
		t.Errorf("%v; want %v", err, wrapper.ErrContract)
	}
}
