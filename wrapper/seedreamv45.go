package wrapper

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/form"
)

// ModelSeeDreamV45 is the model of [Client.SeeDreamV45].
const ModelSeeDreamV45 Model = "seedreamv45"

func init() {
	modelOps[ModelSeeDreamV45] = generation{"seeDreamV45", generated.NewSeeDreamV45RequestWithBody, checkResolutionV45}
}

// SeeDreamV45 is [Client.SeeDreamV4] for POST /v1/images/seedreamv45. Resolution
// is a ratio (9:16, 16:9, 3:4, 4:3, 1:1, 2:3, 3:2), a level (2K, 4K), or width
// and height such as 2560x1440 with 3,686,400 to 16,777,216 pixels in all.
// As there, pass context.WithoutCancel(ctx) from an HTTP handler, so that the id of
// a paid task is not lost.
//
// See https://docs.tensorslab.com/api-reference/image-generation/seedreamv45-image-generation.
func (c *Client) SeeDreamV45(ctx context.Context, req generated.SeeDreamV45MultipartRequestBody) (*generated.GeneralResponse, error) {
	return c.generate(ctx, modelOps[ModelSeeDreamV45], req)
}

// How many pixels an image of SeeDream V4.5 may have, where its size is given
// as width and height (from the reference's page on seedreamv45).
const (
	minPixelsV45 = 3_686_400
	maxPixelsV45 = 16_777_216
)

var (
	ratiosV45 = []string{"9:16", "16:9", "3:4", "4:3", "1:1", "2:3", "3:2"}
	levelsV45 = []string{"2K", "4K"}
)

func checkResolutionV45(s string) string {
	if slices.Contains(ratiosV45, s) || slices.Contains(levelsV45, s) {
		return ""
	}
	// Two factors below 2^32 can't overflow.
	if w, h, ok := form.Pair(s, "x"); ok && w*h >= minPixelsV45 && w*h <= maxPixelsV45 {
		return ""
	}
	return fmt.Sprintf("is none of %s, nor 2K or 4K, nor a size WxH with %d to %d pixels",
		strings.Join(ratiosV45, " "), minPixelsV45, maxPixelsV45)
}
