package testkit

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"
)

// A body larger than HTTP/2's first windows arrives whole, and a response in
// frames is read as one, with its trailer.
func TestHTTP2Conn(t *testing.T) {
	t.Parallel()
	const size = 300_000
	authority := NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	config.NextProtos = []string{"h2"}
	received := make(chan int, 1)
	address := Listen(t, OverTLS(config, func(conn *Conn) {
		c := HTTP2Conn{conn.Conn}
		total := 0
		for err := c.Begin(2); err == nil; {
			var frame HTTP2Frame
			if frame, err = c.Next(); err == nil && frame.Ends {
				received <- total + len(frame.Data)
				c.SendHead(frame.Stream, 418, 4)
				c.SendData(frame.Stream, "te", false)
				c.SendData(frame.Stream, "xt", false)
				c.SendTrailer(frame.Stream)
			}
			total += len(frame.Data)
		}
	}))
	transport := Transport(t)
	transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
	resp, err := (&http.Client{Transport: transport}).Post("https://"+address, "text/plain", bytes.NewReader(make([]byte, size)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "text" || resp.StatusCode != 418 || resp.ContentLength != 4 || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("got %v with %q and %v", resp, body, err)
	}
	if resp.Trailer.Get("Etag") != "x" {
		t.Errorf("trailer %v", resp.Trailer)
	}
	if n := <-received; n != size {
		t.Errorf("received %d bytes", n)
	}
}
