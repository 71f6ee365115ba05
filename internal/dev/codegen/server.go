package codegen

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	reader "github.com/tensorslab/tensorslab-go/internal/contract"
)

// serverFile is the file of a package that holds the address of the contract's server
// as a constant. The generator can write one too, but names it after the description of
// the server, which may change with each version of a contract.
const serverFile = "server.gen.go"

const serverName = "ServerURL" // the constant in it

const serverText = `// Code generated from %s by go generate. DO NOT EDIT.

package %s

// ServerURL is the address of the first server that the contract lists, which a
// client uses unless it is given another one.
const ServerURL = %q
`

// addServer adds the file with the address of a valid contract's server to what the
// generator wrote below dir. It adds nothing to what holds no Go, which the compiler
// is to report.
func (s Service) addServer(dir string, output Files, contract []byte) error {
	isGo := func(name string) bool { return strings.HasSuffix(name, ".go") }
	if !slices.ContainsFunc(slices.Collect(maps.Keys(output)), isGo) {
		return nil
	}
	doc, err := parse(contract)
	if err != nil {
		return err
	}
	address, err := reader.Server(doc.Spec)
	if err != nil {
		return unusable(err)
	}
	name := s.Package + "/" + serverFile
	output[name] = fmt.Appendf(nil, serverText, s.Document, path.Base(s.Package), address)
	return writeAll(dir, Files{name: output[name]})
}

// unusable is the error of a valid contract that the client can't follow.
func unusable(err error) error {
	return fmt.Errorf("the contract can't be used: %s", shorten(err.Error(), maxErrorText))
}
