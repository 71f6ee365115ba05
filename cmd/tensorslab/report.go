package main

import (
	"errors"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// reporter tells what happens to the ids. Each method returns the error of
// the write.
type reporter interface {
	// note is for people; it is no part of the account.
	note(text string) error
	// batch is called for each batch with its outcome, which err explains.
	batch(ids []string, o outcome, err error) error
	// unsent is called once for the ids that were not even tried, if any.
	unsent(ids []string, reason string) error
	// summary is called last.
	summary(s summary) error
	// plan takes the place of the others in a dry run.
	plan(p plan) error
}

// summary is the end of an account.
type summary struct {
	tally
	repeats     int
	batches     int // that were told
	interrupted bool
	remaining   string // the file, if it was written
}

// plan is what a purge would do.
type plan struct{ total, repeats, batches, batchSize int }

func newReporter(e env, f deleteFlags) reporter {
	if f.output == outputJSON {
		return newJSONReport(e.stdout, f.batchSize)
	}
	return &textReport{out: e.stdout}
}

// facts are the parts of an error that its text only holds in words.
type facts struct {
	code, httpStatus, attempts int
	requestID                  string
}

func factsOf(err error) facts {
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	switch {
	case errors.As(err, &api):
		return facts{api.Code, api.HTTPStatus, api.Attempts, api.RequestID}
	case errors.As(err, &contract):
		return facts{0, contract.HTTPStatus, contract.Attempts, contract.RequestID}
	case errors.As(err, &transport):
		return facts{attempts: transport.Attempts}
	}
	return facts{}
}
