package wrapper

import "fmt"

// ValidationMode says what happens to an answer that breaks the contract. In
// every mode an answer that leaves nothing to decode (an undocumented status,
// no JSON, too large) is a [ContractError], a refusal of the service is an
// [APIError], and [Client.DeleteImagesTask] reports no success without code 1000.
type ValidationMode uint8

const (
	// Enforce returns a [ContractError].
	Enforce ValidationMode = iota
	// Report logs the breaches at Warn, to the logger of [WithLogger] or else
	// to slog.Default, and passes the answer on.
	Report
	// Off does not look for breaches.
	Off
)

// String returns the name of the constant.
func (m ValidationMode) String() string {
	switch m {
	case Enforce:
		return "Enforce"
	case Report:
		return "Report"
	case Off:
		return "Off"
	}
	return fmt.Sprintf("ValidationMode(%d)", uint8(m))
}
