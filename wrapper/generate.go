package wrapper

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

const (
	opSeeDreamV4  = "seeDreamV4"
	opSeeDreamV45 = "seeDreamV45"
	opSeeDreamV5  = "seeDreamV5"
	opZImage      = "zImage"
)

// SeeDreamV4 creates a task that makes images with SeeDream V4 (POST
// /v1/images/seedreamv4) and returns the task's id in Data.TaskID, for
// [Client.WaitForTask].
//
// Checked before sending: Prompt is not blank; Batchsize is from [MinImages] to
// [MaxImages], or 0 for the service's default of 1; Resolution is one of the
// contract's ratios, or empty; and there are either files in SourceImage, or an
// http or https ImageURL, or neither. Files are streamed: see [NewSource] for
// those on disk. [WithTimeout] bounds the upload as well.
//
// Each generation costs credits and can't be told from another, so it is sent
// again by itself only if it certainly was not sent. A nil error means that the
// service created the task. Otherwise the error is a [*RequestError],
// [*APIError] ([ErrInsufficientCredits] if there are too few),
// [*ContractError], also where the answer names no task, or [*TransportError];
// if it matches [ErrOutcomeUnknown], there may be a task that costs credits.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv4-image-generation.
func (c *Client) SeeDreamV4(ctx context.Context, req generated.SeeDreamV4MultipartRequestBody) (*generated.GeneralResponse, error) {
	err := checkGeneration(ctx, generation{
		op: opSeeDreamV4, prompt: req.Prompt, category: req.Category, images: req.Batchsize,
		resolution: string(req.Resolution), resolutions: resolutionsV4,
		imageURL: req.ImageURL, files: len(req.SourceImage),
	})
	if err != nil {
		return nil, err
	}
	return c.generate(ctx, opSeeDreamV4, req, c.checked.SeeDreamV4WithBody)
}

// SeeDreamV45 creates a task that makes images with SeeDream V4.5 (POST
// /v1/images/seedreamv45). It is as [Client.SeeDreamV4], but for Resolution: a
// ratio, a level (2K, 4K), or WxH with 3,686,400 to 16,777,216 pixels in all.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv45-image-generation.
func (c *Client) SeeDreamV45(ctx context.Context, req generated.SeeDreamV45MultipartRequestBody) (*generated.GeneralResponse, error) {
	err := checkGeneration(ctx, generation{
		op: opSeeDreamV45, prompt: req.Prompt, category: req.Category, images: req.Batchsize,
		resolution: req.Resolution, resolutions: resolutionsV45,
		imageURL: req.ImageURL, files: len(req.SourceImage),
	})
	if err != nil {
		return nil, err
	}
	return c.generate(ctx, opSeeDreamV45, req, c.checked.SeeDreamV45WithBody)
}

// SeeDreamV5 creates a task that makes images with SeeDream V5 Lite (POST
// /v1/images/seedreamv5). It is as [Client.SeeDreamV4], but for Resolution: of
// its values only the default, 2K, is published, so that any ratio, level or WxH
// is sent. [Client.Generated] sends others.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv5-lite-image-generation.
func (c *Client) SeeDreamV5(ctx context.Context, req generated.SeeDreamV5MultipartRequestBody) (*generated.GeneralResponse, error) {
	err := checkGeneration(ctx, generation{
		op: opSeeDreamV5, prompt: req.Prompt, category: req.Category, images: req.Batchsize,
		resolution: req.Resolution, resolutions: resolutionsV5,
		imageURL: req.ImageURL, files: len(req.SourceImage),
	})
	if err != nil {
		return nil, err
	}
	return c.generate(ctx, opSeeDreamV5, req, c.checked.SeeDreamV5WithBody)
}

// ZImage creates a task that makes an image with Z-Image (POST
// /v1/images/zimage). It is as [Client.SeeDreamV4], but takes no files; Resolution
// is a ratio, WxH or W*H, PromptExtend is "0", "1" or empty, and Seed may be nil.
//
// See https://docs.tensorslab.com/api-reference/image-generation/z-image.
func (c *Client) ZImage(ctx context.Context, req generated.ZImageMultipartRequestBody) (*generated.GeneralResponse, error) {
	err := checkGeneration(ctx, generation{
		op: opZImage, prompt: req.Prompt,
		resolution: req.Resolution, resolutions: resolutionsZImage, promptExtend: string(req.PromptExtend),
	})
	if err != nil {
		return nil, err
	}
	return c.generate(ctx, opZImage, req, c.checked.ZImageWithBody)
}

// send is one of the generated client's methods for a multipart body.
type send func(ctx context.Context, contentType string, body io.Reader, editors ...generated.RequestEditorFn) (*http.Response, error)

// generate sends a request that has been checked, with the fields of req as a
// multipart body.
func (c *Client) generate(ctx context.Context, op string, req any, send send) (*generated.GeneralResponse, error) {
	form, err := newForm(req)
	if err != nil {
		return nil, &RequestError{Operation: op, Field: "/sourceImage", Reason: err.Error(), Err: err}
	}
	raw, err := send(ctx, form.contentType(), form.body(), form.edit) //nolint:bodyclose // the pipeline has read and closed it
	if err != nil {
		return nil, typed(op, err)
	}
	resp, call, err := decode(raw, func(r *generated.GeneralResponse) int { return r.Code })
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(resp.Data.TaskID) == "" { // which the schema allows
		return nil, call.contractError(raw, []Violation{{"/data/taskid", "required"}})
	}
	return resp, nil
}
