// Package checked puts the generated client together with the two parts of the
// wrapper that can be had alone: the key, and the check of answers.
package checked

import (
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// New returns a generated client whose answers are checked.
func New(baseURL, key string) (*generated.ClientWithResponses, error) {
	auth, err := wrapper.BearerEditor(key)
	if err != nil {
		return nil, err
	}
	doer, err := wrapper.NewContractDoer(baseURL, nil)
	if err != nil {
		return nil, err
	}
	return generated.NewClientWithResponses(baseURL, generated.WithRequestEditorFn(auth), generated.WithHTTPClient(doer))
}
