package cli

import (
	"fmt"

	"github.com/tensorslab/tensorslab-go/generated"
)

// The statuses of a task. They are not the generated constants, whose names may change
// with the contract.
const (
	StatusQueued generated.ImageStatus = iota + 1
	StatusProcessing
	StatusCompleted
	StatusFailed
)

var statusNames = map[generated.ImageStatus]string{
	StatusQueued: "queued", StatusProcessing: "processing", StatusCompleted: "completed", StatusFailed: "failed",
}

// StatusName returns the name of a status, or its number if it has no name.
func StatusName(s generated.ImageStatus) string {
	if name, ok := statusNames[s]; ok {
		return name
	}
	return fmt.Sprintf("status %d", s)
}
