package fakeapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
)

// builder is a function of the generated package that builds a request.
type builder func(server, contentType string, body io.Reader) (*http.Request, error)

// call sends a body with a key and returns the response's.
func call(srv *fakeapi.Server, build builder, contentType, body string) string {
	req, err := build(srv.URL, contentType, strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("Authorization", "any-key")
	res, err := srv.Client().Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	received, err := io.ReadAll(res.Body)
	if err != nil {
		log.Fatal(err)
	}
	return string(received)
}

// generate requests images of a prompt.
func generate(srv *fakeapi.Server, prompt string) string {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("prompt", prompt); err != nil {
		log.Fatal(err)
	}
	form.Close()
	return call(srv, generated.NewSeeDreamV4RequestWithBody, form.FormDataContentType(), body.String())
}

// query requests the state of a task.
func query(srv *fakeapi.Server, taskID string) (status int, urls []string, why string) {
	var info struct {
		Data struct {
			Status int      `json:"image_status"`
			URL    []string `json:"url"`
			Error  string   `json:"error_message"`
		} `json:"data"`
	}
	received := call(srv, generated.NewInfoByTaskIDRequestWithBody, "application/json", `{"taskid":"`+taskID+`"}`)
	if err := json.Unmarshal([]byte(received), &info); err != nil {
		log.Fatal(err)
	}
	return info.Data.Status, info.Data.URL, info.Data.Error
}

// The whole life of a task: generate it, query it until it is completed, fetch the
// picture from the image host, where the key is not sent.
func Example_life() {
	srv, err := fakeapi.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()

	fmt.Println(generate(srv, "a fox in the snow"))
	for range 10 {
		status, urls, _ := query(srv, "fake_0000000000000001")
		fmt.Println("status", status)
		if status != 3 {
			continue
		}
		res, err := srv.Client().Get(urls[0])
		if err != nil {
			log.Fatal(err)
		}
		picture, err := png.Decode(res.Body)
		res.Body.Close()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(picture.Bounds().Size(), srv.ImageHost().Leaks(), "leaks")
		break
	}
	// Output:
	// {"code":1000,"data":{"taskid":"fake_0000000000000001"},"msg":"Task created successfully"}
	// status 1
	// status 2
	// status 3
	// (64,64) 0 leaks
}

// The next task fails at its second query.
func ExampleServer_ScriptNext() {
	srv, err := fakeapi.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	srv.ScriptNext(1, fakeapi.TaskLife{Processing: 1, Fail: "the prompt was refused"})

	generate(srv, "a fox in the snow")
	for range 2 {
		status, _, why := query(srv, "fake_0000000000000001")
		fmt.Printf("%d %q\n", status, why)
	}
	// Output:
	// 2 ""
	// 4 "the prompt was refused"
}

// Credits that run out.
func ExampleWithCredits() {
	srv, err := fakeapi.NewServer(fakeapi.WithCredits(1))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	for range 2 {
		fmt.Println(generate(srv, "a fox in the snow"))
	}
	fmt.Println(srv.Credits(), srv.Tasks())
	// Output:
	// {"code":1000,"data":{"taskid":"fake_0000000000000001"},"msg":"Task created successfully"}
	// {"code":9000,"msg":"Insufficient credits"}
	// 0 [fake_0000000000000001]
}

// The record of an upload: files are hashed, not kept.
func ExampleRequest_uploads() {
	srv, err := fakeapi.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("prompt", "the same in winter"); err != nil {
		log.Fatal(err)
	}
	source, err := form.CreateFormFile("sourceImage", "fox.png")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprint(source, "a picture")
	form.Close()
	call(srv, generated.NewSeeDreamV4RequestWithBody, form.FormDataContentType(), body.String())

	got := srv.Requests()[0].Uploads[0]
	fmt.Println(got.Field, got.Filename, got.Size, got.SHA256[:8])
	// Output: sourceImage fox.png 9 92b2fa58
}

// A download that fails once, and then gets the picture.
func ExampleImageHost_FailNext() {
	srv, err := fakeapi.NewServer(fakeapi.WithTasks("task-1"))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	srv.ImageHost().FailNext(1, fakeapi.Respond(http.StatusServiceUnavailable, "text/plain", "later"))

	url := srv.ImageURLs("task-1")[0]
	for range 2 {
		res, err := srv.Client().Get(url)
		if err != nil {
			log.Fatal(err)
		}
		picture, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(res.StatusCode, bytes.Equal(picture, srv.Image(url)))
	}
	// Output:
	// 503 false
	// 200 true
}
