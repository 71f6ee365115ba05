package images

import (
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/generated"
)

// infoRecord is the status of a task, with at most maxImages addresses.
type infoRecord struct {
	id   string
	data *generated.ImageInfoData
}

// infoObject is a task in JSON, with every field of the contract. The help of images info
// documents the fields.
type infoObject struct {
	Type         string   `json:"type"`
	ID           string   `json:"id"`
	Status       string   `json:"status"`
	URL          []string `json:"url,omitempty"`
	Width        int      `json:"width,omitempty"`
	Height       int      `json:"height,omitempty"`
	StartTime    string   `json:"start_time,omitempty"`
	ErrorMessage string   `json:"error_message,omitempty"`
	Category     string   `json:"category,omitempty"`
	TaskType     int      `json:"task_type,omitempty"` // type in the contract
	Images       []string `json:"images,omitempty"`
	Prompt       string   `json:"prompt,omitempty"`
	Negative     string   `json:"negative,omitempty"`
	OrigSeed     int      `json:"origseed,omitempty"`
}

func (r infoRecord) Text() string {
	text := fmt.Sprintf("%s: %s%s", cli.Printable(r.id), cli.StatusName(r.data.ImageStatus), cli.Because(r.data.ErrorMessage))
	if r.data.Width > 0 && r.data.Height > 0 {
		text += fmt.Sprintf(", %d by %d pixels", r.data.Width, r.data.Height)
	}
	for _, address := range bounded(r.data.URL) {
		text += "\n  " + cli.Printable(address)
	}
	return text
}

func (r infoRecord) Objects(yield func(any) bool) {
	d := r.data
	yield(infoObject{
		Type: "info", ID: r.id, Status: cli.StatusName(d.ImageStatus), URL: bounded(d.URL), Width: d.Width, Height: d.Height,
		StartTime: d.Starttime, ErrorMessage: d.ErrorMessage, Category: d.Category, TaskType: d.Type, Images: d.Images,
		Prompt: d.Prompt, Negative: d.Negative, OrigSeed: d.Origseed,
	})
}

// foundRecord is an infoRecord of a command whose --quiet prints the ids of what it finds.
type foundRecord struct{ infoRecord }

func (r foundRecord) BareID() string { return cli.Printable(r.id) }
