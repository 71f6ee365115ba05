// Package wrapper is the client for TensorsLab's Images Service API.
//
// # Quick start
//
// Make one [Client] and keep it:
//
//	client, err := wrapper.NewClientFromEnv() // TENSORSLAB_API_KEY
//	if err != nil {
//		return err
//	}
//	created, err := client.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox"})
//	…
//	task, err := client.WaitForTask(ctx, created.Data.TaskID, wrapper.WaitOptions{})
//	…
//	_, err = client.Download(ctx, task.URL[0], file)
//	…
//	_, err = client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{created.Data.TaskID}})
//
// A generation costs credits, so it is retried only if the request provably never
// left; otherwise the error says that a task may exist ([Client.SeeDreamV4] has the
// details). [Client.Generate] takes any model, and [Client.PurgeImagesTasks] deletes
// any number of tasks. [Client.Generated] reaches every operation of the contract, with
// the same key, checks and errors. The types of requests are in package generated: go
// doc generated.SeeDreamV45MultipartBody lists the fields of one.
//
// # Terms
//
//   - The contract is the OpenAPI document that TensorsLab publishes, from which
//     this module is generated. A response violates it, or satisfies it.
//   - The outcome of a request is what is known of its effect on the service: it
//     acted, it did not act, nothing was sent, or nobody knows. In the last case
//     the outcome is in doubt.
//   - A purge deletes any number of tasks in batches.
//
// # Validation
//
// A nil error means that the response says success and satisfies the published
// contract: status, media type, JSON, schema, code 1000. Bodies that could be read
// in two ways (repeated keys, keys in another case, integers such as 1e3) count as
// violations; null counts as missing where a property may be missing.
// [WithValidation] relaxes this.
//
// # Errors
//
// An error of a request to the service is one of four types, found with
// errors.As:
//
//   - [RequestError]: refused here, nothing sent;
//   - [APIError]: the service, or a gateway, responded with something else than success;
//   - [ContractError]: the response violates the contract, or is too large;
//   - [TransportError]: no complete response.
//
// WaitForTask adds [TaskFailedError] and [WaitError], Download [DownloadError].
//
// errors.Is with a sentinel such as [ErrUnauthorized] tells them apart further,
// above all by outcome: [ErrNotSent] if no attempt was sent, so that the service
// certainly did not act; [ErrOutcomeUnknown] if it may have. An error that matches
// neither means that the service rejected the request without acting on it.
//
// Error texts are one line of less than 1 KB. They hold neither the key nor a
// body. The key is also taken out of what errors unwrap to and of responses, in
// every field but an id. All types implement slog.LogValuer.
//
// # Testing
//
// Package fakeapi runs the service in the process of your tests, over real
// sockets, with faults on request.
package wrapper
