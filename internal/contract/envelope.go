package contract

import (
	"encoding/json"
	"strconv"
)

// Envelope reads code and msg, which every response of the service holds by the
// contract's BaseResponse and ErrorResponse. It returns what is there; ok reports
// that both are. Where they could be read in more than one way, since a key is
// repeated anywhere or equals one of the two except for case, it returns neither.
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
