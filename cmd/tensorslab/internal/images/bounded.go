package images

import (
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// maxImages is the number of images that a task has at most: the contract allows no
// larger batchsize.
const maxImages = 15

// bounded returns the addresses that are used: at most maxImages.
func bounded(addresses []string) []string { return addresses[:min(len(addresses), maxImages)] }

// tooMany returns an error if the service lists more images than a task can have.
func tooMany(addresses []string, done string) error {
	if len(addresses) <= maxImages {
		return nil
	}
	return fmt.Errorf("the service lists %s, but a task has at most %d; only the first %[2]d were %s",
		cli.Count(len(addresses), "image"), maxImages, done)
}
