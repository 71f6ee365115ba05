// Package conformance is the specification of package wrapper, as tables of
// black-box tests over real sockets: what a service, a gateway, a network or a
// caller does, and what the caller then gets. It uses exported names only.
//
// What comes back from one response is in [responseGroups] (responses_test.go);
// each group has its rows in the file of its subject:
//
//	success_test.go   successes, business codes in a 2xx, media types
//	status_test.go    undocumented 2xx, refusals, redirects, interim responses
//	json_test.go      bodies that are not one JSON value, values of a wrong type
//	keys_test.go      repeated keys, keys in another case, numbers
//	size_test.go      depth, quantity, long texts, size limits, encodings
//
// A row is judged in check_test.go by its verdict (verdict_test.go), for
// DeleteImagesTask, the generated client below it, and NewContractDoer, in each
// validation mode. serve_test.go is the server of the rows.
//
// What else can happen to a call:
//
//	faults_test.go         connections that break, stall or never end
//	tls_test.go            handshakes that fail
//	delete_test.go         what DeleteImagesTask sends, refuses and returns
//	delete_http2_test.go   a deletion that net/http sends again automatically
//	contract_doer_test.go  NewContractDoer around the plain generated client
//	doer_test.go           responses that no http.Client would return
//	log_test.go            one record for each attempt
//	retry_test.go          which responses and faults are retried, and which are not
//	retry_clock_test.go    when: backoff, Retry-After, timeouts
//	sequence_test.go       attempts that fail in different ways, one after another
//	attempts_test.go       what each attempt sends, and on which connection
//	context_test.go        the caller's context, ending at every moment
//	context_wait_test.go   the same while the client waits to retry
//	connections_test.go    connections are reused, bounded and never redirected
//
// and on its connection (connections_*_test.go):
//
//	own      each generation has a connection of its own
//	race     servers that close idle connections, or send a response too many
//	early    a response that comes before an upload has ended
//	expect   uploads that ask before they send their body
//	proxy    proxies that fail, refuse or respond themselves
//	random   servers and contexts that end at random moments
//	random_http2  the same over HTTP/2
//
// Tasks and purges:
//
//	query_test.go          responses to InfoByTaskID
//	checkkey_test.go       what CheckKey makes of them
//	wait_test.go           WaitForTask, by what the queries return
//	wait_clock_test.go     when it queries, and when it ends
//	purge_batches_test.go  batches of a purge
//	purge_isolate_test.go  batches that are bisected, outcomes that stay in doubt
//	purge_end_test.go      what ends a purge
//	purge_test.go          endless sources, impossible options, halves in doubt
//
// Money, that is generations, each of which is paid for:
//
//	money_responses_test.go  what each response to a generation means
//	money_test.go            a generation is retried only if it certainly was not sent
//	money_http2_test.go      the same for what HTTP/2 guarantees to be unprocessed
//	money_upload_test.go     uploads that end early, files that change meanwhile
//	money_words_test.go    what a response may say in other words: success, a task, the key
//
// Secrets:
//
//	secrets_test.go        the key is in nothing that is printed or logged
//	secrets_echo_test.go   nor after a server has repeated it
//	secrets_wire_test.go   it is sent in one header, to one place
//
// Chance:
//
//	soak_test.go           purges through a service on a bad day, against its own
//	                       record of what it deleted (soak_service_test.go)
//	fuzz_response_test.go  any response
//	fuzz_input_test.go     any key, base URL and Retry-After
//
// The soak test runs a few rounds by default. With -soak=10m it runs for ten
// minutes; with -soakseed=N it repeats the round whose failure printed N. The
// tests of servers at random do the same with -random and -randomseed. The
// fuzz targets run on their seeds by default, and on random input with, for
// example, -fuzz=FuzzResponseBody.
//
// client_test.go makes the clients. texts_test.go has all error texts that are
// compared word for word; everything else is asserted by types, fields and
// sentinels.
package conformance
