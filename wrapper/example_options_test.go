package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// clientWith makes a client of the fake with one more option.
func clientWith(server *fakeapi.Server, opt wrapper.Option) *wrapper.Client {
	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL), opt)
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// deletion deletes the task of the fake.
func deletion(client *wrapper.Client) error {
	_, err := client.DeleteImagesTask(context.Background(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"task-1"}})
	return err
}

// echo is a service that deletes nothing and shows the header that it got. The fake would
// show no key.
func echo(header http.Header) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(header, r.Header)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`)
	}))
}

// A gateway of one's own may have a path in front of that of the operation. Only loopback
// may be http.
func ExampleWithBaseURL() {
	for _, baseURL := range []string{"https://gateway.example/tensorslab", "http://127.0.0.1:8787", "http://gateway.example"} {
		_, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(baseURL))
		fmt.Println(baseURL, errors.Is(err, wrapper.ErrInvalidOption))
	}
	// Output:
	// https://gateway.example/tensorslab false
	// http://127.0.0.1:8787 false
	// http://gateway.example true
}

// The certificate of this service is known to its own client only.
func ExampleWithHTTPClient() {
	server, err := fakeapi.NewServer(fakeapi.WithTLS(), fakeapi.WithTasks("task-1"))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := clientWith(server, wrapper.WithHTTPClient(server.Client()))
	fmt.Println(deletion(client), server.Tasks())
	// Output: <nil> []
}

func ExampleWithBareKey() {
	header := http.Header{}
	server := echo(header)
	defer server.Close()

	for _, opts := range [][]wrapper.Option{nil, {wrapper.WithBareKey()}} {
		client, err := wrapper.NewClient("your-api-key", append(opts, wrapper.WithBaseURL(server.URL))...)
		if err != nil {
			log.Fatal(err)
		}
		if err := deletion(client); err != nil {
			log.Fatal(err)
		}
		fmt.Println(header.Get("Authorization"))
	}
	// Output:
	// Bearer your-api-key
	// your-api-key
}

func ExampleWithUserAgent() {
	server := fake("task-1")
	defer server.Close()

	if err := deletion(clientWith(server, wrapper.WithUserAgent("retention-job/2.1"))); err != nil {
		log.Fatal(err)
	}
	product, _, _ := strings.Cut(server.Requests()[0].Header.Get("User-Agent"), " ")
	fmt.Println(product)
	// Output: retention-job/2.1
}

func ExampleWithRequestEditor() {
	server := fake("task-1")
	defer server.Close()

	client := clientWith(server, wrapper.WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Header.Set("X-Request-Id", "nightly-42")
		return nil
	}))
	fmt.Println(deletion(client), server.Requests()[0].Header.Get("X-Request-Id"))
	// Output: <nil> nightly-42
}

// A nightly job has time for more attempts than the default of three.
func ExampleWithRetry() {
	server := fake("task-1")
	defer server.Close()
	server.FailNext(4, fakeapi.Respond(http.StatusServiceUnavailable, "text/plain", "later"))

	client := clientWith(server, wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 5, Backoff: time.Millisecond}))
	fmt.Println(deletion(client), len(server.Requests()))
	// Output: <nil> 5
}

// The service takes longer than a query may. Each attempt has this limit; the context bounds
// all of them together.
func ExampleWithTimeout() {
	server := fake("task-1")
	defer server.Close()
	server.FailNext(3, fakeapi.DelayAnswer(time.Hour))

	client := clientWith(server, wrapper.WithTimeout(50*time.Millisecond))
	_, err := client.InfoByTaskID(context.Background(), "task-1")
	var noResponse *wrapper.TransportError
	fmt.Println(errors.As(err, &noResponse) && noResponse.Timeout())
	// Output: true
}

func ExampleWithMaxResponseBytes() {
	server := fake("task-1")
	defer server.Close()
	server.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json", `{"code":1000,"msg":"`+strings.Repeat("x", 1<<16)+`"}`))

	err := deletion(clientWith(server, wrapper.WithMaxResponseBytes(1<<12)))
	fmt.Println(errors.Is(err, wrapper.ErrResponseTooLarge))
	// Output: true
}

// The log has neither the key nor the ids.
func ExampleWithLogger() {
	server := fake("task-1")
	defer server.Close()
	noTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.LevelKey || a.Key == slog.MessageKey || a.Key == "operation" || a.Key == "status" {
			return a
		}
		return slog.Attr{}
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: noTime}))

	if err := deletion(clientWith(server, wrapper.WithLogger(logger))); err != nil {
		log.Fatal(err)
	}
	// Output: level=DEBUG msg="tensorslab: attempt" operation=deleteImagesTask status=200
}

// A response that violates the contract is an error, unless the program says that it would
// rather have it.
func ExampleWithValidation() {
	const noMessage = `{"code":1000,"data":{"status":"Success"}}`
	for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Off} {
		server := fake("task-1")
		server.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json", noMessage))
		err := deletion(clientWith(server, wrapper.WithValidation(mode)))
		var violation *wrapper.ContractError
		fmt.Println(mode, errors.As(err, &violation))
		server.Close()
	}
	// Output:
	// Enforce true
	// Off false
}

// Images come through a proxy that answers for public hosts from a network of its own.
func ExampleWithDownload() {
	server := fake("task-1")
	defer server.Close()

	client := clientWith(server, wrapper.WithDownload(wrapper.DownloadPolicy{
		MaxBytes:      32 << 20,
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("127.0.0.0/8")},
	}))
	var picture bytes.Buffer
	got, err := client.Download(context.Background(), server.ImageURLs("task-1")[0], &picture)
	fmt.Println(got.MediaType, err)
	// Output: image/png <nil>
}

// The service may know a format of images that this module does not.
func ExampleWithAnySource() {
	server := fake()
	defer server.Close()

	for _, client := range []*wrapper.Client{clientOf(server), clientWith(server, wrapper.WithAnySource())} {
		var file types.File
		file.InitFromBytes([]byte("a new format"), "fox.new")
		_, err := client.Generate(context.Background(), wrapper.GenerateRequest{Prompt: "the same in oil", Sources: []types.File{file}})
		fmt.Println(errors.Is(err, wrapper.ErrInvalidRequest))
	}
	// Output:
	// true
	// false
}
