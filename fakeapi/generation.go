package fakeapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

// The words of the contract's example, and of a refusal that it does not show.
const (
	msgCreated   = "Task created successfully"
	msgNoCredits = "Insufficient credits"
)

// maxImages is the most that one generation may request by the contract.
const maxImages = 15

// generateImages is what all models have in common: it makes a task of a prompt,
// and each image costs a credit.
func (s *Server) generateImages(c *call) response {
	fields, _ := c.value.(map[string]any)
	if refusal := sourceRefusal(fields); refusal != "" {
		return errorResponse(http.StatusBadRequest, refusal)
	}
	images, ok := batchSize(fields)
	if !ok {
		return errorResponse(http.StatusBadRequest, "batchsize must be 1 to 15")
	}
	w := work{images: images}
	w.width, w.height = sizeOf(textOf(fields, "resolution"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.spend(images) {
		return jsonResponse(http.StatusOK, generated.ErrorResponse{Code: codeNoCredits, Msg: msgNoCredits})
	}
	w.life = s.lives.next(s.life)
	return jsonResponse(http.StatusOK, generated.GeneralResponse{Code: codeSuccess, Msg: msgCreated,
		Data: generated.GeneralData{TaskID: s.tasks.generate(w)}})
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

// batchSize returns how many images are requested, 1 by default.
func batchSize(fields map[string]any) (int, bool) {
	number, ok := fields["batchsize"].(json.Number)
	if !ok {
		return 1, true
	}
	n, err := number.Int64()
	return int(n), err == nil && n >= 1 && n <= maxImages
}

func textOf(fields map[string]any, name string) string {
	text, _ := fields[name].(string)
	return text
}
