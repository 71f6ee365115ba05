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
)
