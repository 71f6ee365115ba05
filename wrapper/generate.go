package wrapper

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

// SeeDreamV4 creates a task that makes images from req.Prompt and, if there are
// any, source images (POST /v1/images/seedreamv4). Fields that are empty are
// left out, so that the service's defaults hold. Files are streamed from where
// they are, see [NewSource]; [WithTimeout] bounds their upload, too.
//
// A nil error means that the service created a task: Data.TaskID names it for
// [Client.WaitForTask].
// Otherwise the error is a [*RequestError] (nothing sent: a nil context, a blank
// prompt, text that is not UTF-8, what the contract does not allow, an unreadable
// file, or files and an ImageURL at once), [*APIError] (refused, for lack of
// credits for example), [*ContractError] or [*TransportError].
//
// Each task costs credits, and the service can't tell a repetition from a new
// task. So a request is sent again by itself only if the service certainly did
// not act; after [ErrOutcomeUnknown] find out first, and don't just call again.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv4-image-generation.
func (c *Client) SeeDreamV4(ctx context.Context, req generated.SeeDreamV4MultipartRequestBody) (*generated.GeneralResponse, error) {
	g := generation{"seeDreamV4", anyResolution, c.checked.SeeDreamV4WithBody} // the contract lists the ratios
	return g.run(ctx, req)
}

// SeeDreamV45 is [Client.SeeDreamV4] for POST /v1/images/seedreamv45. Resolution
// is a ratio (9:16, 16:9, 3:4, 4:3, 1:1, 2:3, 3:2), a level (2K, 4K), or width
// and height such as 2560x1440 with [MinPixelsV45] to [MaxPixelsV45] in all.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv45-image-generation.
func (c *Client) SeeDreamV45(ctx context.Context, req generated.SeeDreamV45MultipartRequestBody) (*generated.GeneralResponse, error) {
	g := generation{"seeDreamV45", resolutionV45, c.checked.SeeDreamV45WithBody}
	return g.run(ctx, req)
}

// SeeDreamV5 is [Client.SeeDreamV4] for POST /v1/images/seedreamv5. Of Resolution
// only the default, 2K, is published: any ratio W:H, level nK or size WxH is
// sent, other forms are refused. [Client.Generated] sends anything.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv5-lite-image-generation.
func (c *Client) SeeDreamV5(ctx context.Context, req generated.SeeDreamV5MultipartRequestBody) (*generated.GeneralResponse, error) {
	g := generation{"seeDreamV5", resolutionV5, c.checked.SeeDreamV5WithBody}
	return g.run(ctx, req)
}

// ZImage is [Client.SeeDreamV4] for POST /v1/images/zimage, which takes no source
// images. Resolution is a ratio (9:16, 16:9, 1:1, 3:4, 4:3), or width and height
// such as 1024*1024 or 1024x1024. A Seed that points to 0 is sent: 0 is a seed.
//
// See https://docs.tensorslab.com/api-reference/image-generation/z-image.
func (c *Client) ZImage(ctx context.Context, req generated.ZImageMultipartRequestBody) (*generated.GeneralResponse, error) {
	g := generation{"zImage", resolutionZImage, c.checked.ZImageWithBody}
	return g.run(ctx, req)
}

// generation is what the operations differ in.
type generation struct {
	id         string
	resolution func(string) string // says what is wrong with one, beyond the contract
	send       func(ctx context.Context, contentType string, body io.Reader, editors ...generated.RequestEditorFn) (*http.Response, error)
}

func (g generation) run(ctx context.Context, req any) (*generated.GeneralResponse, error) {
	fields, err := g.check(ctx, req)
	if err != nil {
		return nil, err
	}
	f, err := newForm(g.id, fields)
	if err != nil {
		return nil, err
	}
	defer f.close()
	body := f.open()
	raw, err := g.send(ctx, f.contentType, body, f.describe(body)) //nolint:bodyclose // the pipeline has read and closed it
	if err != nil {
		return nil, typed(g.id, err)
	}
	return confirmTask(raw)
}

// confirmTask looks at what the schema can't say.
func confirmTask(raw *http.Response) (*generated.GeneralResponse, error) {
	resp, c, err := decode(raw, func(r *generated.GeneralResponse) int { return r.Code })
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(resp.Data.TaskID) == "" {
		e := c.contractError(raw, []Violation{{"/data/taskid", "required"}})
		e.noTaskID = true
		return nil, e
	}
	return resp, nil
}
