package fakeapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"

	"github.com/tensorslab/tensorslab-go/generated"
)

// The codes of the contract that this package sends without a fault.
const (
	codeSuccess   = 1000
	codeNoCredits = 9000
	codeFailure   = 9999
)

const jsonType = "application/json"

// response is a whole response, made before a byte of it is sent.
type response struct {
	status      int
	contentType string // none is sent if empty
	header      http.Header
	body        []byte
}

func jsonResponse(status int, value any) response {
	body, err := json.Marshal(value)
	if err != nil {
		return errorResponse(http.StatusInternalServerError, "the response cannot be written as JSON")
	}
	return response{status: status, contentType: jsonType, body: body}
}

func errorResponse(status int, msg string) response {
	return jsonResponse(status, generated.ErrorResponse{Code: codeFailure, Msg: msg})
}

// as returns the response with another Content-Type.
func (r response) as(contentType string) response {
	r.contentType = contentType
	return r
}

// with returns the response with further headers.
func (r response) with(header http.Header) response {
	merged := r.header.Clone()
	if merged == nil {
		merged = make(http.Header)
	}
	maps.Copy(merged, header)
	r.header = merged
	return r
}

// send writes the response and the first sent bytes of its body. The length
// that it declares is always that of the whole body.
func (r response) send(w http.ResponseWriter, sent int) {
	header := w.Header()
	// A nil value keeps net/http from guessing a type.
	header["Content-Type"] = nil
	if r.contentType != "" {
		header.Set("Content-Type", r.contentType)
	}
	if len(r.body) > 0 {
		header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	maps.Copy(header, r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:sent]) // a client that has gone gets no response
}
