package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// maxDocument is the largest contract that is imported, in bytes. One of that size takes
// many seconds to read; the published one of the whole service has below a tenth of it.
const maxDocument = 2 << 20

var errTooLarge = errors.New("it is too large for a contract")

// readFile returns a file of at most limit bytes.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("SPEC_FILE: %w", err)
	}
	defer f.Close()
	data, err := readBounded(f, limit)
	if errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("SPEC_FILE: %s: %w", name, err)
	}
	if err != nil {
		return nil, fmt.Errorf("SPEC_FILE: %w", err) // it names the file
	}
	return data, nil
}

// readBounded reads one byte more than limit, the only way to know whether there
// is one.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", errTooLarge, limit)
	}
	return data, err
}

// normalised returns a valid contract in the one form that openapi.json has:
// indented by two spaces, with a line end after it, and otherwise as it was
// published: keys in their order, numbers and texts as they are written. A byte order
// mark is left out.
func normalised(document []byte) ([]byte, error) {
	document = bytes.TrimPrefix(document, []byte("\ufeff"))
	if err := refuseOtherKinds(document); err != nil {
		return nil, err
	}
	if err := codegen.Validate(document); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(document), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

var yamlKey = regexp.MustCompile(`(?m)^(---|["']?(openapi|swagger|info)["']?[ \t]*:)`)

// refuseOtherKinds names what is often fetched instead of a contract. For anything
// else the validation says what is wrong.
func refuseOtherKinds(document []byte) error {
	text := bytes.TrimSpace(document)
	switch {
	case len(text) == 0:
		return errors.New("the document is empty")
	case text[0] == '<':
		return errors.New("the document is a web page (HTML or XML), no contract: give the address of the JSON itself")
	case text[0] != '{' && yamlKey.Match(text):
		return errors.New("the document is YAML: give the contract as JSON")
	}
	return nil
}
