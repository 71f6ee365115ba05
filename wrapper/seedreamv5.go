package wrapper

import (
	"context"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

// ModelSeeDreamV5 is the model of [Client.SeeDreamV5].
const ModelSeeDreamV5 Model = "seedreamv5"

func init() {
	modelOps[ModelSeeDreamV5] = generation{"seeDreamV5", generated.NewSeeDreamV5RequestWithBody, checkResolutionV5}
}

// SeeDreamV5 is [Client.SeeDreamV4] for POST /v1/images/seedreamv5. Of Resolution
// only the default, 2K, is published: any ratio W:H, level nK or size WxH is
// sent, other forms are refused. [Client.Generated] sends anything.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv5-lite-image-generation.
func (c *Client) SeeDreamV5(ctx context.Context, req generated.SeeDreamV5MultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, modelOps[ModelSeeDreamV5], req)
}

func checkResolutionV5(s string) string {
	_, _, isRatio := pair(s, ":")
	level, hasK := strings.CutSuffix(s, "K")
	_, isNumber := positive(level)
	if isRatio || hasK && isNumber || isSize(s, "x") {
		return ""
	}
	return "is neither a ratio W:H, nor a level such as 2K, nor a size WxH"
}
