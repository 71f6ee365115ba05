package fakeapi

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Upload is a file of a multipart/form-data request. Its content is not kept.
type Upload struct {
	Field       string // the name of the part
	Filename    string // as it was sent; empty if it was not
	ContentType string // as it was sent; empty if it was not
	Size        int64  // in bytes
	SHA256      string // of the content, in lower-case hexadecimal
}

// receive reads content to its end.
func (u *Upload) receive(content io.Reader) error {
	sum := sha256.New()
	size, err := io.Copy(sum, content)
	u.Size, u.SHA256 = size, hex.EncodeToString(sum.Sum(nil))
	return err
}

// textSize is the size of the upload in a record.
func (u Upload) textSize() int { return len(u.Field) + len(u.Filename) + len(u.ContentType) }

// scrubUploads redacts keys in what a client chose.
func (keys scrubber) scrubUploads(uploads []Upload) []Upload {
	scrubbed := make([]Upload, 0, len(uploads))
	for _, u := range uploads {
		u.Field, u.Filename, u.ContentType = keys.scrub(u.Field), keys.scrub(u.Filename), keys.scrub(u.ContentType)
		scrubbed = append(scrubbed, u)
	}
	return scrubbed
}
