package wrapper

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/form"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// generation is what the operations that generate images differ in.
type generation struct {
	operation       string
	newRequest      builder
	checkResolution func(string) string // says what is wrong with one, beyond the contract; may be nil
}

// generate checks req, a generated request struct, and sends it as a form.
func (c *Client) generate(ctx context.Context, g generation, req any) (*generated.GeneralResponse, error) {
	if err := c.ready(ctx, g.operation); err != nil {
		return nil, err
	}
	fields, err := form.FieldsOf(req)
	if err != nil {
		return nil, g.refused(c.engine, err)
	}
	return c.submit(ctx, g, fields)
}

// submit checks the fields of a form, and sends them.
func (c *Client) submit(ctx context.Context, g generation, fields form.Fields) (*generated.GeneralResponse, error) {
	if err := g.check(c.engine, fields); err != nil {
		return nil, g.refused(c.engine, err)
	}
	f, err := form.New(fields, c.anySource)
	if err != nil {
		return nil, g.refused(c.engine, err)
	}
	defer f.Close()
	body := f.Open()
	raw, err := g.newRequest(c.engine.base.String(), f.ContentType(), body)
	if err == nil {
		f.Describe(raw, body)
	}
	resp, x, err := call[generated.GeneralResponse](ctx, c.engine, g.operation, false, raw, err)
	if err == nil {
		err = x.requireSuccess(resp.Code)
	}
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(resp.Data.TaskID) == "" {
		return nil, x.taskNotNamed()
	}
	return resp, nil
}

// taskNotNamed describes a success that names no task: it may have been paid.
func (x *exchange) taskNotNamed() *ContractError {
	e := x.contractError(Violation{"/data/taskid", "required"})
	e.noTaskID = true
	return e
}

// refused words the error of a field.
func (g generation) refused(e *engine, err error) error {
	var field *form.FieldError
	if !errors.As(err, &field) {
		return err
	}
	refused := invalid(g.operation, field.Pointer, "%s", e.redactor.Text(field.Reason))
	refused.Err = e.redactor.Error(field.Err)
	return refused
}

// check refuses fields that the service would refuse, or could read in another way.
func (g generation) check(e *engine, list form.Fields) error {
	if strings.TrimSpace(list.Find("prompt").Text) == "" {
		return &form.FieldError{Pointer: "/prompt", Reason: "is blank"}
	}
	op := e.contract.Operation(g.operation)
	for _, f := range list {
		if reason := g.checkField(op, f); reason != "" {
			return &form.FieldError{Pointer: f.Pointer(), Reason: reason}
		}
	}
	if len(list.Find("sourceImage").Files) > 0 && list.Find("imageUrl").Text != "" {
		return &form.FieldError{Pointer: "/imageUrl", Reason: "can't be sent together with files in sourceImage"}
	}
	return nil
}

func (g generation) checkField(op *contract.Operation, f form.Field) string {
	if !utf8.ValidString(f.Text) {
		return "is not valid UTF-8"
	}
	// The contract's limits are read, so that one that allows more needs no change here.
	if reason := op.CheckField(f.Name, f.Value); f.Value != nil && reason != "" {
		return reason
	}
	switch {
	case f.Name == "resolution" && g.checkResolution != nil:
		return g.checkResolution(f.Text)
	case f.Name == "imageUrl":
		return checkImageURL(f.Text)
	}
	return ""
}

// checkImageURL does not quote the URL, which may be signed.
func checkImageURL(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "holds white space or a control character"
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !send.ValidPort(u) {
		return "is not an absolute http or https URL"
	}
	return ""
}

// maxSide is the largest side of an image where no limit is published: no JPEG
// is larger.
const maxSide = 1<<16 - 1

func isSize(s, sign string) bool {
	w, h, ok := form.Pair(s, sign)
	return ok && w <= maxSide && h <= maxSide
}
