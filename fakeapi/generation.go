package fakeapi

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// The words of the contract's example, and of a refusal that it does not show.
const (
	msgCreated   = "Task created successfully"
	msgNoCredits = "Insufficient credits"
)

// generateImages is what all models have in common: it makes a task of a prompt,
// and each image costs a credit.
func (s *Server) generateImages(c *call) response {
	fields, _ := c.value.(map[string]any)
	if refusal := sourceRefusal(fields); refusal != "" {
		return errorResponse(http.StatusBadRequest, refusal)
	}
	images, ok := batchSize(fields)
	if !ok {
		return errorResponse(http.StatusBadRequest, "batchsize is more images than this server makes")
	}
	w := work{images: images}
	w.width, w.height = sizeOf(textOf(fields, "resolution"))
	w.asked = askedOf(c, fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isFull() {
		return s.fullPlan
	}
	if !s.spend(images) {
		return jsonResponse(http.StatusOK, generated.ErrorResponse{Code: codeNoCredits, Msg: msgNoCredits})
	}
	w.life = s.lives.next(s.life)
	return jsonResponse(http.StatusOK, generated.GeneralResponse{Code: codeSuccess, Msg: msgCreated,
		Data: generated.GeneralData{TaskID: s.tasks.generate(w)}})
}

// asked is what a query repeats of the request that created the task.
type asked struct {
	prompt   string
	category string
	seed     json.Number // empty if none was given
}

// askedOf keeps copies: the fields are parts of the whole body. A key among them
// is redacted.
func askedOf(c *call, fields map[string]any) asked {
	seed, _ := fields["seed"].(json.Number)
	a := asked{
		prompt:   strings.Clone(c.keys.scrub(textOf(fields, "prompt"))),
		category: strings.Clone(c.keys.scrub(textOf(fields, "category"))),
		seed:     json.Number(strings.Clone(seed.String())),
	}
	if a.category == "" {
		a.category = defaultCategory(c.op)
	}
	return a
}

// defaultCategory is the default of the contract, if it has one, and otherwise the
// last part of the path, which is the same for the models that have one.
func defaultCategory(op *contract.Operation) string {
	if field := op.FormFields()["category"]; field != nil {
		if text, ok := field.Value.Default.(string); ok {
			return text
		}
	}
	return path.Base(op.Path)
}

// sourceRefusal checks what the contract says in words and not by its schema. It
// returns the message of a refusal, or "".
func sourceRefusal(fields map[string]any) string {
	if strings.TrimSpace(textOf(fields, "prompt")) == "" {
		return "prompt is required"
	}
	imageURL := textOf(fields, "imageUrl")
	if imageURL == "" {
		return ""
	}
	if _, files := fields["sourceImage"]; files {
		return "send files or imageUrl, not both"
	}
	if u, err := url.Parse(imageURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "imageUrl must be an http or https address"
	}
	return ""
}

// maxImages is the maximum number of images of a task where the contract has none.
const maxImages = 1 << 16

// batchSize returns how many images are requested, 1 by default. The contract's limits
// have been checked: where it allows less than one, or a part of one, one image is made for
// it. ok is false if they are too many to be made.
func batchSize(fields map[string]any) (images int, ok bool) {
	number, isSet := fields["batchsize"].(json.Number)
	if !isSet {
		return 1, true
	}
	n, err := number.Float64()
	if err != nil || n > maxImages {
		return 0, false
	}
	return int(math.Ceil(max(n, 1))), true
}

func textOf(fields map[string]any, name string) string {
	text, _ := fields[name].(string)
	return text
}
