package evolution

import (
	"encoding/json"
	"flag"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// each is for maintainers and the nightly run: it takes minutes for each edit.
var each = flag.Bool("edits", false, "import the contract with each single edit, and run all tests of it (make evolution)")

// edit is one change of what the contract says of the operations that the wrapper
// offers. None of them changes the Go API in a way that breaks our code.
type edit struct {
	name     string
	patches  []string // JSON Merge Patches of the contract
	moves    map[string]string
	verdicts []verdict
}

// verdict is a request with its response, and what the client and the fake make of
// them; testdata/verdicts_test.go has the same type, with comments.
type verdict struct {
	Edit      string
	Operation string
	Body      string            `json:",omitempty"`
	Form      map[string]string `json:",omitempty"`
	Status    int               `json:",omitempty"`
	Response  string            `json:",omitempty"`
	Want      string            `json:",omitempty"`
}

// responds is the verdict on a response.
func responds(operation string, status int, body, want string) verdict {
	return verdict{Operation: operation, Body: usualBodies[operation], Form: usualForms[operation], Status: status, Response: body, Want: want}
}

// sends is the verdict on a request with a JSON body.
func sends(operation, body, want string) verdict {
	return verdict{Operation: operation, Body: body, Want: want}
}

// submits is the verdict on a request with a form, which the fake gives.
func submits(operation string, form map[string]string, want string) verdict {
	return verdict{Operation: operation, Form: form, Want: want}
}

// Requests that satisfy the contract with any of the edits, and with all of them.
var (
	usualBodies = map[string]string{
		"deleteImagesTask": `{"uid":"u1","taskids":["abcd_1234567890abcdef"]}`,
		"cancelImagesTask": `{"uid":"u1","taskids":["abcd_1234567890abcdef"]}`, // of the operation that is added
		"infoByTaskId":     `{"taskid":"abcd_1234567890abcdef"}`,
	}
	usualForms = map[string]map[string]string{
		"seeDreamV4": {"prompt": "a fox"},
		"zImage":     {"prompt": "a fox", "style": "oil"},
	}
)

const (
	deleted   = `{"code":1000,"msg":"ok","data":{"status":"Success"}}`
	created   = `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef"}}`
	completed = `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":3,"url":["https://example.com/1.png"]}}`
)

var edits = []edit{
	{name: "nothing", verdicts: []verdict{
		responds("deleteImagesTask", 200, deleted, ""),
		responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":7}`, "/data: type"),
		sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
		sends("deleteImagesTask", `{"uid":"u1","taskids":"a"}`, "refused /taskids"),
		submits("zImage", usualForms["zImage"], ""),
		submits("seeDreamV4", map[string]string{"prompt": "a fox", "batchsize": "16"}, "refused"),
	}},
	{name: "status and taskid required",
		patches: []string{`{"components": {"schemas": {
			"DeleteImagesTaskData": {"required": ["status"]}, "GeneralData": {"required": ["taskid"]}, "ImageInfoData": {"required": ["taskid", "image_status"]}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, deleted, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":{}}`, "/data/status: required"),
			responds("seeDreamV4", 200, created, ""),
			responds("seeDreamV4", 200, `{"code":1000,"msg":"ok","data":{}}`, "/data/taskid: required"),
			responds("infoByTaskId", 200, completed, ""),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef"}}`, "/data/image_status: required"),
			sends("infoByTaskId", usualBodies["infoByTaskId"], ""), // the fake's response has both
		}},
	{name: "msg optional",
		patches: []string{`{"components": {"schemas": {"BaseResponse": {"required": ["code"]}, "ErrorResponse": {"required": ["code"]}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, `{"code":1000,"data":{"status":"Success"}}`, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":7,"data":{"status":"Success"}}`, "/msg: type"),
			responds("seeDreamV4", 200, `{"code":1000,"data":{"taskid":"abcd_1234567890abcdef"}}`, ""),
		}},
	{name: "uid required",
		patches: []string{`{"components": {"schemas": {"DeleteImagesTaskRequest": {"required": ["uid", "taskids"]}}}}`},
		verdicts: []verdict{
			sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
			sends("deleteImagesTask", `{"taskids":["abcd_1234567890abcdef"]}`, "refused /uid"),
		}},
	{name: "limits of ids",
		patches: []string{
			`{"components": {"schemas": {"DeleteImagesTaskRequest": {"properties": {"taskids": {"minItems": 1, "maxItems": 2,
				"items": {"minLength": 3, "maxLength": 64, "pattern": "^[A-Za-z0-9_]+$"}}}}, "GeneralData": {"properties": {"taskid": {"minLength": 3}}}}}}`,
		},
		verdicts: []verdict{
			sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abc","abd","abe"]}`, "refused /taskids"),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abc","a"]}`, "refused /taskids/1"),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["a-b-c"]}`, "refused /taskids/0"),
			responds("seeDreamV4", 200, created, ""),
			responds("seeDreamV4", 200, `{"code":1000,"msg":"ok","data":{"taskid":"a"}}`, "/data/taskid: minLength"),
		}},
	{name: "nothing else allowed",
		patches: []string{`{"components": {"schemas": {"DeleteImagesTaskRequest": {"additionalProperties": false}, "DeleteImagesTaskData": {"additionalProperties": false},
			"GeneralData": {"additionalProperties": false}, "ImageInfoData": {"additionalProperties": false}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, deleted, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":{"status":"Success","more":1}}`, "/data: properties"),
			responds("seeDreamV4", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","more":1}}`, "/data: properties"),
			sends("infoByTaskId", usualBodies["infoByTaskId"], ""),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abcd_1234567890abcdef"],"more":1}`, "refused "),
		}},
	{name: "202 documented",
		patches: []string{`{"paths": {"/v1/images/seedreamv4": {"post": {"responses": {"202": {"description": "Queued",
			"content": {"application/json": {"schema": {"$ref": "#/components/schemas/GeneralResponse"}}}}}}}}}`},
		verdicts: []verdict{
			responds("seeDreamV4", 202, created, ""),
			responds("seeDreamV4", 202, `{"code":1000,"msg":"ok"}`, "/data: required"),
			responds("seeDreamV4", 203, created, "status"),
		}},
	{name: "default response",
		patches: []string{`{"paths": {"/v1/images/zimage": {"post": {"responses": {"default": {"description": "Refused",
			"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}}}}}}}`},
		verdicts: []verdict{
			responds("zImage", 200, created, ""),
			responds("zImage", 200, `{"code":1000,"msg":"ok"}`, "/data: required"),
			responds("zImage", 500, `{"code":9999,"msg":"no"}`, "HTTP 500, code 9999"),
		}},
	{name: "paths moved",
		moves: map[string]string{"/v1/images/deleteimagestask": "/v2/images/tasks/delete", "/v1/images/seedreamv5": "/v2/images/seedreamv5"},
		verdicts: []verdict{
			sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
			responds("deleteImagesTask", 200, deleted, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok"}`, "/data: required"),
		}},
	{name: "one more value",
		patches: []string{`{"paths": {"/v1/images/seedreamv4": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {
			"resolution": {"enum": ["9:16", "16:9", "3:4", "4:3", "1:1", "21:9"]}}}}}}}}}}`},
		verdicts: []verdict{
			submits("seeDreamV4", map[string]string{"prompt": "a fox", "resolution": "21:9"}, ""),
			submits("seeDreamV4", map[string]string{"prompt": "a fox", "resolution": "9:21"}, "refused"),
		}},
	{name: "readOnly",
		patches: []string{`{"components": {"schemas": {"GeneralData": {"properties": {"taskid": {"readOnly": true}}}, "ImageInfoData": {"properties": {"prompt": {"readOnly": true}}},
			"DeleteImagesTaskRequest": {"properties": {"made": {"type": "string", "readOnly": true}}}}}}`},
		verdicts: []verdict{
			responds("seeDreamV4", 200, created, ""),
			sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abcd_1234567890abcdef"],"made":"now"}`, "refused /made"),
		}},
	{name: "form fields required",
		patches: []string{`{"paths": {
			"/v1/images/seedreamv4": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"required": ["prompt"]}}}}}},
			"/v1/images/zimage": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"required": ["prompt", "style"], "properties": {"style": {"type": "string"}}}}}}}}}}`},
		verdicts: []verdict{
			submits("seeDreamV4", usualForms["seeDreamV4"], ""),
			submits("zImage", usualForms["zImage"], ""),
			submits("zImage", map[string]string{"prompt": "a fox"}, "refused"),
		}},
	{name: "other words",
		patches: []string{`{"info": {"description": "Other words"}, "components": {"schemas": {"GeneralData": {"description": "Other words"},
			"DeleteImagesTaskData": {"properties": {"status": {"description": "Other words"}}}}}}`},
		verdicts: []verdict{responds("deleteImagesTask", 200, deleted, "")}},
	{name: "another host",
		patches:  []string{`{"servers": [{"url": "https://images.tensorslab.com"}]}`},
		verdicts: []verdict{responds("deleteImagesTask", 200, deleted, "")}},
	{name: "fields added",
		patches: []string{`{"components": {"schemas": {"DeleteImagesTaskRequest": {"properties": {"reason": {"type": "string"}}},
			"DeleteImagesTaskData": {"properties": {"count": {"type": "integer"}}}, "ImageInfoData": {"properties": {"credits": {"type": "number"}}}}},
			"paths": {"/v1/images/seedreamv45": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"webhook": {"type": "string"}}}}}}}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":{"status":"Success","count":3}}`, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":{"status":"Success","count":"3"}}`, "/data/count: type"),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abcd_1234567890abcdef"],"reason":7}`, "refused /reason"),
		}},
	{name: "operation added",
		patches: []string{`{"paths": {"/v1/images/canceltask": {"post": {"operationId": "cancelImagesTask", "security": [{"ApiKeyAuth": []}],
			"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeleteImagesTaskRequest"}}}},
			"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeleteImagesTaskResponse"}}}}}}}}}`},
		verdicts: []verdict{
			responds("cancelImagesTask", 200, deleted, ""),
			responds("cancelImagesTask", 200, `{"code":1000,"msg":"ok","data":7}`, "/data: type"),
		}},
	{name: "a body required",
		patches: []string{`{"paths": {"/v1/images/seedreamv4": {"post": {"requestBody": {"required": true}}}, "/v1/images/seedreamv45": {"post": {"requestBody": {"required": true}}}}}`},
		verdicts: []verdict{
			submits("seeDreamV4", usualForms["seeDreamV4"], ""),
			submits("seeDreamV45", usualForms["seeDreamV4"], ""),
		}},
	{name: "more statuses documented",
		patches: []string{`{"paths": {"/v1/images/deleteimagestask": {"post": {"responses": {
			"401": {"description": "No key", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}},
			"5XX": {"description": "Out of order", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}}}}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, deleted, ""),
			responds("deleteImagesTask", 401, `{"code":9999,"msg":"no"}`, "HTTP 401, code 9999"),
			responds("deleteImagesTask", 503, `<html>`, "HTTP 503, code 0"),
		}},
	{name: "words that become lists of values",
		patches: []string{`{"components": {"schemas": {"BaseResponse": {"properties": {"code": {"enum": [1000, 9000, 9999]}}},
			"DeleteImagesTaskData": {"properties": {"status": {"enum": ["Success", "Failed"]}}},
			"ImageInfoData": {"properties": {"image_status": {"enum": [1, 2, 3, 4]}}}}}}`},
		verdicts: []verdict{
			responds("deleteImagesTask", 200, deleted, ""),
			responds("deleteImagesTask", 200, `{"code":1000,"msg":"ok","data":{"status":"Maybe"}}`, "/data/status: enum"),
			responds("infoByTaskId", 200, completed, ""),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":7}}`, "/data/image_status: enum"),
		}},
	{name: "nullable",
		patches: []string{`{"components": {"schemas": {"ImageInfoData": {"properties": {"error_message": {"nullable": true}}}}}}`},
		verdicts: []verdict{
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":2,"error_message":null}}`, ""),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":2,"url":[null]}}`, "/data/url/0: nullable"),
		}},
	{name: "a larger batch and another default",
		patches: []string{`{"paths": {"/v1/images/seedreamv5": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {
			"batchsize": {"maximum": 30, "default": 2}, "resolution": {"default": "4K"}}}}}}}}}}`},
		verdicts: []verdict{
			submits("seeDreamV5", map[string]string{"prompt": "a fox", "batchsize": "30"}, ""),
			submits("seeDreamV5", map[string]string{"prompt": "a fox", "batchsize": "31"}, "refused"),
		}},
	{name: "deprecated",
		patches:  []string{`{"paths": {"/v1/images/seedreamv4": {"post": {"deprecated": true}}}, "components": {"schemas": {"ImageInfoData": {"properties": {"type": {"deprecated": true}}}}}}`},
		verdicts: []verdict{responds("seeDreamV4", 200, created, "")}},
	{name: "headers of a response",
		patches: []string{`{"paths": {"/v1/images/infobytaskid": {"post": {"responses": {"200": {"headers": {"X-Request-Id": {"schema": {"type": "string"}}}}}}}}}`},
		verdicts: []verdict{
			responds("infoByTaskId", 200, completed, ""),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok"}`, "/data: required"),
		}},
	{name: "limits of a response",
		patches: []string{`{"components": {"schemas": {"ImageInfoData": {"properties": {"width": {"minimum": 1, "maximum": 16384}, "url": {"maxItems": 30, "items": {"pattern": "^https?://"}}}},
			"BaseResponse": {"properties": {"msg": {"maxLength": 200}}}}}}`},
		verdicts: []verdict{
			responds("infoByTaskId", 200, completed, ""),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":2,"width":16385}}`, "/data/width: maximum"),
			responds("infoByTaskId", 200, `{"code":1000,"msg":"ok","data":{"taskid":"abcd_1234567890abcdef","image_status":2,"url":["ftp://example.com/1.png"]}}`, "/data/url/0: pattern"),
			sends("infoByTaskId", usualBodies["infoByTaskId"], ""), // the fake's images are within them
		}},
	{name: "each id once",
		patches: []string{`{"components": {"schemas": {"DeleteImagesTaskRequest": {"properties": {"taskids": {"uniqueItems": true}}}}}}`},
		verdicts: []verdict{
			sends("deleteImagesTask", usualBodies["deleteImagesTask"], ""),
			sends("deleteImagesTask", `{"uid":"u1","taskids":["abcd_1234567890abcdef","abcd_1234567890abcdef"]}`, "refused /taskids"),
		}},
	{name: "a second server",
		patches:  []string{`{"servers": [{"url": "https://api.tensorslab.com"}, {"url": "https://eu.tensorslab.com"}]}`},
		verdicts: []verdict{responds("deleteImagesTask", 200, deleted, "")}},
}

