package fakeapi_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// server starts a fake with one more option. In a test use fakeapi.Start.
func server(opts ...fakeapi.Option) *fakeapi.Server {
	srv, err := fakeapi.NewServer(opts...)
	if err != nil {
		log.Fatal(err)
	}
	return srv
}

// remove deletes tasks, and prints the response.
func remove(srv *fakeapi.Server, body string) {
	fmt.Println(call(srv, generated.NewDeleteImagesTaskRequestWithBody, "application/json", body))
}

func ExampleWithKey() {
	srv := server(fakeapi.WithKey("the-key-of-the-test"), fakeapi.WithTasks("task-1"))
	defer srv.Close()

	remove(srv, `{"taskids":["task-1"]}`) // with another key
	fmt.Println(srv.Tasks())
	// Output:
	// {"code":9999,"msg":"the API key is not accepted"}
	// [task-1]
}

// A service on the other side of the world.
func ExampleWithLatency() {
	srv := server(fakeapi.WithLatency(300*time.Millisecond), fakeapi.WithTasks("task-1"))
	defer srv.Close()

	start := time.Now()
	remove(srv, `{"taskids":["task-1"]}`)
	fmt.Println(time.Since(start) >= 300*time.Millisecond)
	// Output:
	// {"code":1000,"data":{"status":"Success"},"msg":"Successfully"}
	// true
}

// A service that goes on where another one has stopped.
func ExampleWithFirstTask() {
	srv := server(fakeapi.WithFirstTask(41))
	defer srv.Close()

	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Generate(context.Background(), wrapper.GenerateRequest{Prompt: "a fox"}))
	// Output: fake_0000000000000041 <nil>
}

func ExampleWithTLS() {
	srv := server(fakeapi.WithTLS(), fakeapi.WithTasks("task-1"))
	defer srv.Close()

	scheme, _, _ := strings.Cut(srv.URL, ":")
	fmt.Println(scheme)
	remove(srv, `{"taskids":["task-1"]}`) // through srv.Client, which knows the certificate
	// Output:
	// https
	// {"code":1000,"data":{"status":"Success"},"msg":"Successfully"}
}

func ExampleWithHTTP2() {
	srv := server(fakeapi.WithHTTP2(), fakeapi.WithTasks("task-1"))
	defer srv.Close()

	res, err := srv.Client().Get(srv.ImageURLs("task-1")[0])
	if err != nil {
		log.Fatal(err)
	}
	res.Body.Close()
	fmt.Println(res.Proto)
	// Output: HTTP/2.0
}

// A client in another process needs an address that it knows. Port 0 is any that is free.
func ExampleWithAddr() {
	srv := server(fakeapi.WithAddr("localhost:0"))
	defer srv.Close()

	fmt.Println(strings.HasPrefix(srv.URL, "http://localhost:") || strings.HasPrefix(srv.URL, "http://127.0.0.1:"))
	// Output: true
}

func ExampleWithTasks() {
	srv := server(fakeapi.WithTasks("task-1", "task-2"))
	defer srv.Close()

	remove(srv, `{"taskids":["task-1"]}`)
	fmt.Println(srv.Tasks())
	// Output:
	// {"code":1000,"data":{"status":"Success"},"msg":"Successfully"}
	// [task-2]
}

// What the service does with an id that it does not know is not published. Test both.
func ExampleWithUnknownTasksIgnored() {
	for _, opts := range [][]fakeapi.Option{nil, {fakeapi.WithUnknownTasksIgnored()}} {
		srv := server(opts...)
		remove(srv, `{"taskids":["unknown"]}`)
		srv.Close()
	}
	// Output:
	// {"code":9999,"msg":"Delete failed, error info: task not found: unknown"}
	// {"code":1000,"data":{"status":"Success"},"msg":"Successfully"}
}

// tb is the *testing.T of a test.
type tb struct{}

func (tb) Helper()                           {}
func (tb) Cleanup(func())                    {}
func (tb) Errorf(format string, args ...any) { fmt.Println("the test fails") }
func (tb) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }

// A request that violates the contract fails the test that sent it.
func ExampleWithStrict() {
	srv := fakeapi.Start(tb{}, fakeapi.WithStrict())
	defer srv.Close()

	call(srv, generated.NewDeleteImagesTaskRequestWithBody, "application/json", `{"taskids":"not a list"}`)
	// Output: the test fails
}

// A test can ask what becomes of its program under a contract that is still to come.
func ExampleWithContract() {
	moved := strings.ReplaceAll(string(tensorslab.Spec()), "/v1/images/deleteimagestask", "/v2/images/deleteimagestask")
	srv := server(fakeapi.WithContract([]byte(moved)), fakeapi.WithTasks("task-1"))
	defer srv.Close()

	req, err := generated.NewDeleteImagesTaskRequestWithBody(srv.URL, "application/json", strings.NewReader(`{"taskids":["task-1"]}`))
	if err != nil {
		log.Fatal(err)
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		log.Fatal(err)
	}
	res.Body.Close()
	fmt.Println(res.StatusCode, srv.Tasks())
	// Output: 404 [task-1]
}

func ExampleWithMaxTasks() {
	srv := server(fakeapi.WithMaxTasks(1))
	defer srv.Close()

	for range 2 {
		fmt.Println(generate(srv, "a fox in the snow"))
	}
	fmt.Println(srv.UnderWay())
	// Output:
	// {"code":1000,"data":{"taskid":"fake_0000000000000001"},"msg":"Task created successfully"}
	// {"code":9999,"msg":"Too many tasks under way"}
	// 1
}

// The service may say that a plan is full in another way.
func ExampleWithFullPlan() {
	full := fakeapi.Respond(http.StatusOK, "application/json", `{"code":9999,"msg":"Your plan allows 1 task"}`)
	srv := server(fakeapi.WithMaxTasks(1), fakeapi.WithFullPlan(full))
	defer srv.Close()

	generate(srv, "a fox in the snow")
	fmt.Println(generate(srv, "an owl"))
	// Output: {"code":9999,"msg":"Your plan allows 1 task"}
}

// Every task is completed at once.
func ExampleWithTaskLife() {
	srv := server(fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	defer srv.Close()

	generate(srv, "a fox in the snow")
	status, urls, _ := query(srv, "fake_0000000000000001")
	fmt.Println(status, len(urls))
	// Output: 3 1
}
