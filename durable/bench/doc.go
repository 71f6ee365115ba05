// Package bench has what package durable is used with, and modules that its users need not have:
// OpenTelemetry, in a test.
package bench
