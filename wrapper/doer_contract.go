package wrapper

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/tensorslab/tensorslab-go/generated"
)

// contractDoer is the outermost: what it returns is either an answer that says
// success as the contract has it, or a typed error.
type contractDoer struct {
	next     generated.HttpRequestDoer
	base     *url.URL
	contract *contract
	checked  bool // requests come from methods of Client, which check them
	mode     ValidationMode
	log      *slog.Logger
}

func (d *contractDoer) Do(req *http.Request) (*http.Response, error) {
	op, err := d.admit(req)
	if err != nil {
		closeRequest(req)
		return nil, err
	}
	c := newCall(req, op)
	if c.Err() != nil {
		closeRequest(req)
		return nil, c.transportError(withContextError(c, context.Cause(c)), true)
	}
	req = req.WithContext(c)
	resp, err := d.next.Do(req)
	if err != nil {
		return nil, err
	}
	resp.Request = req // through which DeleteImagesTask finds the call again
	return d.judge(c, resp)
}

// admit refuses what is not a sound request of the contract to the base URL.
func (d *contractDoer) admit(req *http.Request) (*operation, error) {
	path, ok := relativePath(d.base, req.URL)
	if !ok {
		return nil, invalid("", "", "its address is not below the base URL")
	}
	op := d.contract.find(req.Method, path)
	if op == nil {
		return nil, invalid("", "", "the contract has no operation %s %s", req.Method, cut(path, maxPointerText))
	}
	if name, bad := badHeader(req.Header); bad {
		return nil, invalid(op.id, "", "the header %s can't be sent: its name or value holds a character that none may", quoted(name, maxPointerText))
	}
	if d.checked {
		return op, nil
	}
	return op, op.checkRequest(req)
}

// closeRequest does what an http.Client would do with a request that it refuses.
func closeRequest(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