// apply returns contract with the edits.
func apply(t *testing.T, contract any, edits ...edit) any {
	t.Helper()
	for _, e := range edits {
		for _, patch := range e.patches {
			contract = difftest.Merge(contract, difftest.Decode(t, []byte(patch)))
		}
	}
	changed := maps.Clone(contract.(difftest.Object))
	paths := maps.Clone(changed["paths"].(difftest.Object))
	for _, e := range edits { // patches are of the paths as they were
		for from, to := range e.moves {
			paths[to] = paths[from]
			delete(paths, from)
		}
	}
	changed["paths"] = paths
	return changed
}

// writeVerdicts writes the verdicts of edits into a package of the module at dir.
func writeVerdicts(t *testing.T, dir string, edits ...edit) {
	t.Helper()
	var all []verdict
	for _, e := range edits {
		for _, v := range e.verdicts {
			v.Edit = e.name
			all = append(all, v)
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "internal", "dev", "verdicts", "verdicts.json"), data)
	copyFile(t, filepath.Join("testdata", "verdicts_test.go"), filepath.Join(dir, "internal", "dev", "verdicts", "verdicts_test.go"))
}

// Each edit alone leads to a valid contract, too, and changes it.
func TestEditsAreValid(t *testing.T) {
	t.Parallel()
	unchanged := string(difftest.Encode(t, base(t)))
	for _, e := range edits {
		contract := difftest.Encode(t, apply(t, base(t), e))
		if err := codegen.Validate(contract); err != nil || (string(contract) == unchanged) != (e.name == "nothing") {
			t.Errorf("%s: %v; unchanged: %t", e.name, err, string(contract) == unchanged)
		}
		if *documents != "" {
			writeFile(t, filepath.Join(*documents, "edit-"+fileName(e.name)+".json"), contract)
		}
	}
	if *documents != "" {
		writeFile(t, filepath.Join(*documents, "edit-all.json"), difftest.Encode(t, apply(t, base(t), edits...)))
	}
}

