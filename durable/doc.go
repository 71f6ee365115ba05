// Package durable generates images for many prompts from several processes, each of which
// is paid once: package batch on River and Postgres.
package durable
