package wrapper

import (
	"encoding/json"
	"strconv"
	"strings"
)

// parsedBody is a body as the validator sees it.
type parsedBody struct {
	value   any
	repeats []Violation
	err     error
	size    int
}

func parseBody(data []byte) parsedBody {
	value, repeats, err := readJSON(data)
	return parsedBody{value, repeats, err, len(data)}
}

// envelope reads code and msg, which stand in every answer of the service by
// the contract's BaseResponse and ErrorResponse. What is there is returned; ok
// says that both are, and can be read in one way only.
func (b parsedBody) envelope() (code int, msg string, ok bool) {
	object, isObject := b.value.(map[string]any)
	if !isObject || len(b.repeats) > 0 || hasOtherCase(object, "code") || hasOtherCase(object, "msg") {
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

func hasOtherCase(object map[string]any, name string) bool {
	for key := range object {
		if key != name && strings.EqualFold(key, name) {
			return true
		}
	}
	return false
}
