package wrapper

import (
	"context"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
)

// ModelSeeDreamV5 is the model of [Client.SeeDreamV5].
const ModelSeeDreamV5 Model = "seedreamv5"

var seeDreamV5 = generation{model: ModelSeeDreamV5, operation: "seeDreamV5", newRequest: generated.NewSeeDreamV5RequestWithBody, sizes: &form.Sizes{Signs: []string{"x"}}}

func init() { seeDreamV5.add() }

// SeeDreamV5 is [Client.SeeDreamV4], also in what becomes of a paid task when ctx
// ends, for POST /v1/images/seedreamv5. Of Resolution only the default, 2K, is
// published: any ratio W:H, level nK or size WxH is sent, other forms are refused.
// [Client.Generated] sends anything.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv5-lite-image-generation.
func (c *Client) SeeDreamV5(ctx context.Context, req generated.SeeDreamV5MultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, &seeDreamV5, req)
}
