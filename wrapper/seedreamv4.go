package wrapper

import (
	"context"

	"github.com/tensorslab/tensorslab-go/generated"
)

// ModelSeeDreamV4 is the model of [Client.SeeDreamV4].
const ModelSeeDreamV4 Model = "seedreamv4"

// The contract lists the ratios that are allowed.
var seeDreamV4 = generation{model: ModelSeeDreamV4, operation: "seeDreamV4", newRequest: generated.NewSeeDreamV4RequestWithBody}

func init() { seeDreamV4.add() }

// SeeDreamV4 creates a task that makes images from req.Prompt and, if there are
// any, source images (POST /v1/images/seedreamv4). Fields that are empty are
// left out, so that the service's defaults hold. Files are streamed from where
// they are, see [NewSource]; [WithTimeout] bounds their upload, too.
//
// A nil error means that the service created a task: Data.TaskID names it for
// [Client.WaitForTask]. A blank prompt, text that is not UTF-8, what the contract does
// not allow, an unreadable file, or files and an ImageURL at once are a [*RequestError].
//
// Each task costs credits, and the service can't tell a repetition from a new
// task. So a request is retried automatically only if the service certainly did
// not act; after [ErrOutcomeUnknown] find out first, and don't just call again. An
// error whose response names a task has it in the field TaskID.
//
// If ctx ends while the request is under way, a task may be paid whose id never
// arrives. So in an HTTP handler, pass context.WithoutCancel(ctx), for example;
// [WithTimeout] still bounds the call.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv4-image-generation.
func (c *Client) SeeDreamV4(ctx context.Context, req generated.SeeDreamV4MultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, &seeDreamV4, req)
}
