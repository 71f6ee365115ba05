package wrapper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

func TestGenerateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	zero := 0
	picture := []types.File{testkit.File("sketch.png", testkit.PNG)}
	tests := map[string]struct {
		req   GenerateRequest
		path  string
		parts string
	}{
		"the default model": {GenerateRequest{Prompt: "a fox"}, frozen.Path("seeDreamV45"), "[prompt=a fox]"},
		"v4": {GenerateRequest{Model: ModelSeeDreamV4, Prompt: "a fox", Resolution: "16:9", Count: 15},
			frozen.Path("seeDreamV4"), "[prompt=a fox resolution=16:9 batchsize=15]"},
		"v5 and files": {GenerateRequest{Model: ModelSeeDreamV5, Prompt: "a fox", Sources: picture},
			frozen.Path("seeDreamV5"), fmt.Sprintf(`[prompt=a fox sourceImage=["sketch.png" image/png %q]]`, testkit.PNG)},
		"v4.5 and an address": {GenerateRequest{Model: ModelSeeDreamV45, Prompt: "a fox", ImageURL: "https://example.com/a.png"},
			frozen.Path("seeDreamV45"), "[prompt=a fox imageUrl=https://example.com/a.png]"},
		"zimage": {GenerateRequest{Model: ModelZImage, Prompt: "a fox", Seed: &zero, ExtendPrompt: true},
			frozen.Path("zImage"), "[prompt=a fox seed=0 prompt_extend=1]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
			id, err := newTestClient(t, url).Generate(t.Context(), tt.req)
			if err != nil || id != "abcd_1234567890abcdef" {
				t.Fatalf("%q, %v", id, err)
			}
			got := service.Submissions()
			if len(got) != 1 || got[0].Path != tt.path || fmt.Sprint(got[0].Parts) != tt.parts {
				t.Errorf("got %v, want %s %s", got, tt.path, tt.parts)
			}
		})
	}
}

func TestGenerateRefusesWhatTheModelLacks(t *testing.T) {
	t.Parallel()
	seed := 7
	picture := []types.File{testkit.File("a.png", testkit.PNG)}
	tests := map[string]struct {
		req   GenerateRequest
		words []string
	}{
		"sources":      {GenerateRequest{Model: ModelZImage, Prompt: "p", Sources: picture}, []string{"/sourceImage", "zimage has no sourceImage"}},
		"an address":   {GenerateRequest{Model: ModelZImage, Prompt: "p", ImageURL: "https://example.com/a.png"}, []string{"zimage has no imageUrl"}},
		"a count":      {GenerateRequest{Model: ModelZImage, Prompt: "p", Count: 2}, []string{"zimage has no batchsize"}},
		"a seed":       {GenerateRequest{Prompt: "p", Seed: &seed}, []string{"/seed", "seedreamv45 has no seed"}},
		"extension":    {GenerateRequest{Model: ModelSeeDreamV5, Prompt: "p", ExtendPrompt: true}, []string{"seedreamv5 has no prompt_extend"}},
		"no such name": {GenerateRequest{Model: "SeeDreamV4", Prompt: "p"}, []string{`no model "SeeDreamV4"`, "seedreamv4, seedreamv45, seedreamv5, zimage"}},
		"no prompt":    {GenerateRequest{}, []string{"/prompt is blank"}},
		"a resolution": {GenerateRequest{Model: ModelZImage, Prompt: "p", Resolution: "4K"}, []string{"/resolution"}},
		"too many":     {GenerateRequest{Prompt: "p", Count: 16}, []string{"/batchsize is not between 1 and 15"}},
		"below none":   {GenerateRequest{Prompt: "p", Count: -1}, []string{"/batchsize is not between 1 and 15"}},
	}
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url)
	for name, tt := range tests {
		id, err := c.Generate(t.Context(), tt.req)
		if id != "" || !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) || !errors.As(err, new(*RequestError)) {
			t.Errorf("%s: %q, %v", name, id, err)
			continue
		}
		for _, words := range tt.words {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v lacks %q", name, err, words)
			}
		}
	}
	if n := len(service.Submissions()); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

func TestGenerateKeepsTheOutcome(t *testing.T) {
	t.Parallel()
	var none context.Context
	tests := map[string]struct {
		status int
		body   string
		want   []error
	}{
		"no task id": {200, `{"code":1000,"msg":"ok","data":{"taskid":" "}}`, []error{ErrContract, ErrOutcomeUnknown}},
		"no credits": {200, `{"code":9000,"msg":"none left"}`, []error{ErrInsufficientCredits}},
		"a bad key":  {401, `{"code":401,"msg":"no"}`, []error{ErrUnauthorized}},
	}
	for name, tt := range tests {
		_, url := testkit.NewFormServer(t, testkit.Respond(tt.status, tt.body))
		_, err := newTestClient(t, url).Generate(t.Context(), GenerateRequest{Prompt: "p"})
		for _, want := range tt.want {
			if !errors.Is(err, want) {
				t.Errorf("%s: %v is not %v", name, err, want)
			}
		}
	}
	if _, err := new(Client).Generate(t.Context(), GenerateRequest{Prompt: "p"}); err == nil {
		t.Error("a zero Client generated")
	}
	_, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	if _, err := newTestClient(t, url).Generate(none, GenerateRequest{Prompt: "p"}); !errors.Is(err, ErrNotSent) {
		t.Errorf("without a context: %v", err)
	}
}

// Each model has an operation in the contract as it is published now.
func TestModelsAreOfTheContract(t *testing.T) {
	t.Parallel()
	doc, err := contract.Parse(tensorslab.Spec())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for g := models; g != nil; g = g.next {
		if doc.Operation(g.operation) == nil {
			t.Errorf("%s: the contract has no operation %s: delete the file that adds the model", g.model, g.operation)
		}
		paths = append(paths, string(g.model))
	}
	if slices.Sort(paths); strings.Join(paths, ", ") != modelNames() {
		t.Errorf("%s", modelNames())
	}
}
