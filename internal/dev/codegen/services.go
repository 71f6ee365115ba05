package codegen

import (
	"path/filepath"
	"slices"
	"strings"
)

// Service is one published API, and what its client is generated from. All names are
// slash-separated paths from the module's root.
type Service struct {
	Name     string // what make update-spec SERVICE=… knows it by
	Document string // the OpenAPI document
	Config   string // the configuration of the generator, with the path of its output
	Overlay  string // the Go names that are laid over the document
	Package  string // the folder that holds the generated package and nothing else
	Address  string // where the document is published
}

// Services are published APIs, each with a document and a generated package of its
// own. The package of one may be in a folder below that of another.
type Services []Service

// All has each service that this module has a client of. Generation, the drift check,
// make update-spec, make spec-diff and make api-diff go by it, and by nothing else: a
// further service is one more entry.
var All = Services{{
	Name:     "images",
	Document: Contract,
	Config:   Config,
	Overlay:  Overlay,
	Package:  OutputDir,
	Address:  "https://docs.tensorslab.com/api-reference/image/openapi.json",
}}

// Packages lists the folders of the generated packages.
func (all Services) Packages() []string {
	var list []string
	for _, s := range all {
		list = append(list, s.Package)
	}
	return list
}

// inputs is everything that generation depends on; go.mod and go.sum are needed
// to compile the result.
func (all Services) inputs() []string {
	var list []string
	for _, s := range all {
		list = append(list, s.Document, s.Config, s.Overlay)
	}
	return append(list, ToolsMod, "tools/go.sum", "go.mod", "go.sum")
}

// outputOf returns those of files that belong to s and to no other service.
func (all Services) outputOf(s Service, files Files) Files {
	own := Files{}
	for name, data := range files {
		if within(name, s.Package) && !slices.ContainsFunc(all, func(other Service) bool {
			return within(other.Package, s.Package) && within(name, other.Package)
		}) {
			own[name] = data
		}
	}
	return own
}

// within reports whether a file or folder is below a folder.
func within(name, folder string) bool { return strings.HasPrefix(name, folder+"/") }

// folders returns the output folders below root that are in no other.
func (all Services) folders(root string) []string {
	var list []string
	for _, s := range all {
		if !slices.ContainsFunc(all, func(other Service) bool { return within(s.Package, other.Package) }) {
			list = append(list, filepath.Join(root, filepath.FromSlash(s.Package)))
		}
	}
	return list
}
