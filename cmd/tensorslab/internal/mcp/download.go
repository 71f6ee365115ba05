package mcp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxDownloadTime bounds a call of download.
const maxDownloadTime = 10 * time.Minute

// saved is one image that is in a file.
type saved struct {
	Index    int    `json:"index" jsonschema:"counted from 1"`
	File     string `json:"file,omitempty" jsonschema:"the absolute path; left out if it was not saved"`
	Bytes    int64  `json:"bytes,omitempty"`
	Existing bool   `json:"existing,omitempty" jsonschema:"it had been saved before"`
	problem
}

// downloadOut is the result of download.
type downloadOut struct {
	taskInfo
	Files []saved `json:"files" jsonschema:"each image of the task, once, but no more than a task can have"`
	problem
}

const downloadDescription = `Saves the full images of a completed task as files, in the folder that the user has chosen, and returns their paths. ` +
	`Existing files are never replaced. It costs nothing.`

func (s *server) addDownload(to *sdk.Server) {
	addTool(s, to, saves, "download", "Save the images of a task", downloadDescription, nil,
		func(ctx context.Context, _ *sdk.CallToolRequest, in taskIn) result[downloadOut] {
			ctx, cancel := context.WithTimeout(ctx, maxDownloadTime)
			defer cancel()
			out, isError := s.download(ctx, in.TaskID)
			return result[downloadOut]{out: out, isError: isError}
		})
}

// download saves all images of a task, and records where.
func (s *server) download(ctx context.Context, id string) (out downloadOut, isError bool) {
	out = downloadOut{taskInfo: taskInfo{TaskID: id}, Files: []saved{}}
	folder, err := s.files()
	if err != nil {
		out.problem = s.problemOf(err)
		return out, true
	}
	data, err := s.query(ctx, id)
	if err != nil {
		out.problem = s.problemOf(err)
		return out, true
	}
	out.taskInfo = s.infoOf(id, data)
	switch {
	case data.ImageStatus == cli.StatusFailed:
		out.problem = problem{Error: "the task failed and has no images", ServiceMessage: s.line(data.ErrorMessage, maxMessage)}
		return out, true
	case data.ImageStatus != cli.StatusCompleted || len(data.URL) == 0:
		out.problem = problem{Error: "the task has no images yet", WhatToDo: "Call wait first."}
		return out, true
	}
	var files []string
	for i, address := range data.URL[:min(len(data.URL), maxCount)] {
		one := s.save(ctx, folder, id, i+1, address)
		out.Files = append(out.Files, one)
		if one.File != "" {
			files = append(files, one.File)
		}
	}
	out.problem = tooMany(data.URL)
	if len(files) < len(data.URL) {
		return out, true
	}
	s.record(ctx, fate{state: batch.Saved, files: files}, id)
	return out, false
}

// tooMany is the problem of a response that names more images than a task can have, of which
// the first ones are used. A part of them is not to be taken for the whole.
func tooMany(urls []string) problem {
	if len(urls) <= maxCount {
		return problem{}
	}
	return problem{
		Error:    fmt.Sprintf("the service names %d images, and a task has at most %d: only the first %[2]d are here", len(urls), maxCount),
		WhatToDo: "Tell the user.",
	}
}

// save saves an image under a name that no one but the server chooses, as images download
// does. A file that exists is kept; if it is a whole image, it is this one.
func (s *server) save(ctx context.Context, folder *outfile.Folder, id string, index int, address string) saved {
	name := func(extension string) string { return fmt.Sprintf("%s-%d%s", outfile.Name(id), index, extension) }
	one := saved{Index: index}
	client, err := s.connect(ctx)
	if err == nil {
		var got wrapper.Downloaded
		one.File, err = folder.Save(name, func(part string) (string, error) {
			var err error
			got, err = client.DownloadFile(ctx, address, part)
			return got.Ext, err
		})
		one.Bytes = got.Bytes
	}
	var existing *fs.PathError
	if errors.Is(err, fs.ErrExist) && errors.As(err, &existing) {
		return s.existing(index, existing.Path)
	}
	if err != nil {
		return saved{Index: index, problem: s.problemOf(err)}
	}
	return one
}

func (s *server) existing(index int, path string) saved {
	info, err := os.Lstat(path)
	if err != nil || !outfile.IsWholeImage(path) || !info.Mode().IsRegular() {
		return saved{Index: index, problem: problem{Error: fmt.Sprintf("the file %s exists, is not the whole image, and was kept", cli.Quote(filepath.Base(path)))}}
	}
	return saved{Index: index, File: path, Bytes: info.Size(), Existing: true}
}
