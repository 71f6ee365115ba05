# Every target is for people and for CI alike. The tools are pinned in
# tools/go.mod, so that they stay out of our users' module graphs.

GO        ?= go
TOOL       = $(GO) tool -modfile=tools/go.mod
PACKAGES  ?= ./...
COUNT     ?= 10
BENCHTIME ?= 200ms

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Show the life of an image task, against a fake service: no key, no network
	$(GO) run ./cmd/tensorslab demo

.PHONY: generate
generate: ## Regenerate generated/ from openapi.json
	$(GO) generate ./...

.PHONY: update-spec
update-spec: ## Import a newer contract (SPEC_URL=… or SPEC_FILE=…) and report what it breaks
	@$(GO) run ./internal/dev/updatespec

.PHONY: spec-diff
spec-diff: ## Report what changed in the contract since BASE=<git revision> (FORMAT=markdown)
	@$(GO) run ./internal/dev/updatespec/diff spec

.PHONY: api-diff
api-diff: ## Report what changed in the Go API since BASE=<git revision> (FORMAT=markdown)
	@$(GO) run ./internal/dev/updatespec/diff api

.PHONY: test
test: ## Run all tests with the race detector, but for those that build programs
	$(GO) test -race $(PACKAGES)
	$(GO) test ./internal/dev/...
	cd bench && $(GO) test ./...

.PHONY: cross
cross: ## Build for each platform that is promised
	@for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
		echo "build $$platform"; GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) build ./... || exit 1; \
	done
	@for os in linux darwin windows; do \
		echo "vet $$os"; GOOS=$$os GOARCH=amd64 $(GO) vet ./... || exit 1; \
	done
	GOOS=js GOARCH=wasm $(GO) build ./generated ./wrapper ./fakeapi

.PHONY: lint
lint: ## gofmt, go vet, go mod tidy, staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not formatted by gofmt: $$unformatted"; exit 1; }
	$(GO) vet $(PACKAGES)
	$(GO) mod tidy -diff
	$(TOOL) staticcheck $(PACKAGES)
	cd bench && $(GO) vet ./... && $(GO) mod tidy -diff && $(GO) tool -modfile=../tools/go.mod staticcheck ./...

.PHONY: bench
bench: ## Time the client beside others, and compare by benchstat (COUNT=10, BENCHTIME=200ms)
	@mkdir -p bin
	cd bench && $(GO) generate ./... && $(GO) test -tags ogen -c -o ../bin/bench.test .
	cd bench && for i in $$(seq $(COUNT)); do \
		../bin/bench.test -test.run '^$$' -test.bench . -test.benchtime $(BENCHTIME) || exit 1; \
	done > ../bin/bench.txt || { cat ../bin/bench.txt; exit 1; }
	@cd bench && for peer in raw plain filter ogen; do \
		echo; echo "ours beside $$peer:"; \
		$(GO) tool benchstat -filter "/peer:($$peer OR ours)" -col "/peer@($$peer ours)" ../bin/bench.txt || exit 1; \
	done

.PHONY: golangci
golangci: ## Run golangci-lint, which takes a minute to build (Go 1.26)
	$(GO) tool -modfile=tools/lint/go.mod golangci-lint run $(PACKAGES)

.PHONY: docs
docs: ## Write man pages and completion scripts to dist/
	$(GO) run -tags docs ./cmd/tensorslab dist

.PHONY: vuln
vuln: ## Check for known vulnerabilities (needs the network)
	$(TOOL) govulncheck $(PACKAGES)

.PHONY: ci
ci: ## What CI runs: build, lint, test, demo, cross
	$(GO) build $(PACKAGES)
	$(MAKE) lint
	$(MAKE) test
	$(GO) test -run TestScripts ./cmd/tensorslab # a million ids, too many for the race detector
	$(MAKE) demo
	$(MAKE) cross
