package wrapper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestGenerationsRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	type v45 = generated.SeeDreamV45MultipartRequestBody
	const secret = "X-Amz-Signature=5ecret"
	tests := map[string]struct {
		req  v45
		want string // field, then rule
	}{
		"no prompt":            {v45{}, "/prompt is blank"},
		"a blank prompt":       {v45{Prompt: " \t\r\n\u3000"}, "/prompt is blank"},
		"not UTF-8":            {v45{Prompt: "a\xff"}, "/prompt is not valid UTF-8"},
		"category not UTF-8":   {v45{Prompt: "p", Category: "\xc3"}, "/category is not valid UTF-8"},
		"resolution not UTF-8": {v45{Prompt: "p", Resolution: "2K\xff"}, "/resolution is not valid UTF-8"},
		"batchsize -1":         {v45{Prompt: "p", Batchsize: -1}, "/batchsize is not between 1 and 15"},
		"batchsize 16":         {v45{Prompt: "p", Batchsize: 16}, "/batchsize is not between 1 and 15"},
		"batchsize 2^62":       {v45{Prompt: "p", Batchsize: 1 << 62}, "/batchsize is not between 1 and 15"},
		"resolution":           {v45{Prompt: "p", Resolution: "8K"}, "/resolution is none of 9:16 16:9 3:4 4:3 1:1 2:3 3:2, nor 2K or 4K, nor a size WxH with 3686400 to 16777216 pixels"},
		"file and URL": {v45{Prompt: "p", ImageURL: "https://example.com/", SourceImage: []types.File{testkit.File("a", testkit.PNG)}},
			"/imageUrl can't be sent together with files in sourceImage"},
		"an empty file":      {v45{Prompt: "p", SourceImage: []types.File{testkit.File("a", testkit.PNG), testkit.File("b", nil)}}, "/sourceImage/1 is empty"},
		"no file at all":     {v45{Prompt: "p", SourceImage: []types.File{{}}}, "/sourceImage/0 is empty"},
		"a relative URL":     {v45{Prompt: "p", ImageURL: "/a.png?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"no scheme":          {v45{Prompt: "p", ImageURL: "example.com/a.png?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"another scheme":     {v45{Prompt: "p", ImageURL: "ftp://example.com/?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"a data URL":         {v45{Prompt: "p", ImageURL: "data:image/png;base64," + secret}, "/imageUrl is not an absolute http or https URL"},
		"a file URL":         {v45{Prompt: "p", ImageURL: "file:///etc/passwd"}, "/imageUrl is not an absolute http or https URL"},
		"no host":            {v45{Prompt: "p", ImageURL: "https:///a?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"a port and no host": {v45{Prompt: "p", ImageURL: "https://:443/"}, "/imageUrl is not an absolute http or https URL"},
		"no such port":       {v45{Prompt: "p", ImageURL: "https://example.com:65536/?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"opaque":             {v45{Prompt: "p", ImageURL: "https:example.com?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"unparsable":         {v45{Prompt: "p", ImageURL: "https://[::1?" + secret}, "/imageUrl is not an absolute http or https URL"},
		"a line break":       {v45{Prompt: "p", ImageURL: "https://example.com/\r\n" + secret}, "/imageUrl holds white space or a control character"},
		"a C1 control":       {v45{Prompt: "p", ImageURL: "https://example.com/\u0085" + secret}, "/imageUrl holds white space or a control character"},
		"a space":            {v45{Prompt: "p", ImageURL: "https://example.com/a b"}, "/imageUrl holds white space or a control character"},
		"URL not UTF-8":      {v45{Prompt: "p", ImageURL: "https://example.com/\xff"}, "/imageUrl is not valid UTF-8"},
	}
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url)
	for name, tt := range tests {
		_, err := c.SeeDreamV45(t.Context(), tt.req)
		want := "tensorslab: seeDreamV45: invalid request: " + tt.want + "; nothing was sent"
		var e *RequestError
		if !errors.As(err, &e) || e.Operation != "seeDreamV45" || err.Error() != want || strings.Join(matching(err), " ") != "InvalidRequest NotSent" {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
			t.Errorf("%s: %v holds the URL", name, err)
		}
	}
	if n := len(service.Submissions()); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

// What holds for one of them holds for all: they share one path.
func TestEachGenerationIsChecked(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url)
	for name, generate := range generators {
		var none context.Context
		_, nilContext := generate(none, c, "p", "")
		_, blank := generate(t.Context(), c, " ", "")
		_, encoding := generate(t.Context(), c, "\xff", "")
		_, resolution := generate(t.Context(), c, "p", "1:7x")
		for i, err := range []error{nilContext, blank, encoding, resolution} {
			var e *RequestError
			if !errors.As(err, &e) || e.Operation != name || e.Field != []string{"", "/prompt", "/prompt", "/resolution"}[i] {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
	_, err := c.ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "p", PromptExtend: "yes"})
	if err == nil || !strings.Contains(err.Error(), "/prompt_extend is none of 0 1;") {
		t.Errorf("got %v", err)
	}
	_, err = c.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{Prompt: "p", Resolution: "2K"})
	if err == nil || !strings.Contains(err.Error(), "/resolution is none of 9:16 16:9 3:4 4:3 1:1;") {
		t.Errorf("got %v", err)
	}
	if n := len(service.Submissions()); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

// The checks go by the names of fields, and godoc names the limits.
func TestChecksNameFieldsOfTheContract(t *testing.T) {
	t.Parallel()
	spec, err := imagesService.contract()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"seeDreamV4", "seeDreamV45", "seeDreamV5", "zImage"} {
		limits := spec.Operation(id).FormFields()
		if limits["prompt"] == nil || limits["resolution"] == nil {
			t.Errorf("%s has no prompt or no resolution", id)
		}
		batch := limits["batchsize"]
		if id != "zImage" && (batch == nil || batch.Value.Min == nil || *batch.Value.Min != 1 || batch.Value.Max == nil || *batch.Value.Max != 15) {
			t.Errorf("%s: batchsize is %+v", id, batch)
		}
	}
	ratios := spec.Operation("seeDreamV4").FormFields()["resolution"].Value.Enum
	for _, r := range []string{"1:1", "16:9", "3:4", "4:3", "9:16"} {
		if !slices.Contains(ratios, any(r)) {
			t.Errorf("the contract does not have %s", r)
		}
	}
}

func TestBoundsAreTaken(t *testing.T) {
	t.Parallel()
	_, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url)
	for n := 0; n <= 15; n++ {
		if _, err := c.SeeDreamV45(t.Context(), generated.SeeDreamV45MultipartRequestBody{Prompt: "p", Batchsize: n}); err != nil {
			t.Errorf("%d: %v", n, err)
		}
	}
	for _, u := range []string{"http://example.com", "HTTPS://EXAMPLE.COM/a", "https://user@example.com:8443/%20?q#f", "https://[2001:db8::1]/", "https://例え.jp/漢字.png"} {
		if _, err := c.SeeDreamV5(t.Context(), generated.SeeDreamV5MultipartRequestBody{Prompt: "p", ImageURL: u}); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
}

// What CheckGenerate says is what Generate would say, and it sends nothing.
func TestCheckGenerate(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url)
	seed := 7
	for name, req := range map[string]GenerateRequest{
		"a request":         {Prompt: "p"},
		"a source":          {Prompt: "p", Sources: []types.File{testkit.File("a", testkit.PNG)}},
		"no prompt":         {},
		"no such model":     {Model: "x", Prompt: "p"},
		"a field it lacks":  {Prompt: "p", Seed: &seed},
		"too many":          {Prompt: "p", Count: 16},
		"a resolution":      {Prompt: "p", Resolution: "8K"},
		"no image":          {Prompt: "p", Sources: []types.File{testkit.File("a", []byte("text"))}},
		"a file and an URL": {Prompt: "p", ImageURL: "https://example.com/", Sources: []types.File{testkit.File("a", testkit.PNG)}},
	} {
		before := len(service.Submissions())
		checked := c.CheckGenerate(req)
		if n := len(service.Submissions()) - before; n != 0 {
			t.Errorf("%s: the check sent %d requests", name, n)
		}
		_, err := c.Generate(t.Context(), req)
		if fmt.Sprint(checked) != fmt.Sprint(err) || checked != nil && !errors.Is(checked, ErrInvalidRequest) {
			t.Errorf("%s: %v, but Generate says %v", name, checked, err) //nolint:errorlint // they may be nil
		}
	}
	if err := new(Client).CheckGenerate(GenerateRequest{Prompt: "p"}); !errors.Is(err, ErrInvalidRequest) {
		t.Errorf("a zero Client: %v", err)
	}
}
