package fakeapi

import (
	"maps"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// documents are the contracts that a server serves, each at its own paths. Two of
// them may have operations with the same operationId.
type documents []*document

// find returns the operation of a request and the contract that has it. If no contract
// has it, allow lists the methods of the first one that has its path.
func (all documents) find(method, escapedPath string) (d *document, op *contract.Operation, values map[string]string, allow string) {
	for _, d := range all {
		op, values, methods := d.Find(method, escapedPath)
		if op != nil {
			return d, op, values, ""
		}
		if allow == "" {
			allow = methods
		}
	}
	return nil, nil, nil, allow
}

// operation returns the operation of a name: its operationId, in the first contract
// that has it, or its method and path. It is nil if no contract has it.
func (all documents) operation(name string) *contract.Operation {
	for _, d := range all {
		if op := d.Operation(name); op != nil {
			return op
		}
	}
	for _, d := range all {
		for _, op := range d.Operations() {
			if op.Method+" "+op.Path == name {
				return op
			}
		}
	}
	return nil
}

// secret has the headers that carry a credential in any of the contracts.
func (all documents) secret() map[string]bool {
	found := map[string]bool{}
	for _, d := range all {
		maps.Copy(found, d.secret)
	}
	return found
}
