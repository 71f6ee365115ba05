package fakeapi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

func TestGenerationSendsTheContractsExample(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		for _, path := range generatingPaths {
			srv := fakeapi.Start(t, opt, fakeapi.WithStrict())
			got := send(srv, generation(t, srv, path))
			wantJSON(t, got, 200, strings.Replace(example(t, path, "success"), "abcd_1234567890abcdef", firstTask, 1))
			wantTasks(t, srv, firstTask)
		}
	})
}

// What is accepted and what is refused, and by which model.
func TestGenerationFields(t *testing.T) {
	t.Parallel()
	source := file("sourceImage", "1.png", "\x89PNG")
	all := []string{v4Path, frozen.Path("seeDreamV45"), frozen.Path("seeDreamV5")}
	for name, c := range map[string]struct {
		paths []string
		parts []part
		msg   string // empty if accepted
	}{
		"all texts":          {all, text("category", "c", "batchsize", "15", "resolution", "16:9"), ""},
		"files":              {all, []part{source, source}, ""},
		"address":            {all, text("imageUrl", "https://example.com/1.png"), ""},
		"address and files":  {all, append(text("imageUrl", "http://example.com/1.png"), source), "send files or imageUrl, not both"},
		"empty address":      {all, append(text("imageUrl", ""), source), ""},
		"address of a file":  {all, text("imageUrl", "file:///etc/passwd"), "imageUrl must be an http or https address"},
		"address of no host": {all, text("imageUrl", "https:///1.png"), "imageUrl must be"},
		"no address":         {all, text("imageUrl", "http://[::1"), "imageUrl must be"},
		"no image":           {all, text("batchsize", "0"), `"/batchsize" does not satisfy "minimum"`},
		"too many images":    {all, text("batchsize", "16"), `"/batchsize" does not satisfy "maximum"`},
		"no number":          {all, text("batchsize", "two"), `"/batchsize" must be of type integer`},
		"other ratio":        {all[:1], text("resolution", "2K"), `"/resolution" does not satisfy "enum"`},
		"level":              {all[1:], text("resolution", "4K"), ""},
		"seed":               {generatingPaths[3:], text("seed", "0", "prompt_extend", "1", "resolution", "1024*1024"), ""},
		"seed in exponents":  {generatingPaths[3:], text("seed", "1e3"), `"/seed" must be of type integer`},
		"seed of text":       {generatingPaths[3:], text("seed", "x"), `"/seed" must be of type integer`},
		"other extension":    {generatingPaths[3:], text("prompt_extend", "true"), `"/prompt_extend" does not satisfy "enum"`},
		"key of other case":  {generatingPaths, text("Resolution", "1:1"), `the contract has "/resolution"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t)
			for i, path := range c.paths {
				got := send(srv, generation(t, srv, path, c.parts...))
				if c.msg == "" {
					wantJSON(t, got, 200, strings.Replace(createdBody, firstTask, fmt.Sprintf("fake_%016d", i+1), 1))
				} else if msg := wantError(t, got, 400); !strings.Contains(msg, c.msg) {
					t.Errorf("msg %q, want %q in it", msg, c.msg)
				}
			}
			if c.msg != "" {
				wantTasks(t, srv)
			}
		})
	}
}

// The contract, and not the fake, decides how many images one request may have.
func TestMostImagesAreTheContracts(t *testing.T) {
	t.Parallel()
	spec := string(frozen.Spec())
	larger := strings.ReplaceAll(spec, `"maximum": 15`, `"maximum": 30`)
	if larger == spec {
		t.Fatal("the published contract has no maximum of 15")
	}
	srv := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithContract([]byte(larger)), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	id := create(t, srv, text("batchsize", "30")...)
	if urls := srv.ImageURLs(id); len(urls) != 30 {
		t.Errorf("%d images, want 30", len(urls))
	}
	unlimited := regexp.MustCompile(`"(minimum": 1|maximum": 15),`).ReplaceAllString(spec, "")
	number := regexp.MustCompile(`"type": "integer",(\s+"description": "How many images to make)`).ReplaceAllString(unlimited, `"type": "number",$1`)
	if number == unlimited {
		t.Fatal("the published contract has no integer of images")
	}
	srv = fakeapi.Start(t, fakeapi.WithContract([]byte(unlimited)))
	msg := wantError(t, send(srv, generation(t, srv, v4Path, text("batchsize", "65537")...)), 400)
	if msg != "batchsize is more images than this server makes" {
		t.Errorf("msg %q", msg)
	}
	for size, want := range map[string]int{"0": 1, "-1": 1, "31": 31} {
		hasImages(t, unlimited, size, want)
	}
	for size, want := range map[string]int{"0.5": 1, "1.5": 2, "3.0": 3} {
		hasImages(t, number, size, want)
	}
}

// hasImages checks how many images a contract gets for a batchsize that it allows.
func hasImages(t *testing.T, spec, size string, want int) {
	t.Helper()
	srv := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithContract([]byte(spec)), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	if urls := srv.ImageURLs(create(t, srv, text("batchsize", size)...)); len(urls) != want {
		t.Errorf("batchsize %s: %d images, want %d", size, len(urls), want)
	}
}

// The prompt is required in words, and by the schema too if a newer contract says so.
func TestGenerationWithoutPrompt(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	for _, path := range generatingPaths {
		for _, parts := range [][]part{nil, text("prompt", ""), text("prompt", " \t\r\n\u00a0")} {
			contentType, body := encodeForm(t, parts...)
			req := request(t, srv, http.MethodPost, path, body)
			req.Header.Set("Content-Type", contentType)
			if msg := wantError(t, send(srv, req), 400); !strings.Contains(msg, "prompt") || !strings.HasSuffix(msg, "is required") {
				t.Errorf("msg %q", msg)
			}
		}
	}
	// The contract need not require a body either.
	req := request(t, srv, http.MethodPost, v4Path, "")
	req.Header.Del("Content-Type")
	wantError(t, send(srv, req), 400)
	wantTasks(t, srv)
}

func TestGenerationIsNoJSON(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	got := send(srv, request(t, srv, http.MethodPost, v4Path, `{"prompt":"a fox"}`))
	if msg := wantError(t, got, 400); !strings.Contains(msg, "accepts: multipart/form-data") {
		t.Errorf("msg %q", msg)
	}
}

// A new id is one that was never used, by a test or by the service.
func TestGeneratedIDsAreUnused(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks(firstTask, "fake_0000000000000003"))
	wantJSON(t, send(srv, deletion(t, srv, firstTask)), 200, successBody)
	for _, want := range []string{"fake_0000000000000002", "fake_0000000000000004"} {
		if got := create(t, srv); got != want {
			t.Errorf("id %s, want %s", got, want)
		}
	}
	wantTasks(t, srv, "fake_0000000000000003", "fake_0000000000000002", "fake_0000000000000004")
}

// Ids count in decimal, as a reader of the first nine expects.
func TestGeneratedIDsAreDecimal(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	for range 9 {
		create(t, srv)
	}
	if got := create(t, srv); got != "fake_0000000000000010" {
		t.Errorf("the tenth id is %s", got)
	}
}

// What faults do to a generation: how many tasks there are, and what it cost.
func TestGenerationMeetsFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault fakeapi.Fault
		made  int
	}{
		"request dropped":    {fakeapi.DropRequest(), 0},
		"response dropped":   {fakeapi.DropAnswer(), 1},
		"response truncated": {fakeapi.TruncateBody(), 1},
		"limited":            {fakeapi.RateLimit(1), 0},
		"refused":            {fakeapi.BusinessCode(9999, "no"), 0},
		"late":               {fakeapi.Delay(1), 1},
	} {
		t.Run(name, func(t *testing.T) {
			protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
				srv := fakeapi.Start(t, opt, fakeapi.WithCredits(5))
				srv.FailNext(1, c.fault)
				send(srv, generation(t, srv, v4Path, file("sourceImage", "1.png", strings.Repeat("x", 100_000))))
				if made := len(srv.Tasks()); made != c.made || srv.Credits() != 5-c.made {
					t.Errorf("%d tasks and %d credits left; want %d and %d", made, srv.Credits(), c.made, 5-c.made)
				}
				if all := srv.Requests(); len(all) != 1 || len(all[0].Uploads) != 1 || all[0].Uploads[0].Size != 100_000 {
					t.Errorf("recorded %v", all)
				}
			})
		})
	}
}
