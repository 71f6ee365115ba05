package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// connect returns a client for the service. It sends nothing.
func connect(e env, f serviceFlags, more ...wrapper.Option) (*wrapper.Client, error) {
	key, err := findKey(e, f)
	if err != nil {
		return nil, err
	}
	opts := append(f.options(), more...)
	name, base := f.base(e)
	if base != "" {
		opts = append(opts, wrapper.WithBaseURL(base))
	}
	client, err := wrapper.NewClient(key, opts...)
	switch {
	case errors.Is(err, wrapper.ErrInvalidKey):
		return nil, &exitError{statusAuth, err}
	case err != nil:
		option := fmt.Sprintf("WithBaseURL: %v", wrapper.ErrInvalidOption)
		return nil, usagef("%s", strings.ReplaceAll(plain(err), option, name))
	}
	return client, nil
}

// base is the base URL and where it was given. It is empty for the default.
func (f serviceFlags) base(e env) (name, base string) {
	if f.baseURL != "" {
		return "--base-url", f.baseURL
	}
	return wrapper.EnvBaseURL, strings.TrimSpace(e.getenv(wrapper.EnvBaseURL))
}

func findKey(e env, f serviceFlags) (string, error) {
	if f.apiKeyFile != "" {
		key, err := apikey.FromFile(f.apiKeyFile)
		switch {
		case errors.Is(err, apikey.ErrNone):
			return "", &exitError{statusAuth, err}
		case err != nil:
			return "", usagef("cannot read the API key: %w", err)
		}
		return key, nil
	}
	key, err := apikey.Find(e.getenv, e.home)
	if err != nil {
		return "", failf(statusAuth, "%w; set %s, give --api-key-file, or write it to ~/.tensorslab/.env (keys are issued at %s)",
			err, wrapper.EnvAPIKey, "https://tensorai.tensorslab.com/apikey")
	}
	return key, nil
}

// connectFake starts a fake service that holds tasks, and returns it with a
// client for it. The caller has to close it.
func connectFake(tasks []string, opts ...wrapper.Option) (*fakeapi.Server, *wrapper.Client, error) {
	fake, err := fakeapi.NewServer(fakeapi.WithTasks(tasks...))
	if err != nil {
		return nil, nil, err
	}
	opts = append(opts, wrapper.WithBaseURL(fake.URL), wrapper.WithHTTPClient(fake.Client()),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true, HTTPClient: fake.Client()}))
	client, err := wrapper.NewClient("key-for-the-fake", opts...)
	if err != nil {
		return nil, nil, errors.Join(err, fake.Close())
	}
	return fake, client, nil
}
