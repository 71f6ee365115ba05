package fakeapi_test

import (
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
)

// Any HTTP client can call the server. The first request here is limited, the
// second one deletes a task.
func Example() {
	srv, err := fakeapi.NewServer(fakeapi.WithTasks("task-1", "task-2"))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	srv.FailNext(1, fakeapi.RateLimit(1))

	for range 2 {
		req, err := generated.NewDeleteImagesTaskRequestWithBody(srv.URL, "application/json",
			strings.NewReader(`{"taskids":["task-1"]}`))
		if err != nil {
			log.Fatal(err)
		}
		req.Header.Set("Authorization", "any-key")
		res, err := srv.Client().Do(req)
		if err != nil {
			log.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d %s\n", res.StatusCode, body)
	}
	fmt.Println("left:", srv.Tasks())
	fmt.Println("sent:", srv.Requests()[1].Header["Authorization"], string(srv.Requests()[1].Body))
	// Output:
	// 429 {"code":9999,"msg":"Too many requests"}
	// 200 {"code":1000,"data":{"status":"Success"},"msg":"Successfully"}
	// left: [task-2]
	// sent: [[redacted]] {"taskids":["task-1"]}
}
