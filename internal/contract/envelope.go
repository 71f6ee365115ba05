package contract

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Envelope reads code and msg, which the service puts around what an operation
// returns; see [Operation.HasEnvelope]. It returns what is there; ok reports that
// both are. Where they could be read in more than one way, since a key is repeated
// anywhere or equals one of the two except for case, it returns neither.
func (b *Body) Envelope() (code int, msg string, ok bool) {
	object, isObject := b.Object()
	if !isObject || len(b.Repeats) > 0 || HasOtherCase(object, "code") || HasOtherCase(object, "msg") {
		return 0, "", false
	}
	number, _ := object["code"].(json.Number)
	code, err := strconv.Atoi(number.String())
	if err != nil {
		code = 0
	}
	msg, isString := object["msg"].(string)
	return code, msg, err == nil && isString
}

// code reads the code of an envelope alone, under the conditions of
// [Body.Envelope]: the contract may allow that msg is missing.
func (b *Body) code() (code int, ok bool) {
	object, _ := b.Object()
	if len(b.Repeats) > 0 || HasOtherCase(object, "code") {
		return 0, false
	}
	number, _ := object["code"].(json.Number)
	code, err := strconv.Atoi(number.String())
	return code, err == nil
}

// IsAmbiguous reports whether one of these values, given by the names that lead to it, could be
// read in more than one way: a key on the way is repeated, or is there in another case.
func (b *Body) IsAmbiguous(paths ...string) bool {
	return len(b.Repeats) >= MaxViolations || slices.ContainsFunc(paths, func(path string) bool {
		value, pointer := b.Value, ""
		isHere := func(v Violation) bool { return v.Pointer == pointer }
		for name := range strings.SplitSeq(path, "/") {
			object, _ := value.(map[string]any)
			value, pointer = object[name], pointer+"/"+name
			if HasOtherCase(object, name) || slices.ContainsFunc(b.Repeats, isHere) {
				return true
			}
		}
		return false
	})
}

// Verdict is what the envelope of a response says about success.
type Verdict uint8

const (
	NoVerdict   Verdict = iota // the contract has no envelope in it, or allows one without a code
	Success                    // the code is that of success
	Failure                    // the code is another one, and a msg says why, unless the contract allows that there is none
	BareFailure                // the code is another one, without a msg: a failure if the body satisfies the contract all the same
	NoCode                     // the contract has an envelope in this very response, which has no code
)

// VerdictOf returns what a response says about success and, for a failure, the code
// that says so. A code or msg that could be read in two ways counts as missing.
func (o *Operation) VerdictOf(resp *http.Response, body *Body, success int) (verdict Verdict, code int) {
	has, isDeclared := o.envelopeIn(resp, body)
	code, hasCode := body.code()
	_, _, isWhole := body.Envelope()
	switch {
	case isDeclared && !hasCode:
		return NoCode, 0
	case !has || !hasCode:
		return NoVerdict, 0
	case code == success:
		return Success, 0
	case isWhole, o.allowsMsgOf(resp, body):
		return Failure, code
	}
	return BareFailure, code
}

// allowsMsgOf reports whether the schema of the response allows that the msg of a body
// is missing, or null, as it is there. Such a failure says no less than one with a msg,
// and may lack as much of what only a success has.
func (o *Operation) allowsMsgOf(resp *http.Response, body *Body) bool {
	documented := o.response(resp.StatusCode)
	object, _ := body.Object()
	msg, isThere := object["msg"]
	if documented == nil || msg != nil || HasOtherCase(object, "msg") {
		return false
	}
	media := o.expects(documented, contentTypeOf(resp)).media
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		return false
	}
	properties := propertiesOf(media.Schema, "msg")
	isRequired := slices.ContainsFunc(composed(media.Schema.Value, nil, false), func(part *openapi3.Schema) bool {
		return slices.Contains(part.Required, "msg")
	})
	isNullable := !slices.ContainsFunc(properties, func(p *openapi3.SchemaRef) bool { return !p.Value.Nullable })
	return len(properties) > 0 && (!isRequired || isThere && isNullable)
}

