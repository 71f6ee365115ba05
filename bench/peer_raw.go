package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
func openRaw(baseURL string, transport http.RoundTripper) (deleter, error) {
	client, url := newHTTPClient(transport), baseURL+deletionURL
	return func(ctx context.Context, ids []string) error {
		body, err := json.Marshal(rawRequest{ids})
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", authorization)
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		return readRaw(resp)
	}, nil
}

func readRaw(resp *http.Response) error {
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	var a rawResponse
	if err := json.Unmarshal(data, &a); err != nil {
		return err
	}
	return confirm(a.Code)
}
