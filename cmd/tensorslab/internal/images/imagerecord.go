package images

import (
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// imageRecord is an image that is in a file.
type imageRecord struct {
	id       string
	index    int
	file     string
	bytes    int64
	existing bool // the file was there already, and was not downloaded
}

// imageObject is an imageRecord in JSON. The help of images download documents the fields.
type imageObject struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Index   int    `json:"index"`
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
	Skipped bool   `json:"skipped,omitempty"`
}

func (r imageRecord) Text() string {
	size := cli.Count(int(r.bytes), "byte")
	if r.existing {
		size += ", skipped: it is there already"
	}
	return fmt.Sprintf("%s: %s (%s)", cli.Printable(r.id), cli.Printable(r.file), size)
}

func (r imageRecord) Objects(yield func(any) bool) {
	yield(imageObject{"image", r.id, r.index, r.file, r.bytes, r.existing})
}

// fileRecord is an imageRecord of a command whose --quiet prints the names of files.
type fileRecord struct{ imageRecord }

func (r fileRecord) BareID() string { return cli.Printable(r.file) }
