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
// Every operation of the contract is also reached through [Client.Generated],
// with the same key, checks and errors.
//
// # Generation
//
// [Client.SeeDreamV4], [Client.SeeDreamV45], [Client.SeeDreamV5] and
// [Client.ZImage] create a task, which costs credits. None is ever sent twice
// unless it certainly was not sent: a lost answer, or one that names no task, is
// [ErrOutcomeUnknown], and whether to repeat it is for the caller to decide.
// Source images are streamed; [NewSource] keeps one on disk.
//
// # Waiting
//
// [Client.InfoByTaskID] asks once how far a task is. [Client.WaitForTask] asks
// until it has ended: it rides out lost connections, [ErrRateLimited], [ErrServer]
// and answers of broken gateways, and returns anything else at once. A task that
// failed is a [TaskFailedError], with the service's words. A [WaitError] is the end
// of the wait and not of the task, which can be waited for again; keep its id.
//
// # Downloading
//
// [Client.Download] writes one image to an io.Writer. Images are on other hosts,
// which get neither the key nor anything else of [WithHTTPClient]. Only public
// hosts are asked, and redirects followed to them, within the bounds of
// [DownloadPolicy]: a URL can't make a program read from the network around it.
// Errors ([DownloadError]) name the host alone, since the URL may be signed.
//
// # Purge
//
// [Client.PurgeImagesTasks] deletes any number of tasks in batches, and accounts
// for each id: it is yielded once, with the outcome of its batch.
//
// # Authentication
//
// The contract declares an apiKey in the header Authorization, so the key is
// sent as it is. TensorsLab's prose pages write "Bearer <key>": if the service
// refuses the key ([ErrUnauthorized]), try [WithBearer].
//
// # What an answer is checked for
//
// A nil error means that the answer is a success in the words of the service
// and satisfies the published contract: status, media type, JSON, schema, code
// 1000. Bodies that the validator and the generated struct could read
// differently (repeated keys, keys in another case, integers such as 1e3) count
// as breaches. [WithValidation] relaxes this.
//
// # Errors
//
// An error of a request to the service is one of four types, found with
// errors.As:
//
//   - [RequestError]: refused here, nothing sent;
//   - [APIError]: the service, or a gateway, answered something else than success;
//   - [ContractError]: the answer breaks the contract, or is too large;
//   - [TransportError]: no complete answer.
//
// WaitForTask adds [TaskFailedError] and [WaitError], Download [DownloadError].
//
// errors.Is with a sentinel tells them apart further, by status
// ([ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrServer],
// [ErrRedirected]), by code
// ([ErrInsufficientCredits], [ErrFailure], [ErrDeleteFailed]) and, above all, by
// what happened at the other end: [ErrNotSent] if the service certainly did not
// act, [ErrOutcomeUnknown] if it may have, neither after a plain refusal.
//
// Error texts are one line of less than 1 KB. They hold neither the key nor a
// body. All types implement slog.LogValuer.
//
// # Retries
//
// A connection that is refused before anything was sent is tried again for any
// operation; 429, 500, 502, 503, 504 and lost connections only for operations
// that may be repeated: deletion and queries, and never generation. See
// [RetryPolicy]. Redirects of the service are never followed.
//
// # Testing
//
// Package fakeapi runs the service in the process of your tests, over real
// sockets, with faults on request.
//
// # Logging
//
// [WithLogger] logs each attempt. It can't log a key, an id or a body.
package wrapper
