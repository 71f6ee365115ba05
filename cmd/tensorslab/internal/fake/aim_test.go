package fake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

const models = "[seeDreamV4 seeDreamV45 seeDreamV5 zImage]"

func TestParseAim(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"generate:2:503":         models + " 2-2",
		"GENERATE:2:503:acted":   models + " 2-2",
		"seedreamv45:1:drop":     "[seeDreamV45] 1-1",
		"seeDreamV45:1:drop":     "[seeDreamV45] 1-1",
		"zimage:3-5:429":         "[zImage] 3-5",
		"info:1:599":             "[infoByTaskId] 1-1",
		"wait:1:400":             "[infoByTaskId] 1-1",
		"infoByTaskId:1:9999":    "[infoByTaskId] 1-1",
		"delete:7:9000:acted":    "[deleteImagesTask] 7-7",
		"deleteimagestask:1:500": "[deleteImagesTask] 1-1",
		"download:1-9:drop":      "[] 1-9",
	} {
		aims, err := parseAims([]string{value})
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		if got := fmt.Sprintf("%v %d-%d", aims[0].operations, aims[0].first, aims[0].last); got != want {
			t.Errorf("%s is %s, want %s", value, got, want)
		}
	}
}

// Each error says what to write, and repeats nothing that may be a key.
func TestParseAimRefuses(t *testing.T) {
	t.Parallel()
	const form = "--fail must be OP:N:HOW or OP:N:HOW:acted, such as generate:2:503"
	const call = "--fail needs the number of a call, from 1, or N-M for several, such as generate:2:503 or generate:2-5:503"
	const how = "--fail needs an HTTP status from 400 to 599, a code of the service from 1001, or drop, such as generate:2:503"
	const all = "delete, deleteImagesTask, download, generate, info, infoByTaskId, seeDreamV4, seeDreamV45, seeDreamV5, wait, zImage"
	for value, want := range map[string]string{
		"generate": form, "generate:1": form, "generate:1:503:act": form, "generate:1:503:acted:x": form, "generate:1:503:": form,
		"generate:0:503": call, "generate:-1:503": call, "generate:x:503": call, "generate::503": call, "generate:3-2:503": call, "generate:1-:503": call,
		"generate:1:200": how, "generate:1:399": how, "generate:1:600": how, "generate:1:1000": how, "generate:1:": how, "generate:1:dorp": how, "generate:1:-503": how,
		"genrate:1:503":          `--fail names an unknown operation "genrate"; did you mean generate?`,
		"seedreamv:1:503":        `--fail names an unknown operation "seedreamv"; did you mean seeDreamV4?`,
		"dowload:1:503":          `--fail names an unknown operation "dowload"; did you mean download?`,
		"del:1:503":              `--fail names an unknown operation "del"; did you mean delete?`,
		"list:1:503":             `--fail names an unknown operation "list"; use one of ` + all,
		":1:503":                 "--fail names an unknown operation; use one of " + all,
		clitest.Key + ":1:503":   "--fail names an unknown operation; use one of " + all,
		"sk0123456789abc:1:503":  "--fail names an unknown operation; use one of " + all,
		"generate\x1b[2J:1:503":  "--fail names an unknown operation; use one of " + all,
		"generate:1:503:\x1b[2J": form,
	} {
		clitest.WantError(t, clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", "127.0.0.1:0", "--fail", value), cli.Usage, want)
	}
}

// statusOf sends a raw request, and returns the HTTP status and the code of the service.
func statusOf(t *testing.T, url, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer any-key")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "lost"
	}
	defer res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	text, _ := io.ReadAll(res.Body)
	code, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte(`{"code":`)), []byte(","))
	return fmt.Sprintf("%d %s", res.StatusCode, code)
}

// A fault is that of the call with its number, of its operation alone.
func TestFaultsOfFlags(t *testing.T) {
	t.Parallel()
	f := flags{addr: "127.0.0.1:0", tasks: 2, isSet: func(string) bool { return false }, fail: []string{
		"info:2:503", "info:3-4:429", "delete:1:drop", "delete:2:9000", "delete:3:500:acted", "download:1:404",
	}}
	fake, err := f.start()
	if err != nil {
		t.Fatal(err)
	}
	defer fake.Close()
	var got []string
	for range 5 {
		got = append(got, statusOf(t, fake.URL+"/v1/images/infobytaskid", `{"taskid":"task_000001"}`))
	}
	for i := range 4 {
		if i == 2 && len(fake.Tasks()) != 2 {
			t.Error("a fault without acted has deleted tasks")
		}
		got = append(got, statusOf(t, fake.URL+"/v1/images/deleteimagestask", `{"taskids":["task_000001"]}`))
		if i == 2 && len(fake.Tasks()) != 1 {
			t.Error("a fault with acted has deleted nothing")
		}
	}
	want := []string{"200 1000", "503 9999", "429 9999", "429 9999", "200 1000", "lost", "200 9000", "500 9999", "200 1000"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("responses %q, want %q", got, want)
	}
	for _, want := range []int{http.StatusNotFound, http.StatusOK} {
		res, err := fake.Client().Get(fake.ImageURLs("task_000002")[0])
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("image: status %d, want %d", res.StatusCode, want)
		}
	}
}
