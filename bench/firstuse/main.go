// Command firstuse prints the CPU time that a fresh process spends on its first client,
// which reads the contract, and on its first call, as JSON in nanoseconds. It imports
// no more than a program that uses the wrapper.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/tensorslab/tensorslab-go/bench/cpu"
	"github.com/tensorslab/tensorslab-go/bench/http2"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func main() {
	use, err := measure()
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(use)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type firstUse struct{ NewClient, Call time.Duration }

func measure() (firstUse, error) {
	transport := &http2.Transport{Next: func(*[http2.MaxBody]byte) []byte {
		return []byte(`{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`)
	}}
	start := cpu.Time()
	client, err := wrapper.NewClient("sk-0123456789abcdef", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return firstUse{}, err
	}
	made := cpu.Time()
	_, err = client.DeleteImagesTask(context.Background(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}})
	return firstUse{NewClient: made - start, Call: cpu.Time() - made}, err
}
