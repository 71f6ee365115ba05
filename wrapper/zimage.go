package wrapper

import (
	"context"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
)

// ModelZImage is the model of [Client.ZImage].
const ModelZImage Model = "zimage"

var zImage = generation{model: ModelZImage, operation: "zImage", newRequest: generated.NewZImageRequestWithBody, sizes: &form.Sizes{
	Ratios: []string{"9:16", "16:9", "1:1", "3:4", "4:3"},
	Signs:  []string{"x", "*"},
}}

func init() { zImage.add() }

// ZImage is [Client.SeeDreamV4], also in what becomes of a paid task when ctx ends,
// for POST /v1/images/zimage, which takes no source images. Resolution is a ratio
// (9:16, 16:9, 1:1, 3:4, 4:3), or width and height such as 1024*1024 or 1024x1024. A
// Seed that points to 0 is sent: 0 is a seed.
//
// See https://docs.tensorslab.com/api-reference/image-generation/z-image.
func (c *Client) ZImage(ctx context.Context, req generated.ZImageMultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, &zImage, req)
}
