package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// caller is one way to make the request.
type caller struct {
	name    string
	mode    wrapper.ValidationMode
	deletes bool // by DeleteImagesTask, which reads data.status as well
	log     *bytes.Buffer
	call    func(context.Context) (*generated.DeleteImagesTaskResponse, error)
}

func callers(t *testing.T, base string, hc *http.Client) []caller {
	t.Helper()
	all := []caller{{name: "NewContractDoer", log: new(bytes.Buffer), call: throughGenerated(t, newPlainClient(t, base, hc))}}
	for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
		log := new(bytes.Buffer)
		logger := slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		client := newClient(t, base, hc.Transport, wrapper.WithValidation(mode), wrapper.WithLogger(logger))
		all = append(all,
			caller{mode.String() + "/Generated", mode, false, log, throughGenerated(t, client.Generated())},
			caller{mode.String() + "/DeleteImagesTask", mode, true, log, func(ctx context.Context) (*generated.DeleteImagesTaskResponse, error) {
				return client.DeleteImagesTask(ctx, oneID)
			}})
	}
	return all
}

// throughGenerated returns a call of the generated client. The call fails the
// test if it gets neither a response nor an error.
func throughGenerated(t *testing.T, client *generated.ClientWithResponses) func(context.Context) (*generated.DeleteImagesTaskResponse, error) {
	return func(ctx context.Context) (*generated.DeleteImagesTaskResponse, error) {
		rsp, err := client.DeleteImagesTaskWithResponse(ctx, oneID)
		if err != nil {
			return nil, err
		}
		if rsp.JSON200 == nil {
			t.Fatalf("JSON200 and the error are both nil (%s, %q)", rsp.Status(), rsp.ContentType())
		}
		return rsp.JSON200, nil
	}
}

func (row *servedRow) large() bool {
	return len(row.body) > 16<<10 || row.header["Content-Encoding"] != "" && len(row.body) > 512
}

// skips reports whether c would only repeat what a large response costs.
func (row *servedRow) skips(c caller) bool {
	return row.large() && (c.mode == wrapper.Report || c.mode == wrapper.Enforce && strings.HasSuffix(c.name, "/Generated"))
}

// check calls twice where the client could learn something from the first
// response, which must not change the verdict.
func (row *servedRow) check(t *testing.T, c caller) {
	times := 1
	if row.status == http.StatusOK && !row.large() {
		times = 2
	}
	for range times {
		before := row.requests.Load()
		c.log.Reset()
		got, err := c.call(t.Context())
		if n := row.requests.Load() - before; n != 1 {
			t.Errorf("%d requests were made, want 1", n)
		}
		passed := row.passesOn(c.mode)
		if err != nil && (c.deletes || !passed) {
			checkText(t, err)
		}
		if passed {
			row.checkPassedOn(t, c, got, err)
		} else {
			row.checkVerdict(t, c, got, err)
		}
		row.checkLog(t, c, passed)
	}
}

func (row *servedRow) checkVerdict(t *testing.T, c caller, got *generated.DeleteImagesTaskResponse, err error) {
	t.Helper()
	if row.want.kind == nil {
		if err != nil || *got != row.want.response {
			t.Errorf("got %+v, %v; want %+v", got, err, row.want.response)
		}
		return
	}
	if err == nil || got != nil {
		t.Fatalf("got %+v and error %v", got, err)
	}
	checkKind(t, err, row.want.kind)
	checkSentinels(t, err, row.want.sentinels)
	row.checkFields(t, err)
}

func (row *servedRow) checkFields(t *testing.T, err error) {
	t.Helper()
	status, requestID := row.status, "request "+row.id
	if row.status == raw {
		status, requestID = row.want.status, ""
		if row.want.kind != nil && status == 0 && !strings.HasPrefix(row.body, "HTTP/1.1 000") {
			status = 200
		}
	}
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	switch {
	case errors.As(err, &api):
		if api.Code != row.want.code || api.Message != row.want.msg {
			t.Errorf("code %d and message %q, want %d and %q", api.Code, api.Message, row.want.code, row.want.msg)
		}
		checkCommon(t, api.Operation, api.HTTPStatus, status, api.RequestID, requestID, api.Attempts)
		row.checkBody(t, api.Body)
	case errors.As(err, &contract):
		checkCommon(t, contract.Operation, contract.HTTPStatus, status, contract.RequestID, requestID, contract.Attempts)
		checkViolations(t, row.want, contract.Violations)
	case errors.As(err, &transport):
		checkCommon(t, transport.Operation, status, status, requestID, requestID, transport.Attempts)
	}
}

