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
// [Client.Generated] reaches every operation of the contract, with the same key,
// checks and errors.
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
// # Generation, waiting, downloading, deleting
//
// [Client.SeeDreamV4], [Client.SeeDreamV45], [Client.SeeDreamV5] and
// [Client.ZImage] create a task, which costs credits. A generation is retried
// only if the request provably never left; otherwise the error says that a task
// may exist ([ErrOutcomeUnknown]), and carries its id in the field TaskID if the
// response names one. Whether to repeat it is for the caller to decide. From an
// HTTP handler, pass context.WithoutCancel(ctx), so that the id of a paid task is
// not lost when the client hangs up.
//
// [Client.WaitForTask] polls until a task has ended, with an image or with a
// [TaskFailedError]. A [WaitError] is the end of the wait and not of the task;
// keep its id. [Client.Download] copies an image from its host, which receives
// neither the key nor anything else of [WithHTTPClient], and must be a public one.
// [Client.PurgeImagesTasks] deletes any number of tasks, and yields each id once,
// with the outcome of its batch.
//
// # Authentication
//
// The key is sent as "Bearer <key>" in the header Authorization, as TensorsLab's
// prose pages and its own client do. The contract only declares an apiKey in that
// header, which may also mean the key as it is: if the service rejects the key
// ([ErrUnauthorized]), try [WithBareKey] or TENSORSLAB_AUTH=bare.
//
// # Validation
//
// A nil error means that the response says success in the terms of the service
// and satisfies the published contract: status, media type, JSON, schema, code
// 1000. Bodies that the validator and the generated struct could read
// differently (repeated keys, keys in another case, integers such as 1e3) count
// as violations; null counts as missing where a property may be missing.
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
// errors.Is with a sentinel tells them apart further: by status
// ([ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrServer],
// [ErrRedirected]), by code ([ErrInsufficientCredits], [ErrFailure],
// [ErrDeleteFailed]) and, above all, by outcome: [ErrNotSent] if no attempt was
// sent, so that the service certainly did not act; [ErrOutcomeUnknown] if it may
// have. An error that matches neither means that the service rejected the request
// without acting on it.
//
// Error texts are one line of less than 1 KB. They hold neither the key nor a
// body. The key is also taken out of what errors unwrap to and of responses, in
// every field but an id. All types implement slog.LogValuer.
//
// # Retries
//
// A connection that is refused before anything was sent is retried for any
// operation; HTTP 429, most 5xx and lost connections only for operations that may
// be repeated: deletion and queries, and never generation. See [RetryPolicy].
// Redirects of the service are never followed. [WithLogger] logs each attempt.
//
// # Testing
//
// Package fakeapi runs the service in the process of your tests, over real
// sockets, with faults on request.
package wrapper
