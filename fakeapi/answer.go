package fakeapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"

	"github.com/tensorslab/tensorslab-go/generated"
)

// The codes of the contract that this package answers by itself.
const (
	codeSuccess   = 1000
	codeNoCredits = 9000
	codeFailure   = 9999
)

const jsonType = "application/json"

// answer is a whole response, made before a byte of it is sent.
type answer struct {
	status      int
	contentType string // none is sent if empty
	header      http.Header
	body        []byte
}

func jsonAnswer(status int, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		return errorAnswer(http.StatusInternalServerError, "the answer cannot be written as JSON")
	}
	return answer{status: status, contentType: jsonType, body: body}
}

func errorAnswer(status int, msg string) answer {
	return jsonAnswer(status, generated.ErrorResponse{Code: codeFailure, Msg: msg})
}

// with returns the answer with further headers.
func (a answer) with(header http.Header) answer {
	merged := a.header.Clone()
	if merged == nil {
		merged = make(http.Header)
	}
	maps.Copy(merged, header)
	a.header = merged
	return a
}

// send writes the answer. The length that is declared is always that of the
// whole body; sent says how much of it follows.
func (a answer) send(w http.ResponseWriter, sent int) {
	header := w.Header()
	// A nil value keeps net/http from guessing a type.
	header["Content-Type"] = nil
	if a.contentType != "" {
		header.Set("Content-Type", a.contentType)
	}
	if len(a.body) > 0 {
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	maps.Copy(header, a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:sent]) // a client that has gone gets no answer
}
