package fetch

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

const avif = "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif"

// notImages maps what hosts send with status 200 in place of an image to what the
// error says.
var notImages = map[string]string{
	"<!DOCTYPE html><title>secret</title>": "a page in place of the file", "\n <html>": "a page in place of the file",
	`<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`: "an XML document", "<Error>secret</Error>": "an XML document", "\ufeff<a/>": "an XML document",
	`<svg xmlns="http://www.w3.org/2000/svg"/>`: "an XML document",
	`{"error":"secret"}`:                        "a JSON document", " [1]": "a JSON document", "secret": "text", "BMW": "", "%PDF-1.7": "not an image", "\x89PNG": "", "\x1f\x8b\x08secret": "not an image",
	strings.Repeat("\x00", 100_000): "not an image", strings.Repeat("x", 100_000): "text",
}

// Whatever media type a host names, the first bytes decide.
func TestWhatIsNoImageIsNoSuccess(t *testing.T) {
	t.Parallel()
	var body, media string
	host, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{media}
		_, _ = io.WriteString(w, body)
	})
	f := loopback(t, Options{})
	for body = range notImages {
		for _, media = range []string{"image/png", "", "application/octet-stream", "text/html"} {
			before := requests.Load()
			var got bytes.Buffer
			copied, failed := f.Get(t.Context(), host, &got)
			err := errorOf(failed)
			if !errors.Is(err, ErrNotImage) || !strings.Contains(err.Error(), notImages[body]) || strings.Contains(err.Error(), "secret") || failed.Status != 200 {
				t.Errorf("%.40q as %s: %v", body, media, err)
			}
			if copied.Bytes != 0 || got.Len() != 0 || requests.Load() != before+1 {
				t.Errorf("%.40q: %+v, %d bytes written, %d requests", body, copied, got.Len(), requests.Load()-before)
			}
		}
	}
}

func TestImagesAreTold(t *testing.T) {
	t.Parallel()
	var body string
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html") // and wrong
		for _, c := range []byte(body) {
			_, _ = w.Write([]byte{c})
			w.(http.Flusher).Flush()
		}
	})
	f := loopback(t, Options{})
	for data, want := range map[string]string{
		png: "image/png .png", picture(1000): "image/png .png", "\xff\xd8\xff": "image/jpeg .jpg", "GIF87a\x01\x00": "image/gif .gif", "RIFF1234WEBPVP8 \x00": "image/webp .webp",
		avif: "image/avif .avif", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": "image/heic .heic", "II*\x00\x08": "image/tiff .tiff", "BM1234\x00\x00": "image/bmp .bmp",
		"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00mif1" + strings.Repeat("x", 2000): "image/heif .heif", "\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00mif1": "image/heif .heif",
	} {
		body = data
		var got bytes.Buffer
		copied, failed := f.Get(t.Context(), host, &got)
		if failed != nil || copied.MediaType+" "+copied.Ext != want || got.String() != data || copied.Bytes != int64(len(data)) {
			t.Errorf("%.20q: %+v, %+v", data, copied, failed)
		}
	}
}

// No byte is no file, whatever will do.
func TestEmptyFiles(t *testing.T) {
	t.Parallel()
	for _, header := range []http.Header{nil, {"Content-Type": {"image/png"}}, {"Content-Length": {"0"}}} {
		host, requests := serve(t, responds(200, header, ""))
		for _, anyFile := range []bool{false, true} {
			n, failed := loopback(t, Options{AnyFile: anyFile}).get(t.Context(), host, io.Discard)
			if n != 0 || errorOf(failed) != ErrEmpty || failed.Status != 200 {
				t.Errorf("%v: %d, %+v", header, n, failed)
			}
		}
		if requests.Load() != 2 {
			t.Errorf("%v: %d requests", header, requests.Load())
		}
	}
}

// With AnyFile everything is copied, and images are still recognised.
func TestAnyFile(t *testing.T) {
	t.Parallel()
	var body string
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	f := loopback(t, Options{AnyFile: true})
	for data, want := range map[string]string{
		"text": "text/plain; charset=utf-8 .bin", "<html>": "text/html; charset=utf-8 .bin", "%PDF-1.7": "application/pdf .bin", "<svg/>": "image/svg+xml .svg",
		avif: "image/avif .avif", picture(9): "image/png .png", strings.Repeat("x", 5000): "text/plain; charset=utf-8 .bin",
	} {
		body = data
		var got bytes.Buffer
		copied, failed := f.Get(t.Context(), host, &got)
		if failed != nil || copied.MediaType+" "+copied.Ext != want || got.String() != data || copied.Bytes != int64(len(data)) {
			t.Errorf("%.20q: %+v, %+v", data, copied, failed)
		}
	}
}

// The bytes before an error are not lost, and neither is the error.
func TestReadHead(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	for name, tt := range map[string]struct {
		r    io.Reader
		head string
		kind string
		err  error
	}{
		"an error with an image":  {iotest.DataErrReader(io.MultiReader(strings.NewReader(png), iotest.ErrReader(mine))), png, ".png", nil},
		"an error after HEIF":     {io.MultiReader(strings.NewReader(avif[:20]), iotest.ErrReader(mine)), avif[:20], ".heif", nil},
		"an error in the middle":  {io.MultiReader(strings.NewReader(png[:5]), iotest.ErrReader(mine)), png[:5], "", mine},
		"an error at once":        {iotest.ErrReader(mine), "", "", mine},
		"an end in the middle":    {strings.NewReader(png[:5]), png[:5], "", nil},
		"no more than is needed":  {iotest.OneByteReader(strings.NewReader(picture(600))), png, ".png", nil},
		"HEIF to the end of both": {iotest.OneByteReader(strings.NewReader(avif)), avif, ".avif", nil},
	} {
		head, kind, err := readHead(tt.r)
		if string(head) != tt.head || kind.Ext != tt.kind || err != tt.err {
			t.Errorf("%s: %q, %v, %v", name, head, kind, err)
		}
	}
}

// What is no content coding was meant for another field; what is one, is refused.
func TestContentEncodings(t *testing.T) {
	t.Parallel()
	var encoding []string
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Encoding"] = encoding
		_, _ = io.WriteString(w, png)
	})
	f := loopback(t, Options{})
	for text, want := range map[string]bool{
		"": true, "identity": true, "Identity": true, "aws-chunked": true, "utf-8": true, "UTF-8": true, "binary": true, "base64": true, "none": true, "aws-chunked,": true, "image/png": true,
		"gzip": false, "GZip": false, "x-gzip": false, "br": false, "zstd": false, "deflate": false, "compress": false, "aws-chunked,gzip": false, "identity;br": false, "dcb": false,
	} {
		encoding = strings.Split(text, ";")
		n, failed := f.get(t.Context(), host, io.Discard)
		if (failed == nil) != want || want != (n == int64(len(png))) || failed != nil && !strings.Contains(failed.Err.Error(), "Content-Encoding") {
			t.Errorf("%q: %d, %+v", text, n, failed)
		}
	}
}
