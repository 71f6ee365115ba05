package mcp

import (
	"context"
	"net/url"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/generated"
)

// taskIn are the arguments of tools that are about one task.
type taskIn struct {
	TaskID string `json:"task_id"`
}

// taskInfo is what the service says of a task.
type taskInfo struct {
	TaskID string `json:"task_id"`
	Status string `json:"status,omitempty" jsonschema:"queued, processing, completed or failed; left out if it is not known"`
	Width  int    `json:"width,omitempty" jsonschema:"in pixels"`
	Height int    `json:"height,omitempty"`
	Images int    `json:"images,omitempty" jsonschema:"the number of images that the service names"`
}

// infoOut is the result of info.
type infoOut struct {
	taskInfo
	ImageURLs []string `json:"image_urls,omitempty" jsonschema:"where the images are for a while, from the service"`
	problem
}

const infoDescription = `Asks the service once for the status of a task, and costs nothing. To wait for its end, call wait.`

func (s *server) addInfo(to *sdk.Server) {
	addTool(s, to, reads, "info", "Status of a task", infoDescription, nil, func(ctx context.Context, _ *sdk.CallToolRequest, in taskIn) result[infoOut] {
		data, err := s.query(ctx, in.TaskID)
		if err != nil {
			return result[infoOut]{out: infoOut{taskInfo: taskInfo{TaskID: in.TaskID}, problem: s.problemOf(err)}, isError: true}
		}
		out := infoOut{taskInfo: s.infoOf(in.TaskID, data), ImageURLs: addresses(data.URL), problem: tooMany(data.URL)}
		if n := len(data.URL) - len(out.ImageURLs); n > 0 && out.Error == "" {
			out.problem = problem{Error: cli.Count(n, "image") + " of the task left out: what the service names is no address"}
		}
		if data.ImageStatus == cli.StatusFailed {
			out.problem = problem{Error: "the task failed", ServiceMessage: s.line(data.ErrorMessage, maxMessage)}
		}
		return result[infoOut]{out: out}
	})
}

// query asks the service for a task.
func (s *server) query(ctx context.Context, id string) (*generated.ImageInfoData, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	info, err := client.InfoByTaskID(ctx, id)
	if err != nil {
		return nil, err
	}
	return &info.Data, nil
}

func (s *server) infoOf(id string, data *generated.ImageInfoData) taskInfo {
	return taskInfo{TaskID: id, Status: cli.StatusName(data.ImageStatus), Width: data.Width, Height: data.Height, Images: len(data.URL)}
}

// maxAddress is longer than the signed URLs of storage providers.
const maxAddress = 4096

// addresses returns the URLs among what the service says are URLs, at most as many as a
// task has images.
func addresses(all []string) (urls []string) {
	for _, address := range all[:min(len(all), maxCount)] {
		u, err := url.Parse(address)
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(address) <= maxAddress &&
			cli.Printable(address) == address && !strings.ContainsAny(address, " <>\"") {
			urls = append(urls, address)
		}
	}
	return urls
}
