package changes

import (
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

const moduleRoot = "../../../.."

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// contract returns a document that does not change with the vendored one.
func contract(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(moduleRoot + "/internal/dev/codegen/testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func replaced(t *testing.T, text, old, now string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the contract does not hold %q", old)
	}
	return strings.Replace(text, old, now, 1)
}

const uid = `"uid": {
            "type": "string",`

func TestContract(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	old := contract(t)
	withField := replaced(t, old, `"status": {`, `"count": {"type": "integer"}, "status": {`)
	tests := []struct {
		name, old, now string
		text, markdown []string // each is part of the report
		breaking       bool
	}{
		{name: "a field added", old: old, now: withField,
			text:     []string{"added the optional property `data/count` to the response", "POST /v1/images/deleteimagestask", "1 change, 0 breaking"},
			markdown: []string{"### POST /v1/images/deleteimagestask\n", "- "}},
		{name: "an operation removed", old: replaced(t, old, `"paths": {`, `"paths": {"/v1/other": {"get": {"operationId": "other", "responses": {"200": {"description": "OK"}}}},`), now: old,
			text: []string{"breaks callers: ", "GET /v1/other", "1 breaking"}, markdown: []string{"GET /v1/other", ":warning:"}, breaking: true},
		{name: "a field required", old: old, now: replaced(t, old, "\"required\": [\n          \"taskids\"", "\"required\": [\n          \"uid\", \"taskids\""),
			text: []string{"the request property `uid` became required"}, markdown: []string{":warning:"}, breaking: true},
		{name: "a field of a request removed", old: old, now: replaced(t, old, uid, strings.Replace(uid, "uid", "user", 1)),
			text: []string{"removed the request property `uid`", "breaks callers: "}, markdown: []string{":warning:"}, breaking: true},
		{name: "a text changed", old: old, now: replaced(t, old, "Batch delete specified", "Delete the specified"),
			text: []string{onlyTexts}, markdown: []string{onlyTexts}},
		{name: "white space", old: old, now: strings.ReplaceAll(old, "\n", ""), text: []string{onlyTexts}, markdown: []string{onlyTexts}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for format, want := range map[Format][]string{Text: tt.text, Markdown: tt.markdown} {
				report, err := Contract(t.Context(), moduleRoot, []byte(tt.old), []byte(tt.now), format)
				if err != nil {
					t.Fatal(err)
				}
				if report.Breaking != tt.breaking {
					t.Errorf("breaking: %t; want %t", report.Breaking, tt.breaking)
				}
				isReport(t, report.Text, want)
			}
		})
	}
}

// isReport checks that a report holds all parts and is tidy.
func isReport(t *testing.T, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the report lacks %q: %s", part, text)
		}
	}
	if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") || strings.Contains(text, "\n\n\n") || strings.Contains(text, "\x1b") {
		t.Errorf("the report is not tidy: %q", text)
	}
	if strings.Contains(text, os.TempDir()) {
		t.Errorf("the report names a temporary folder: %s", text)
	}
}

// The same contract needs no program to compare.
func TestContractThatIsTheSame(t *testing.T) {
	t.Parallel()
	old := []byte(contract(t))
	report, err := Contract(t.Context(), t.TempDir(), old, old, Text)
	if err != nil || report != (Report{}) {
		t.Errorf("%+v, %v; want nothing", report, err)
	}
}

func TestContractFails(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	old := contract(t)
	tests := []struct{ name, root, old, now, want string }{
		{"an older one that is no contract", moduleRoot, "<html>", old, "the older contract: "},
		{"a newer one that is no contract", moduleRoot, old, "{", "the newer contract: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			report, err := Contract(t.Context(), tt.root, []byte(tt.old), []byte(tt.now), Text)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || report != (Report{}) {
				t.Errorf("%+v, %v; want one line with %q", report, err, tt.want)
			}
		})
	}
}
