package mcp

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The whole life of a task, through all tools.
func TestLifeOfATask(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey(clitest.Key))
	r := with(t, fake)
	created, result := call[generateOut](r, "generate", args{"prompt": "a fox", "resolution": "16:9", "count": 2})
	if created.Outcome != outcomeCreated || created.TaskID != fake.Tasks()[0] || created.Key == "" || result.IsError || created.TasksLeft != 19 || created.ImagesLeft != 38 {
		t.Errorf("%+v", created)
	}
	task := args{"task_id": created.TaskID}
	if got, _ := call[infoOut](r, "info", task); got.Status != "queued" || got.ImageURLs != nil {
		t.Errorf("info: %+v", got)
	}
	waited, result := call[waitOut](r, "wait", task)
	if waited.Outcome != outcomeCompleted || waited.Status != "completed" || waited.Images != 2 || len(waited.Shown) != 2 || !waited.Shown[1].Shown || len(result.Content) != 3 {
		t.Errorf("wait: %+v, %d contents", waited, len(result.Content))
	}
	for i, content := range result.Content[1:] {
		shown, ok := content.(*sdk.ImageContent)
		if !ok || shown.MIMEType != "image/png" || !bytes.Equal(shown.Data, fake.Image(fake.ImageURLs(created.TaskID)[i])) {
			t.Errorf("image %d is another one: %T", i+1, content)
		}
	}
	if e := r.entries(); len(e) != 1 || e[0].Key != created.Key || e[0].State != batch.Completed || e[0].Prompt != "a fox" {
		t.Errorf("journal %+v", e)
	}
	if got, _ := call[infoOut](r, "info", task); got.Status != "completed" || len(got.ImageURLs) != 2 || got.Width != 64 || got.Height != 36 {
		t.Errorf("info: %+v", got)
	}
	r.downloads(fake, created)
	deleted, result := call[deleteOut](r, "delete", args{"task_ids": []string{created.TaskID}})
	if deleted.Deleted != 1 || deleted.Tasks[0].Outcome != outcomeDeleted || result.IsError || len(fake.Tasks()) != 0 {
		t.Errorf("delete: %+v", deleted)
	}
	list, _ := call[listOut](r, "list", args{})
	if list.Total != 1 || list.Generations[0].Key != created.Key || list.Generations[0].State != "deleted" || len(list.Generations[0].Files) != 2 {
		t.Errorf("list: %+v", list)
	}
	if n := fake.ImageHost().Leaks(); n > 0 {
		t.Errorf("the key reached the image host %d times", n)
	}
}

// downloads saves the two images of a task twice.
func (r *rig) downloads(fake *fakeapi.Server, created generateOut) {
	r.Helper()
	for _, again := range []bool{false, true} {
		got, result := call[downloadOut](r, "download", args{"task_id": created.TaskID})
		if result.IsError || len(got.Files) != 2 || got.Images != 2 {
			r.Fatalf("download: %+v", got)
		}
		for i, one := range got.Files {
			want := fake.Image(fake.ImageURLs(created.TaskID)[i])
			data, err := os.ReadFile(one.File)
			if err != nil || !bytes.Equal(data, want) || one.Bytes != int64(len(want)) || one.Existing != again || one.Index != i+1 || filepath.Dir(one.File) != r.out {
				r.Errorf("file %+v, %v", one, err)
			}
			if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
				r.Error(err)
			}
		}
	}
	if e := r.entries(); e[0].State != batch.Saved || len(e[0].Files) != 2 {
		r.Errorf("journal %+v", e)
	}
}

