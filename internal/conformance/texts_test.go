package conformance

// All texts of wrapper that these tests compare word for word.
const (
	// In the log of a client that only reports violations.
	textReported = "violates the contract, passed on"
	// Of a generation that HTTP/2 guarantees to be unprocessed, at each of three attempts.
	textRefusedStream = "tensorslab: seeDreamV45: not sent: by the rules of HTTP/2 the request was not processed; nothing was sent (3 attempts)"
	// Of an upload whose file changes while it is sent: what precedes the
	// file's place in the request, and what follows it.
	textUploadBroke = "the upload broke off: the file "
	textCannotOpen  = " can't be opened"
	textEndedEarly  = " ended 5242880 bytes before its announced size"
	// Of a generation whose response names no task.
	textNoTaskID = "tensorslab: seeDreamV45: HTTP 200: the response violates the contract (/data/taskid: required): " +
		"a new task may exist that it does not name; report it to the service; the service may have acted: before you repeat it, look at the credits and tasks in the web console"
	// Of a 404: for a query with and without the service's own body, and for another operation.
	textNoSuchTask      = "knows no such task"
	textShortNoSuchTask = "no such task"
	textCheckBaseURL    = "check the base URL"
	textRefused         = "rejected the request"
	// Of a wait that ended before its task.
	textWaitAgain = "wait for it again"
	textLastQuery = "last query"
	// Of an attempt that took longer than 250 ms.
	textTimeout = "longer than 250ms"
	// In place of a key.
	textRedacted = "[redacted]"
)
