package wrapper

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
	"github.com/tensorslab/tensorslab-go/internal/subject"
)

// Model names one of the service's models, by the last element of its path.
type Model string

// models is the first of the generations, of which the file of each operation adds one. A
// map of them would be allocated in each program that imports this package.
var models *generation

// GenerateRequest is a request for images from any model. Fields that are zero
// are left out, so that the service's defaults apply.
type GenerateRequest struct {
	Model        Model        // the zero value stands for ModelSeeDreamV45
	Prompt       string       // what the images are to show
	Resolution   string       // a ratio, a level or a size; see the method of the model for what it allows
	Count        int          // the number of images
	Seed         *int         // where the randomness starts from; a pointer to 0 is sent: 0 is a seed
	ExtendPrompt bool         // allows the service to extend the prompt
	Sources      []types.File // image files to start from; see NewSource
	ImageURL     string       // the address of an image to start from, in place of files
}

// Generate creates a task that makes images with any of the models, and returns
// the task's id for [Client.WaitForTask].
//
// A field that the contract of the model does not have is a [*RequestError] that names
// both. All other errors, what is validated, the retries, and what becomes of a paid
// task when ctx ends are those of [Client.SeeDreamV4]. Package batch keeps a record of
// what was paid.
func (c *Client) Generate(ctx context.Context, req GenerateRequest) (taskID string, err error) {
	g, fields, err := c.admitGeneration(ctx, req)
	if err != nil {
		return "", err
	}
	resp, err := c.submit(ctx, g, fields)
	if err != nil {
		return "", err
	}
	return resp.Data.TaskID, nil
}

// CheckGenerate returns the error with which [Client.Generate] would refuse req before
// it sends anything, or nil: for those who want to find the mistakes in many requests
// before they pay for the first. It reads the beginnings of the source images.
func (c *Client) CheckGenerate(req GenerateRequest) error {
	g, fields, err := c.admitGeneration(context.Background(), req)
	if err != nil {
		return err
	}
	f, err := c.formOf(g, fields)
	if err != nil {
		return err
	}
	f.Close()
	return nil
}

// admitGeneration finds the operation of the model, and refuses what it has no field for.
func (c *Client) admitGeneration(ctx context.Context, req GenerateRequest) (*generation, form.Fields, error) {
	model := cmp.Or(req.Model, ModelSeeDreamV45)
	g := findGeneration(func(g *generation) bool { return g.model == model })
	if g == nil {
		return nil, nil, invalid("generate", "", "there is no model %q; the models are %s", c.Redact(string(model)), modelNames())
	}
	if err := c.ready(ctx, g.operation); err != nil {
		return g, nil, err
	}
	fields := req.fields()
	if f, ok := fields.Foreign(c.engine.contract.Operation(g.operation)); ok {
		return g, nil, invalid(g.operation, f.Pointer(), "is not supported: %s has no %s", model, f.Name)
	}
	return g, fields, nil
}

// fields lists what is set, under the contract's names.
func (r GenerateRequest) fields() form.Fields {
	extend := ""
	if r.ExtendPrompt {
		extend = "1"
	}
	list, _ := form.FieldsOf(struct { // each of these types has a form
		Prompt     string       `json:"prompt,omitempty"`
		Resolution string       `json:"resolution,omitempty"`
		Count      int          `json:"batchsize,omitempty"`
		Seed       *int         `json:"seed,omitempty"`
		Extend     string       `json:"prompt_extend,omitempty"`
		ImageURL   string       `json:"imageUrl,omitempty"`
		Sources    []types.File `json:"sourceImage,omitempty"`
	}{r.Prompt, r.Resolution, r.Count, r.Seed, extend, r.ImageURL, r.Sources})
	return list
}

func modelNames() string {
	var names []string
	for g := models; g != nil; g = g.next {
		names = append(names, string(g.model))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// builder is a function of the generated code that builds the request of a form.
type builder = func(server, contentType string, body io.Reader) (*http.Request, error)

// generation is what the operations that generate images differ in.
type generation struct {
	model      Model
	operation  string
	newRequest builder
	sizes      *form.Sizes // beyond the contract; nil for none
	next       *generation // see models
}

func (g *generation) add() { g.next, models = models, g }

func findGeneration(is func(*generation) bool) *generation {
	g := models
	for g != nil && !is(g) {
		g = g.next
	}
	return g
}

// generate checks req, a generated request struct, and sends it as a form.
func (c *Client) generate(ctx context.Context, g *generation, req any) (*generated.GeneralResponse, error) {
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
func (c *Client) submit(ctx context.Context, g *generation, fields form.Fields) (*generated.GeneralResponse, error) {
	f, err := c.formOf(g, fields)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := g.newRequest(c.engine.base.String(), f.ContentType(), nil)
	if err == nil {
		raw = raw.WithContext(ctx)
		f.Attach(raw)
	}
	resp, _, err := call(ctx, c.engine, g.operation, false, raw, err, func(r *generated.GeneralResponse) subject.Said {
		return subject.Said{Code: r.Code, TaskID: r.Data.TaskID}
	})
	return resp, err
}

// formOf checks the fields of a form.
func (c *Client) formOf(g *generation, fields form.Fields) (*form.Form, error) {
	if err := fields.Check(c.engine.contract.Operation(g.operation), g.sizes); err != nil {
		return nil, g.refused(c.engine, err)
	}
	f, err := form.New(fields, c.anySource)
	if err != nil {
		return nil, g.refused(c.engine, err)
	}
	return f, nil
}

// refused words the error of a field.
func (g *generation) refused(e *engine, err error) error {
	var field *form.FieldError
	if !errors.As(err, &field) {
		return err
	}
	refused := invalid(g.operation, field.Pointer, "%s", e.redactor.Text(field.Reason))
	refused.Err = e.redactor.Error(field.Err)
	return refused
}
