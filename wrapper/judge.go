package wrapper

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// judge turns an answer into a success or a typed error. The status comes
// first, then the envelope, then the schema: a refusal in the service's own
// words says more than what is missing from it.
func (d *contractDoer) judge(c *call, resp *http.Response) (*http.Response, error) {
	a := &c.answer
	if c.followed { // and who knows what was sent to where it led
		return nil, c.apiError(resp, outcomeUnknown)
	}
	if !isSuccess(resp.StatusCode) {
		return nil, c.apiError(resp, outcomeOf(resp.StatusCode))
	}
	if errors.Is(a.err, ErrResponseTooLarge) {
		return nil, c.contractError(resp, []Violation{{"", KeywordSize}})
	}
	if a.err != nil {
		return nil, c.transportError(a.err, false)
	}
	if d.mode == Enforce && c.op.memo.knows(resp, a.data) {
		return resp, nil
	}
	body := parseBody(a.data)
	if code, _, ok := body.envelope(); ok && code != CodeSuccess {
		return nil, c.apiError(resp, outcomeNotActed)
	}
	found, fatal := d.breaches(c.op, resp, body)
	if len(found) > 0 && (fatal || d.mode == Enforce) {
		return nil, c.contractError(resp, found)
	}
	if len(found) > 0 {
		d.report(c, found)
	} else if d.mode == Enforce && body.err == nil {
		c.op.memo.learn(resp, a.data)
	}
	return resp, nil
}

// breaches lists what breaks the contract. Fatal are those that leave the
// generated client nothing to decode, whatever the validation mode.
func (d *contractDoer) breaches(op *operation, resp *http.Response, body parsedBody) (found []Violation, fatal bool) {
	documented := op.response(resp.StatusCode)
	if documented == nil {
		return []Violation{{"", KeywordStatus}}, true
	}
	contentType := contentTypeOf(resp)
	media := documented.Content.Get(contentType)
	switch {
	case len(documented.Content) == 0, media != nil && !isJSON(contentType):
		return nil, false
	case media == nil:
		found = append(found, Violation{"", KeywordMediaType})
		media = documented.Content.Get("application/json")
	}
	if media == nil || body.err != nil {
		return append(found, Violation{"", KeywordJSON}), true
	}
	if d.mode == Off {
		found = nil
	} else {
		found = append(found, body.repeats...)
		found = append(found, op.bodies[media].violations(body.value, body.size)...)
	}
	markJSON(resp)
	return found, false
}

// markJSON names the media type in the only spelling that the generated client
// knows.
func markJSON(resp *http.Response) {
	if !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if resp.Header == nil {
			resp.Header = http.Header{}
		}
		resp.Header.Set("Content-Type", "application/json")
	}
}

func (d *contractDoer) report(c *call, found []Violation) {
	e := ContractError{Violations: c.redactor.violations(found)}
	d.log.LogAttrs(c, slog.LevelWarn, "tensorslab: answer breaks the contract, passed on",
		slog.String("operation", c.op.id), slog.String("violations", e.list()))
}
