package wrapper

import (
	"context"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
)

// ModelSeeDreamV45 is the model of [Client.SeeDreamV45].
const ModelSeeDreamV45 Model = "seedreamv45"

var seeDreamV45 = generation{model: ModelSeeDreamV45, operation: "seeDreamV45", newRequest: generated.NewSeeDreamV45RequestWithBody, sizes: &form.Sizes{
	Ratios:    []string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2"},
	Levels:    []string{"2K", "4K"},
	Signs:     []string{"x"},
	MinPixels: 3_686_400, MaxPixels: 16_777_216, // from the reference's page on seedreamv45
}}

func init() { seeDreamV45.add() }

// SeeDreamV45 is [Client.SeeDreamV4], also in what becomes of a paid task when ctx
// ends, for POST /v1/images/seedreamv45. Resolution is a ratio (9:16, 16:9, 3:4,
// 4:3, 1:1, 2:3, 3:2), a level (2K, 4K), or width and height such as 2560x1440 with
// 3,686,400 to 16,777,216 pixels in all.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv45-image-generation.
func (c *Client) SeeDreamV45(ctx context.Context, req generated.SeeDreamV45MultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, &seeDreamV45, req)
}
