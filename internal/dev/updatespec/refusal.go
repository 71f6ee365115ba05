package main

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// refusal is the error of a contract that lacks what the module uses. Below its
// reason it lists where, and what to do.
type refusal struct {
	reasons []string
	files   []string // that are only about what is lacking
	places  []string // file:line of other uses
	advice  string
	output  string // of the tests that failed
}

// Error returns one line.
func (r *refusal) Error() string { return strings.Join(r.reasons, "; ") }

// explain writes the files, the places and the advice.
func (r *refusal) explain(w io.Writer) {
	if len(r.files) > 0 {
		fmt.Fprintf(w, "These files are about nothing else:\n  %s\n", strings.Join(r.files, "\n  "))
	}
	if len(r.places) > 0 {
		fmt.Fprintf(w, "These places use it:\n  %s\n", strings.Join(r.places, "\n  "))
	}
	fmt.Fprintln(w, r.advice)
	fmt.Fprint(w, r.output)
}

// trial is a copy of the module that has become that of the new contract.
type trial struct {
	dir      string
	service  codegen.Service
	old, now document
	lost     goNames  // what the generated code no longer declares
	withdraw []string // the operations that may be lacking
}

func newTrial(dir string, service codegen.Service, before, contract []byte, was, is codegen.Files, withdraw []string) (trial, error) {
	old, err := readDocument(before)
	if err != nil {
		return trial{}, err
	}
	now, err := readDocument(contract)
	return trial{dir, service, old, now, namesIn(was).without(namesIn(is)), withdraw}, err
}

// check returns a [*refusal] if the contract lacks an operation that the module
// offers, unless it is to be withdrawn, or a schema that the module uses.
func (t trial) check(s *sources) error {
	var r refusal
	for _, lost := range losses(t.old.operations(), t.now.operations()) {
		o := s.offerOf(lost.id)
		if !o.is() || slices.Contains(t.withdraw, lost.id) {
			continue
		}
		r.reasons = append(r.reasons, o.lacks(lost))
		r.files = append(r.files, o.own...)
		found, err := tracesOf(o, t.lost).places(t.dir, t.service, o.own)
		if err != nil {
			return err
		}
		r.places = append(r.places, found...)
		r.advice = fmt.Sprintf("To import the contract and delete what belonged to it, add WITHDRAW=%s to the command. "+
			"To keep it under another name, rename it in these files first.", lost.id)
	}
	if len(r.reasons) == 0 && len(t.withdraw) == 0 {
		t.checkSchemas(s, &r)
	}
	if len(r.reasons) == 0 {
		return nil
	}
	slices.SortStableFunc(r.places, byWeight)
	r.places = slices.Compact(r.places)
	return &r
}

// checkSchemas looks for schemas that the contract lost and whose Go types the module
// uses.
func (t trial) checkSchemas(s *sources, r *refusal) {
	for _, name := range slices.Sorted(maps.Keys(t.old.Components.Schemas)) {
		if _, ok := t.now.Components.Schemas[name]; ok || !t.lost.declared[name] {
			continue
		}
		places := s.places(traces{lost: goNames{declared: map[string]bool{name: true}}}, nil)
		slices.SortStableFunc(places, byWeight)
		if len(places) == 0 {
			continue
		}
		reason := "the contract no longer has the schema " + name
		if other := renamedSchema(t.old, t.now, name); other != "" {
			reason = fmt.Sprintf("the contract calls the schema %s %s now", name, other)
		}
		r.reasons = append(r.reasons, fmt.Sprintf("%s; %s uses %s.%s", reason, places[0], path.Base(t.service.Package), name))
		r.places = append(r.places, places...)
		r.advice = "Edit these places, and import the contract again."
	}
}
