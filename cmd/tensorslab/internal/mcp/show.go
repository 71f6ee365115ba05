package mcp

import (
	"bytes"
	"context"
	"errors"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/mcp/picture"
)

const (
	// maxShown is how many images a result has.
	maxShown = 4
	// maxShownBytes is how large they may be in all: some hosts refuse results of a megabyte,
	// and base64 adds a third.
	maxShownBytes = 600_000
	// maxDownload is the size of the largest image that is scaled down.
	maxDownload = 64 << 20
)

// shown says what became of one image of a task.
type shown struct {
	Index     int    `json:"index" jsonschema:"counted from 1"`
	MediaType string `json:"media_type,omitempty" jsonschema:"of the full image"`
	Width     int    `json:"width,omitempty" jsonschema:"of the full image, in pixels"`
	Height    int    `json:"height,omitempty"`
	Shown     bool   `json:"shown" jsonschema:"whether this result has the image"`
	Error     string `json:"error,omitempty" jsonschema:"why it has not"`
}

// show returns the first images, scaled down to what hosts and models take.
func (s *server) show(ctx context.Context, urls []string) (all []shown, images []sdk.Content) {
	urls = urls[:min(len(urls), maxCount)]
	most := maxShownBytes / max(1, min(len(urls), maxShown))
	for i, address := range urls {
		one := shown{Index: i + 1, Error: "not shown, because the result has enough images: call download"}
		if i < maxShown {
			content := s.showOne(ctx, address, most, &one)
			if content != nil {
				images = append(images, content)
			}
		}
		all = append(all, one)
	}
	return all, images
}

// showOne returns an image, or nil and says why in one.
func (s *server) showOne(ctx context.Context, address string, most int, one *shown) sdk.Content {
	leave, err := turn(ctx, s.pictures)
	if err != nil {
		one.Error = err.Error()
		return nil
	}
	defer leave()
	client, err := s.connect(ctx)
	if err != nil {
		one.Error = s.problemOf(err).Error
		return nil
	}
	data := &limited{most: maxDownload}
	got, err := client.Download(ctx, address, data)
	if err != nil {
		one.Error = s.problemOf(err).Error
		return nil
	}
	one.MediaType = got.MediaType
	p, err := picture.Fit(data.buffer.Bytes(), most)
	if err != nil {
		one.Error = "it cannot be shown (" + err.Error() + "): call download"
		return nil
	}
	one.Width, one.Height, one.Shown, one.Error = p.Width, p.Height, true, ""
	return &sdk.ImageContent{Data: p.Data, MIMEType: p.MediaType}
}

// limited is a buffer that takes no more than most bytes.
type limited struct {
	buffer bytes.Buffer
	most   int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.buffer.Len()+len(p) > l.most {
		return 0, errors.New("the image is too large to be shown")
	}
	return l.buffer.Write(p)
}
