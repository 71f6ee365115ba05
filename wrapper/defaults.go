package wrapper

import "time"

// Version of this module, as it is sent in the User-Agent header.
const Version = "0.1.0"

// Names of the environment variables that [NewClientFromEnv] reads.
const (
	// EnvAPIKey names the variable that holds the API key.
	EnvAPIKey = "TENSORSLAB_API_KEY" //nolint:gosec // a name, not a key
	// EnvBaseURL names the variable that holds the base URL. It may be unset.
	EnvBaseURL = "TENSORSLAB_BASE_URL"
)

// What a [Client] does when no [Option] says otherwise.
const (
	// DefaultBaseURL is the server that the contract names.
	DefaultBaseURL = "https://api.tensorslab.com"
	// DefaultTimeout bounds one attempt, from dialling to the last byte of the answer.
	DefaultTimeout = 60 * time.Second
	// DefaultMaxResponseBytes bounds the body of an answer, after decompression.
	DefaultMaxResponseBytes = 1 << 20
	// DefaultMaxAttempts is how often a request is sent at the most.
	DefaultMaxAttempts = 3
	// DefaultMinWait is the upper bound of the random wait before the second
	// attempt; it doubles with each further one, up to [MaxBackoff].
	DefaultMinWait = 500 * time.Millisecond
	// MaxBackoff is where the doubling of waits ends. A longer Retry-After of
	// the service is still obeyed, up to [RetryPolicy].MaxWait.
	MaxBackoff = 8 * time.Second
	// DefaultMaxWait is the longest Retry-After that is obeyed.
	DefaultMaxWait = 30 * time.Second
	// DefaultBatchSize is how many ids a purge sends in one request. The
	// contract publishes no limit.
	DefaultBatchSize = 100
	// DefaultConcurrency is how many requests of a purge are under way at once.
	DefaultConcurrency = 4
	// DefaultWaitInterval is the wait of WaitForTask before its second query.
	// Clients of the service ask every 2 to 5 seconds.
	DefaultWaitInterval = 2 * time.Second
	// DefaultMaxWaitInterval is where the intervals of WaitForTask stop to grow.
	DefaultMaxWaitInterval = 15 * time.Second
	// DefaultWaitTimeout is how long WaitForTask waits. A task takes from 10
	// seconds to 2 minutes.
	DefaultWaitTimeout = 5 * time.Minute
	// DefaultMaxDownloadBytes bounds what Download writes.
	DefaultMaxDownloadBytes = 256 << 20
	// DefaultMaxRedirects is how many redirects Download follows.
	DefaultMaxRedirects = 5
	// DefaultDownloadTimeout bounds a Download, all attempts together.
	DefaultDownloadTimeout = 5 * time.Minute
	// MaxConnections is how many connections the default transport holds to the
	// service. Requests over HTTP/1.1 that find all of them busy wait. It is far
	// above what any plan allows (8 tasks at a time).
	MaxConnections = 64
	// MaxErrorBodyBytes is how much of a refusal's body an [APIError] keeps.
	MaxErrorBodyBytes = 4 << 10
	// MaxViolations is how many breaches a [ContractError] lists at the most.
	MaxViolations = 64
)
