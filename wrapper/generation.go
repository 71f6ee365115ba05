package wrapper

import (
	"context"
	"errors"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
)

// generation is what the operations that generate images differ in.
type generation struct {
	operation  string
	newRequest builder
	sizes      *form.Sizes // beyond the contract; nil for none
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
	if err := fields.Check(c.engine.contract.Operation(g.operation), g.sizes); err != nil {
		return nil, g.refused(c.engine, err)
	}
	f, err := form.New(fields, c.anySource)
	if err != nil {
		return nil, g.refused(c.engine, err)
	}
	defer f.Close()
	raw, err := g.newRequest(c.engine.base.String(), f.ContentType(), nil)
	if err == nil {
		f.Attach(raw)
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
	e := x.violates("/data/taskid", "required")
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