// HasEnvelope reports whether the contract has an envelope in a response with the
// status, Content-Type and body: an object with an integer code and a text msg. An
// operation whose success has one has it in all responses that are not documented
// with another body, and in texts that are one all the same. Files and streams have
// none, unless that is what their schema says.
func (o *Operation) HasEnvelope(resp *http.Response, body *Body) bool {
	has, _ := o.envelopeIn(resp, body)
	return has
}

// envelopeIn is [Operation.HasEnvelope]. isDeclared reports that the schema of this
// very response is one, so that it says nothing without a code.
func (o *Operation) envelopeIn(resp *http.Response, body *Body) (has, isDeclared bool) {
	documented := o.response(resp.StatusCode)
	if documented == nil || len(documented.Content) == 0 || o.Method == http.MethodHead {
		return o.hasEnvelope && o.Method != http.MethodHead, false
	}
	e := o.expects(documented, contentTypeOf(resp))
	if e.media != nil && !e.judges(body) {
		_, _, isWhole := body.Envelope()
		return o.hasEnvelope && isWhole && isText(contentTypeOf(resp)), false
	}
	isDeclared = e.body != nil && e.body.isEnvelope
	isOther := e.body != nil && !isDeclared && resp.StatusCode/100 == 2
	return isDeclared || o.hasEnvelope && !isOther, isDeclared
}

// noteEnvelopes notes which responses of the operation have an envelope.
func (o *Operation) noteEnvelopes() {
	for status, response := range o.Spec.Responses.Map() {
		for key, media := range response.Value.Content {
			b := o.responses[media]
			if b == nil {
				continue
			}
			b.isEnvelope = isEnvelope(media.Schema, 0)
			b.isObject = b.isEnvelope || describesObject(media.Schema)
			isRead := IsJSON(key) || isText(key) || strings.HasSuffix(withoutParameters(key), "/*")
			isSuccess := status[0] == '2' || status == "default" && o.Spec.Responses.Len() == 1
			o.hasEnvelope = o.hasEnvelope || b.isEnvelope && isRead && isSuccess
		}
	}
}

// maxUnions is how deep unions are looked through for an envelope.
const maxUnions = 4

// isEnvelope reports whether an object's schema, or each branch of a union, has an
// integer code and a text msg.
func isEnvelope(ref *openapi3.SchemaRef, depth int) bool {
	if ref == nil || ref.Value == nil || depth > maxUnions {
		return false
	}
	if hasType(propertiesOf(ref, "code"), openapi3.TypeInteger) && hasType(propertiesOf(ref, "msg"), openapi3.TypeString) {
		return true
	}
	for _, part := range composed(ref.Value, nil, false) {
		for _, branches := range []openapi3.SchemaRefs{part.OneOf, part.AnyOf} {
			envelopes := 0
			for _, branch := range branches {
				if isEnvelope(branch, depth+1) {
					envelopes++
				}
			}
			if envelopes > 0 && envelopes == len(branches) {
				return true
			}
		}
	}
	return false
}

func hasType(refs []*openapi3.SchemaRef, kind string) bool {
	for _, ref := range refs {
		for _, part := range composed(ref.Value, nil, false) {
			if part.Type.Includes(kind) {
				return true
			}
		}
	}
	return false
}

// propertiesOf returns the schemas that an object's schema, with what allOf adds to
// it, has for a property.
func propertiesOf(ref *openapi3.SchemaRef, name string) []*openapi3.SchemaRef {
	if ref == nil || ref.Value == nil {
		return nil
	}
	var found []*openapi3.SchemaRef
	for _, part := range composed(ref.Value, nil, false) {
		if property := part.Properties[name]; property != nil && property.Value != nil {
			found = append(found, property)
		}
	}
	return found
}