func checkCommon(t *testing.T, operation string, status, wantStatus int, requestID, wantID string, attempts int) {
	t.Helper()
	if operation != "deleteImagesTask" || status != wantStatus || requestID != wantID || attempts != 1 {
		t.Errorf("operation %q, status %d, request id %q, attempts %d; want status %d, id %q, 1 attempt",
			operation, status, requestID, attempts, wantStatus, wantID)
	}
}

// checkBody checks that the beginning of a refusal is kept, decompressed.
func (row *servedRow) checkBody(t *testing.T, body []byte) {
	t.Helper()
	if row.status == raw || row.header["Content-Encoding"] != "" || row.status == 304 {
		return
	}
	if want := row.body[:min(len(row.body), maxErrorBodyBytes)]; string(body) != want {
		t.Errorf("kept %d bytes of the body, want %d: %.100q", len(body), len(want), body)
	}
}

// passesOn reports whether mode passes on the response: Report and Off do, if it
// can be decoded, and what it says of success can be read in one way and is no failure.
func (row *servedRow) passesOn(mode wrapper.ValidationMode) bool {
	if said, _ := row.decoded(); said.Code != 0 && said.Code != wrapper.CodeSuccess || row.want.full {
		return false
	}
	if _, ok := row.want.kind.(**wrapper.ContractError); !ok || mode == wrapper.Enforce || row.want.inEachMode {
		return false
	}
	for _, v := range row.want.violations {
		switch v.Keyword {
		case wrapper.KeywordStatus, wrapper.KeywordSize:
			return false
		case wrapper.KeywordUniqueKeys, wrapper.KeywordKeyCase:
			if slices.ContainsFunc([]string{"/code", "/data", "/data/status", "/data/taskid"}, func(p string) bool { return strings.EqualFold(p, v.Pointer) }) {
				return false
			}
		case wrapper.KeywordJSON: // at a pointer it is a text that can still be decoded
			return v.Pointer != ""
		}
	}
	return true
}

// decoded returns the body as encoding/json reads it, and whether it can.
func (row *servedRow) decoded() (said generated.DeleteImagesTaskResponse, ok bool) {
	_, body, isRaw := strings.Cut(row.body, "\r\n\r\n")
	if !isRaw {
		body = row.body
	}
	ok = json.Unmarshal([]byte(body), &said) == nil
	return said, ok
}

// checkPassedOn checks a response that is passed on: the caller gets what can be
// decoded, but DeleteImagesTask returns no success without code 1000.
func (row *servedRow) checkPassedOn(t *testing.T, c caller, got *generated.DeleteImagesTaskResponse, err error) {
	t.Helper()
	want, decodes := row.decoded()
	status := strings.TrimSpace(want.Data.Status)
	confirmed := want.Code == 1000 && (status == "" || strings.EqualFold(status, "Success"))
	switch {
	case decodes && (confirmed || !c.deletes):
		if err != nil || *got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	case err == nil:
		t.Errorf("got %+v without an error", got)
	case c.deletes && !errors.As(err, new(*wrapper.ContractError)) && !errors.As(err, new(*wrapper.APIError)):
		t.Errorf("got a %T: %v", err, err)
	}
}

// checkLog checks that Report logs what it passes on, and that no key and no body
// is logged.
func (row *servedRow) checkLog(t *testing.T, c caller, passed bool) {
	t.Helper()
	text := c.log.String()
	if got, want := strings.Contains(text, textReported), passed && c.mode == wrapper.Report; got != want {
		t.Errorf("reported: %t, want %t: %s", got, want, text)
	}
	if strings.Contains(text, testKey) || strings.Contains(text, canary) {
		t.Errorf("the log holds the key or the body: %s", text)
	}
}
