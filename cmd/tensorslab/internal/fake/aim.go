package fake

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

// aim is a value of --fail: a fault of certain calls.
type aim struct {
	operations  []string // of the contract; none for downloads
	first, last int
	fault       fakeapi.Fault
}

func (a aim) set(fake *fakeapi.Server) {
	if len(a.operations) == 0 {
		fake.ImageHost().FailCalls(a.first, a.last, a.fault)
	} else {
		fake.FailCalls(a.first, a.last, a.fault, a.operations...)
	}
}

// parseAims reads the values of --fail, each of which is OP:N:HOW.
func parseAims(values []string) ([]aim, error) {
	if len(values) == 0 {
		return nil, nil
	}
	known, err := knownOperations()
	if err != nil {
		return nil, err
	}
	var aims []aim
	for _, value := range values {
		a, err := parseAim(value, known)
		if err != nil {
			return nil, err
		}
		aims = append(aims, a)
	}
	return aims, nil
}

func parseAim(value string, known map[string][]string) (a aim, err error) {
	parts := strings.Split(value, ":")
	if len(parts) < 3 || len(parts) > 4 || len(parts) == 4 && parts[3] != "acted" {
		return a, cli.Usagef("--fail must be OP:N:HOW or OP:N:HOW:acted, such as generate:2:503")
	}
	if a.operations, err = findOperations(parts[0], known); err != nil {
		return a, err
	}
	if a.first, a.last, err = parseCalls(parts[1]); err != nil {
		return a, err
	}
	if a.fault, err = parseFault(parts[2]); err == nil && len(parts) == 4 {
		a.fault = a.fault.AfterActing()
	}
	return a, err
}

// knownOperations returns the operations that each word stands for.
func knownOperations() (map[string][]string, error) {
	doc, err := contract.Parse(vendored.Images.Spec())
	if err != nil {
		return nil, err
	}
	known := map[string][]string{"download": nil}
	for _, op := range doc.Operations() {
		known[op.ID] = []string{op.ID}
		var word string
		switch {
		case op.FormFields()["prompt"] != nil:
			word = "generate"
		case strings.HasPrefix(op.ID, "info"):
			word = "info"
		case strings.HasPrefix(op.ID, "delete"):
			word = "delete"
		default:
			continue
		}
		known[word] = append(known[word], op.ID)
	}
	known["wait"] = known["info"] // which queries
	return known, nil
}

// findOperations returns the operations of a word, whose case does not matter: the names
// of models are those of their operations in lower case.
func findOperations(word string, known map[string][]string) ([]string, error) {
	names := slices.SortedFunc(maps.Keys(known), func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	for _, name := range names {
		if strings.EqualFold(name, word) {
			return known[name], nil
		}
	}
	what, advice := "--fail names an unknown operation", "use one of "+strings.Join(names, ", ")
	if shown := cli.Shown(word); shown != "" {
		what += " " + shown
		if near := cli.Nearest(word, names); near != "" {
			advice = "did you mean " + near + "?"
		}
	}
	return nil, cli.Usagef("%s; %s", what, advice)
}

// parseCalls reads the number of a call, or N-M for several.
func parseCalls(text string) (first, last int, err error) {
	from, to, isRange := strings.Cut(text, "-")
	first, err = strconv.Atoi(from)
	if last = first; isRange && err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 1 || last < first {
		return 0, 0, cli.Usagef("--fail needs the number of a call, from 1, or N-M for several, such as generate:2:503 or generate:2-5:503")
	}
	return first, last, nil
}

// parseFault reads how a call fails.
func parseFault(text string) (fakeapi.Fault, error) {
	const msg = "as --fail says"
	if text == "drop" {
		return fakeapi.DropRequest(), nil
	}
	number, err := strconv.Atoi(text)
	switch {
	case err == nil && number == 429:
		return fakeapi.RateLimit(1), nil
	case err == nil && number >= 400 && number <= 599:
		return fakeapi.Respond(number, "application/json", `{"code":9999,"msg":"`+msg+`"}`), nil
	case err == nil && number > 1000 && number <= 1_000_000:
		return fakeapi.BusinessCode(number, msg), nil
	}
	return fakeapi.Fault{}, cli.Usagef("--fail needs an HTTP status from 400 to 599, a code of the service from 1001, or drop, such as generate:2:503")
}