func fileName(name string) string { return strings.ReplaceAll(name, " ", "-") }

// All edits at once: each verdict holds in the contract that has all of them.
func TestEditsTogether(t *testing.T) {
	nested.Need(t)
	needGenerator(t)
	dir := moduleCopy(t)
	if err := codegen.Adopt(t.Context(), dir, difftest.Encode(t, apply(t, base(t), edits...))); err != nil {
		t.Fatal(err)
	}
	writeVerdicts(t, dir, edits...)
	goCommand(t, dir, "test", "-count=1", "-ldflags=-w", "./internal/dev/verdicts")
}

// userPackages are those whose tests stand on a frozen contract.
var userPackages = []string{".", "./wrapper", "./fakeapi", "./batch", "./internal/conformance", "./internal/contract", "./internal/form"}

// Each edit alone, and then all of them at once, is imported as make update-spec does
// it, and then all tests pass that a user of the module has reason to run, with no
// change by hand.
func TestEachEdit(t *testing.T) {
	if !*each {
		t.Skip("it takes minutes for each edit: run make evolution")
	}
	needGenerator(t)
	for _, e := range edits {
		t.Run(fileName(e.name), func(t *testing.T) { importAndTest(t, e) })
	}
	t.Run("all", func(t *testing.T) { importAndTest(t, edits...) })
}

func importAndTest(t *testing.T, edits ...edit) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "module")
	if err := codegen.CopyModule(moduleRoot, dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "edited.json")
	writeFile(t, file, difftest.Encode(t, apply(t, base(t), edits...)))
	var report strings.Builder
	err := codegen.Stream(t.Context(), &report, dir, []string{"SPEC_FILE=" + file}, "go", "run", "./internal/dev/updatespec")
	t.Logf("make update-spec:\n%s", report.String())
	if err != nil {
		t.Fatal(err)
	}
	writeVerdicts(t, dir, edits...)
	for _, args := range [][]string{{"./internal/dev/verdicts"}, userPackages, {"./cmd/tensorslab/..."}, {"-run=TestTheLifeOfJobs|TestProgram", "./durable/..."}} {
		var out strings.Builder
		args = append([]string{"test", "-count=1"}, args...)
		// The command and durable are modules of their own, and go.work builds them with this one.
		if err := codegen.Stream(t.Context(), &out, dir, []string{"GOWORK="}, "go", args...); err != nil {
			t.Errorf("go %s: %v\n%s", args, err, out.String())
		}
	}
}
