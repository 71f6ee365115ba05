package bench

import (
	"sync/atomic"

	"github.com/tensorslab/tensorslab-go/bench/http2"
)

// success is the contract's example of a response, with room for a number.
const success = `{"code":1000,"msg":"Successfully 000000000000","data":{"status":"Success"}}`

// numberEnds is where the number in success ends.
const numberEnds = len(success) - len(`","data":{"status":"Success"}}`)

// responses gives the bodies of successive responses. All have the same length.
type responses struct {
	differ bool
	count  atomic.Uint64
}

// next returns the same body each time, or puts one with a number of its own
// into buf.
func (a *responses) next(buf *[http2.MaxBody]byte) []byte {
	n := copy(buf[:], success)
	if a.differ {
		count := a.count.Add(1)
		for i := numberEnds - 1; count > 0; i-- {
			buf[i] = '0' + byte(count%10)
			count /= 10
		}
	}
	return buf[:n]
}
