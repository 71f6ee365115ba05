package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

type rawRequest struct {
	TaskIDs []string `json:"taskids"`
}

type rawResponse struct {
	Code int    `json:"code"`
	Msg  string `json:"msg"`
	Data struct {
		Status string `json:"status"`
	} `json:"data"`
}

// openRaw is net/http and encoding/json by hand: the floor.
func openRaw(baseURL string, transport http.RoundTripper) (calls, error) {
	client := newHTTPClient(transport)
	return calls{
		remove: func(ctx context.Context, ids []string) error {
			var a rawResponse
			if err := postJSON(ctx, client, baseURL+deletionURL, rawRequest{ids}, &a); err != nil {
				return err
			}
			return confirm(a.Code)
		},
		query: func(ctx context.Context, id string) (int, error) {
			var a generated.ImageInfoResponse
			if err := postJSON(ctx, client, baseURL+queryURL, generated.InfoByTaskIDJSONRequestBody{TaskID: id}, &a); err != nil {
				return 0, err
			}
			return len(a.Data.URL), confirm(a.Code)
		},
	}, nil
}

func postJSON(ctx context.Context, c *http.Client, url string, request, response any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	return post(ctx, c, url, "application/json", bytes.NewReader(body), response)
}

// post sends a body, and decodes the response.
func post(ctx context.Context, c *http.Client, url, contentType string, body io.Reader, response any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", authorization)
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return json.Unmarshal(data, response)
}
