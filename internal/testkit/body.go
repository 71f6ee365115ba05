package testkit

import (
	"bytes"
	"compress/gzip"
	"io"
)

// Bodies of the service's responses.
const (
	DeletedBody     = `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`
	TaskCreatedBody = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"abcd_1234567890abcdef"}}`
)

// Gzip returns body as one gzip member.
func Gzip(body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return b.String()
}
