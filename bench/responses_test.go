package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/bench/http2"
)

func TestSameResponses(t *testing.T) {
	var buf [http2.MaxBody]byte
	a := &responses{}
	for range 3 {
		if got := string(a.next(&buf)); got != success {
			t.Fatalf("got %s, want %s", got, success)
		}
	}
}

func TestDifferentResponses(t *testing.T) {
	var buf [http2.MaxBody]byte
	a := &responses{differ: true}
	for i := 1; i <= 1234; i++ {
		var got rawResponse
		if err := json.Unmarshal(a.next(&buf), &got); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("Successfully %012d", i); got.Msg != want || got.Code != 1000 || got.Data.Status != "Success" {
			t.Fatalf("got %+v, want the message %q", got, want)
		}
	}
}

func TestServiceRespondsAndCountsConnections(t *testing.T) {
	service, transport := startService(t, serveResponses((&responses{}).next)), newTransport(t)
	for range 3 {
		resp, err := (&http.Client{Transport: transport}).Post(service.URL, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(data) != success || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("response %s, header %v, error %v", data, resp.Header, err)
		}
	}
	if n := service.connections.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}
