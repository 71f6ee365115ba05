package mcp

import (
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// requestKey is where the parameters of a call have its id. The SDK does not tell tools the
// id, by which a host cancels a call whose response it has not read.
const requestKey = "tensorslab.com/request"

// requestOf returns the id of a call, or an empty string.
func requestOf(req *sdk.CallToolRequest) string {
	id, _ := req.Params.Meta[requestKey].(string)
	return id
}

// follow tells a tool the id of its call, and passes on that a call is cancelled.
func (c *connection) follow(msg *jsonrpc.Request) {
	switch msg.Method {
	case "tools/call":
		if params, err := withID(msg.Params, nameOf(msg.ID)); err == nil {
			msg.Params = params
		}
	case "notifications/cancelled":
		var params struct {
			RequestID any `json:"requestId"`
		}
		if json.Unmarshal(msg.Params, &params) != nil {
			return
		}
		if id, err := jsonrpc.MakeID(params.RequestID); err == nil && id.IsValid() {
			c.cancelled(nameOf(id))
		}
	}
}

// nameOf returns a text for an id, in which the number 1 differs from the text "1".
func nameOf(id jsonrpc.ID) string { return fmt.Sprintf("%T %[1]v", id.Raw()) }

// withID returns parameters with an id. What they do not have as an object is an error,
// which is left to the SDK.
func withID(params json.RawMessage, id string) (json.RawMessage, error) {
	var fields, meta map[string]json.RawMessage
	if err := json.Unmarshal(params, &fields); err != nil {
		return nil, err
	}
	if old, ok := fields["_meta"]; ok {
		if err := json.Unmarshal(old, &meta); err != nil {
			return nil, err
		}
	}
	if fields == nil {
		return params, nil
	}
	if meta == nil {
		meta = make(map[string]json.RawMessage)
	}
	var err error
	if meta[requestKey], err = json.Marshal(id); err != nil {
		return nil, err
	}
	if fields["_meta"], err = json.Marshal(meta); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
