// Package s3blob is a store of package blob for storage that is compatible with Amazon S3. It is a
// module of its own, so that only programs that use it link the client of AWS.
//
//	opts.Save = blob.Save(s3blob.Bucket{Client: client, Name: "pictures", Prefix: "2026/"})
//
// Storage that is not Amazon's needs BaseEndpoint, mostly UsePathStyle, and for some also
// RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired in the options of the client.
package s3blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Bucket is a Store of package blob. It is safe for concurrent use.
type Bucket struct {
	// Client needs permission for s3:PutObject only. It retries what may be retried.
	Client *s3.Client
	Name   string // of the bucket
	Prefix string // of the names of all objects, such as "pictures/"; may be empty
}

// Put stores an image in one request, so that nobody ever sees a part of it, and returns its
// address, such as s3://bucket/fox/abcd_12-1.png. The object has the media type. One that is there
// already is kept: by its name it is the same image. Storage that does not know conditional
// requests replaces it.
func (b Bucket) Put(ctx context.Context, name, mediaType string, image io.ReadSeeker, size int64) (string, error) {
	if b.Client == nil || b.Name == "" {
		return "", errors.New("s3blob: the bucket has no client, or no name")
	}
	key := b.Prefix + name
	input := &s3.PutObjectInput{Bucket: &b.Name, Key: &key, Body: image, ContentLength: &size, ContentType: &mediaType, IfNoneMatch: aws.String("*")}
	_, err := b.Client.PutObject(ctx, input)
	if isStatus(err, http.StatusNotImplemented) {
		if _, err = image.Seek(0, io.SeekStart); err == nil {
			input.IfNoneMatch = nil
			_, err = b.Client.PutObject(ctx, input)
		}
	}
	if err != nil && !isStatus(err, http.StatusPreconditionFailed) {
		return "", fmt.Errorf("s3blob: %w", err)
	}
	return "s3://" + b.Name + "/" + key, nil
}

func isStatus(err error, status int) bool {
	var response *awshttp.ResponseError
	return errors.As(err, &response) && response.HTTPStatusCode() == status
}
