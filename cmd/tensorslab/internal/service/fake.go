package service

import (
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ConnectFake starts a fake service that holds tasks, and returns it with a client for
// it. The caller must close the fake.
func ConnectFake(tasks []string, opts ...wrapper.Option) (*fakeapi.Server, *wrapper.Client, error) {
	fake, err := fakeapi.NewServer(fakeapi.WithTasks(tasks...))
	if err != nil {
		return nil, nil, err
	}
	opts = append(opts, wrapper.WithBaseURL(fake.URL), wrapper.WithHTTPClient(fake.Client()),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true}))
	client, err := wrapper.NewClient("key-for-the-fake", opts...)
	if err != nil {
		return nil, nil, errors.Join(err, fake.Close())
	}
	return fake, client, nil
}

// TaskIDs returns n ids for a fake service, always the same ones.
func TaskIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%06d", i+1)
	}
	return ids
}