// What a host is told of the tools, so that it can ask its user first.
func TestTools(t *testing.T) {
	t.Parallel()
	r := with(t, fakeapi.Start(t))
	list, err := r.agent.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{ // read-only, destructive, idempotent, open world
		"generate": "false false false true", "wait": "true false true true", "info": "true false true true",
		"list": "true false true false", "download": "false false true true", "delete": "false true true true",
	}
	for _, tool := range list.Tools {
		a := tool.Annotations
		got := strings.Join([]string{word(a.ReadOnlyHint), word(*a.DestructiveHint), word(a.IdempotentHint), word(*a.OpenWorldHint)}, " ")
		if got != want[tool.Name] || tool.Description == "" || tool.Title == "" || tool.OutputSchema == nil {
			t.Errorf("%s: %s", tool.Name, got)
		}
		delete(want, tool.Name)
		for _, schema := range []any{tool.InputSchema, tool.OutputSchema} {
			if text, err := json.Marshal(schema); err != nil || strings.Contains(string(text), `"null"`) {
				t.Errorf("%s: %s, %v", tool.Name, text, err)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if init := r.agent.InitializeResult(); !strings.Contains(init.Instructions, "do not call generate") || init.ServerInfo.Name != "tensorslab" {
		t.Errorf("%+v", init)
	}
}

func word(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

const lostCharacter = "an argument has a character that is no valid text, such as half of a surrogate pair, or U+FFFD in its place"

// Arguments that the schema does not allow reach neither the server nor the service, and
// the error names the argument and its limit.
func TestArgumentsAreChecked(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	r := with(t, fake)
	for name, c := range map[string]struct {
		tool string
		args any
		want string
	}{
		"no prompt":     {"generate", args{}, "missing: prompt"},
		"unknown model": {"generate", args{"prompt": "a fox", "model": "dalle"}, "model must be one of seedreamv45 seedreamv4 seedreamv5 zimage"},
		"count 0":       {"generate", args{"prompt": "a fox", "count": 0}, "count must be at least 1"},
		"count 16":      {"generate", args{"prompt": "a fox", "count": 16}, "count must be at most 15"},
		"count 1.5":     {"generate", args{"prompt": "a fox", "count": 1.5}, "count must be a whole number"},
		"a text":        {"generate", args{"prompt": "a fox", "count": "2"}, "count must be a whole number"},
		"a number":      {"generate", args{"prompt": 2}, "prompt must be a text"},
		"not yes":       {"generate", args{"prompt": "a fox", "extend_prompt": "yes"}, "extend_prompt must be true or false"},
		"large seed":    {"generate", args{"prompt": "a fox", "seed": 1e30}, "seed must be at most 9007199254740991"},
		"an odd seed":   {"generate", json.RawMessage(`{"prompt":"a fox","seed":9007199254740993}`), "seed must be at most 9007199254740991"},
		"a low seed":    {"generate", json.RawMessage(`{"prompt":"a fox","seed":-9007199254740992}`), "seed must be at least -9007199254740991"},
		"half a pair":   {"generate", json.RawMessage(`{"prompt":"a \ud83e fox"}`), lostCharacter},
		"in a name":     {"generate", json.RawMessage(`{"prompt":"a fox","source_files":["a\udc00.png"]}`), lostCharacter},
		"half an id":    {"info", json.RawMessage(`{"task_id":"a\ud800b"}`), lostCharacter},
		"in ids":        {"delete", json.RawMessage(`{"task_ids":["a","b\ud800"]}`), lostCharacter},
		"a zero byte":   {"delete", json.RawMessage(`{"task_ids":["a","b\u0000"]}`), "task_ids has a character that is not printable, such as a line break"},
		"a line break":  {"wait", args{"task_id": "a\nb"}, "task_id has a character that is not printable, such as a line break"},
		"a key as task": {"download", args{"task_id": "x" + clitest.Key}, "task_id holds the API key"},
		"other field":   {"generate", args{"prompt": "a fox", "n": 2}, `unknown argument "n"; the arguments are count, extend_prompt, image_url, model, prompt, resolution, seed, source_files`},
		"no task":       {"wait", args{}, "missing: task_id"},
		"no time":       {"wait", args{"task_id": "a", "timeout_seconds": 0}, "timeout_seconds must be at least 1"},
		"too long":      {"wait", args{"task_id": "a", "timeout_seconds": 601}, "timeout_seconds must be at most 600"},
		"no ids":        {"delete", args{"task_ids": []string{}}, "task_ids must have at least 1 item"},
		"null ids":      {"delete", args{"task_ids": nil}, "task_ids must be a list"},
		"many ids":      {"delete", args{"task_ids": make([]string, 101)}, "task_ids must have at most 100 items"},
		"numbers":       {"delete", args{"task_ids": []int{1}}, "each of task_ids must be a text"},
		"unknown state": {"list", args{"states": []string{"lost"}}, "each of states must be one of planned submitting submitted completed saved failed in-doubt refused deleted"},
		"the key":       {"list", args{"states": []string{clitest.Key}}, "each of states must be one of planned submitting submitted completed saved failed in-doubt refused deleted"},
		"a list":        {"list", []int{1}, "the arguments are not an object with values of the right types"},
	} {
		result, err := r.agent.CallTool(t.Context(), &sdk.CallToolParams{Name: c.tool, Arguments: c.args})
		if err != nil || !result.IsError || textOf(result) != c.want+"; nothing was sent" {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := r.agent.CallTool(t.Context(), &sdk.CallToolParams{Name: "spend"}); err == nil {
		t.Error("an unknown tool is called")
	}
}
