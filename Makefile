# People and CI use the same targets. Tools are pinned in modules of their own, under
# tools/, so that they are not in the module graphs of our users.

GO        ?= go
ROUNDS    ?= 40

# MODULES are the modules with code of ours. Those in RELEASED are tagged for users, and
# go.work builds them together; the others stand alone.
RELEASED = . cmd/tensorslab durable durable/blob/s3blob
ALONE    = bench durable/bench tools/dist
MODULES  = $(RELEASED) $(ALONE)
LIBRARY  = github.com/tensorslab/tensorslab-go

# each runs the command $(2) in each of the modules $(1), and stops at the first failure.
each = for module in $(1); do \
		case " $(ALONE) " in *" $$module "*) export GOWORK=off;; esac; \
		echo "$$module: $(2)"; (cd $$module && $(2)) || exit 1; \
	done

# tool builds the program $(2) of the module in the directory $(1), and puts it into bin/.
# "go tool -modfile" is no alternative, because it is refused in a workspace.
tool = cd $(1) && GOWORK=off $(GO) build -o $(CURDIR)/bin/ $(2)

.DEFAULT_GOAL := help

bench: export GOWORK = off

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Show the life of an image, and a batch that is killed and resumed, with a fake service: no key, no network
	$(GO) run ./cmd/tensorslab demo

.PHONY: picture
picture: ## Draw docs/terminal.svg from what the command prints
	cd cmd/tensorslab && $(GO) test -count=1 -run TestPictureOfTheTerminal . -update

.PHONY: generate
generate: ## Regenerate generated/ from openapi.json
	$(GO) generate ./...

# run builds the program in the folder $(1) and runs it with the arguments $(2), so that
# make shows its exit status: "go run" has the status 1 for each that is not 0.
run = $(GO) build -o bin/ ./$(1) && bin/$(notdir $(1)) $(2)

.PHONY: update-spec
update-spec: ## Import a newer contract (SPEC_URL=…, SPEC_FILE=…, SERVICE=…, WITHDRAW=operationId) and report what it breaks
	@$(call run,internal/dev/updatespec)

.PHONY: spec-diff
spec-diff: ## Report changes of the contract since BASE=<git revision>, as text or FORMAT=markdown, VERDICT=<file>
	@$(call run,internal/dev/updatespec/diff,spec)

.PHONY: api-diff
api-diff: ## Report changes of the Go API since BASE=<git revision>, as text or FORMAT=markdown, VERDICT=<file>
	@$(call run,internal/dev/updatespec/diff,api)

.PHONY: evolution
evolution: ## Import each contract of the tables, and run all tests with each of some edits (hours)
	ALL_IMPORTS=1 SLOW_TESTS=1 $(GO) test ./internal/dev/updatespec -run TestImports -timeout 4h -v
	SLOW_TESTS=1 $(GO) test ./internal/dev/evolution -run TestEachEdit -edits -timeout 4h -v

.PHONY: proof
proof: ## Compare the proof of responses with the validator for ten minutes, and apply mutants (half an hour)
	PROOF_TIME=10m $(GO) test ./internal/contract -run 'Proof|Mutants' -timeout 4h -v

.PHONY: build
build: ## Build all modules
	@$(call each,$(MODULES),$(GO) build ./...)

# The workspace has all released modules, so that one command tests them together: many tests
# wait, for signals, timeouts and servers, while others compute. The first packages compile in
# seconds, and show that tests run. The tests are vetted by lint.
FIRST     = ./internal/subject ./internal/redact ./internal/image ./internal/poll
WORKSPACE = $(RELEASED:%=./%/...)

.PHONY: test
test: ## Run the tests
	$(GO) test -p 4 -parallel 4 -vet=off $(FIRST) $(WORKSPACE)

.PHONY: race
race: ## Run the tests of all that users link, with the race detector
	@packages=$$($(GO) list $(WORKSPACE)) && \
		$(GO) test -race -p 4 -parallel 4 -vet=off $$(echo "$$packages" | grep -v '/internal/dev/')

.PHONY: test-more
test-more: ## Run the tests that take minutes, such as those that build programs, without the race detector
	$(MAKE) -j2 test-dev test-costly

.PHONY: test-dev
test-dev: ## Run those of them that import contracts and build programs
	SLOW_TESTS=1 $(GO) test -timeout 1h ./internal/dev/...

.PHONY: test-costly
test-costly: ## Run the rest of them
	cd durable && SLOW_TESTS=1 $(GO) test -run Kill .
	SLOW_TESTS=1 $(GO) test -run 'Kill|Terminate|PlacesStayFull|Cost|Bounded|MutantsAreOf' ./batch ./fakeapi ./internal/conformance ./internal/contract
	PROOF_TIME=5s $(GO) test -run MutantsAreFound ./internal/contract
	@$(call each,$(ALONE),$(GO) test ./...)

# Fuzzing is of one target at a time; these are found by their names.
FUZZTIME ?= 60s

.PHONY: fuzz
fuzz: ## Fuzz each target in all modules for FUZZTIME=60s
	@set -e; for module in $(RELEASED); do \
		(cd $$module && for folder in $$($(GO) list -f '{{.Dir}}' ./...); do \
			for target in $$(cat $$folder/*_test.go 2>/dev/null | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p'); do \
				echo "$$folder: $$target"; \
				(cd $$folder && $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) .) || exit 1; \
			done; \
		done); \
	done

# One processor of each system: release-snapshot builds for the others too. What is for
# servers, durable, is built for the servers' other processor, and vetted for each system.
.PHONY: cross
cross: ## Build and vet for each supported system
	@for platform in linux/arm64 darwin/arm64 windows/amd64; do \
		export GOOS=$${platform%/*} GOARCH=$${platform#*/}; echo "$$platform:"; \
		$(call each,. cmd/tensorslab,$(GO) build ./...); \
		$(call each,$(RELEASED),$(GO) vet ./...); \
	done
	@export GOOS=linux GOARCH=arm64; $(call each,$(filter durable%,$(RELEASED)),$(GO) build ./...)
	GOOS=js GOARCH=wasm $(GO) build ./generated ./wrapper ./fakeapi ./batch

.PHONY: vet
vet: ## Run go vet in all modules
	@$(call each,$(MODULES),$(GO) vet ./...)

.PHONY: lint
lint: vet tidy-check ## Check with gofmt, go vet, go mod tidy and staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not formatted by gofmt: $$unformatted"; exit 1; }
	$(call tool,tools/lint,honnef.co/go/tools/cmd/staticcheck)
	@$(call each,$(MODULES),$(CURDIR)/bin/staticcheck ./...)

# tidied runs "go mod tidy $(1)" for each module, and then the command $(2). It works on
# copies of go.mod and go.sum in the directory $$copy. There the modules that are released with
# the library replace it by this checkout, since the version that they require may not be published yet.
tidied = copy=$$(mktemp -d) && trap 'rm -rf "$$copy"' EXIT; for module in $(MODULES); do \
		echo "$$module: go mod tidy"; \
		cp $$module/go.mod $$module/go.sum "$$copy"; \
		(export GOWORK=off && cd $$module && \
			case $$module in .|*bench|tools/*) dependent=false;; *) dependent=true;; esac && \
			if $$dependent; then $(GO) mod edit -replace=$(LIBRARY)=$(CURDIR) "$$copy/go.mod"; fi && \
			$(GO) mod tidy $(1) -modfile="$$copy/go.mod" && \
			if $$dependent; then $(GO) mod edit -dropreplace=$(LIBRARY) "$$copy/go.mod"; fi) || exit 1; \
		$(2) \
	done

.PHONY: tidy
tidy: ## Tidy go.mod and go.sum of all modules
	@$(call tidied,,cp "$$copy/go.mod" "$$copy/go.sum" $$module;)

.PHONY: tidy-check
tidy-check: ## Fail if go.mod or go.sum of a module is not tidy
	@$(call tidied,-diff,)

.PHONY: bench
bench: ## Compare the client with others: CPU time in turns, and instructions if valgrind is installed (ROUNDS=40)
	cd bench && $(GO) generate ./... && $(GO) build -tags ogen -o ../bin/compare ./compare && ../bin/compare -rounds $(ROUNDS)
	cd bench && $(GO) test -run '^$$' -bench .

.PHONY: golangci
golangci: ## Run golangci-lint (building it takes a minute)
	$(call tool,tools/lint,github.com/golangci/golangci-lint/v2/cmd/golangci-lint)
	@$(call each,$(RELEASED),$(CURDIR)/bin/golangci-lint run ./...)

.PHONY: docs
docs: ## Write man pages and completion scripts to bin/docs/
	rm -rf bin/docs
	$(GO) run -tags docs -ldflags "$(if $(RELEASED_AS),-X $(LIBRARY)/cmd/tensorslab/internal/about.released=$(RELEASED_AS))" ./cmd/tensorslab bin/docs
	gzip -n -9 bin/docs/man/*

# The binaries of a release are built with one version of Go, whichever one runs make. Their times
# are those of the commit. A snapshot has the version that the next release would have.
release-%: export RELEASE_GO = go1.27.4
release-%: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct)
release-%: export GORELEASER_CURRENT_TAG = v$(shell sed -n 's/^const Version = "\(.*\)"$$/\1/p' wrapper/client.go)
release-%: export PATH := $(CURDIR)/bin:$(PATH)

# released builds all files of a release in dist/, with the options $(1) of goreleaser, and checks them.
released = $(MAKE) docs RELEASED_AS=$$GORELEASER_CURRENT_TAG && \
	bin/goreleaser release --clean --skip=publish $(1) && bin/pack dist && \
	awk -v heading="\#\# [$${GORELEASER_CURRENT_TAG\#v}]" '/^\#\# / {found = index($$0, heading) == 1; next} found' CHANGELOG.md > dist/notes.md && \
	$(MAKE) release-check

.PHONY: release-tools
release-tools: ## Build the programs that build a release (it takes minutes the first time)
	$(call tool,tools/release,github.com/goreleaser/goreleaser/v2 github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod)
	$(call tool,tools/dist,./pack)

# goreleaser forgets the commit where no remote is configured.
release-snapshot: export GIT_CONFIG_COUNT = 1
release-snapshot: export GIT_CONFIG_KEY_0 = remote.origin.url
release-snapshot: export GIT_CONFIG_VALUE_0 = https://$(LIBRARY)

.PHONY: release-snapshot
release-snapshot: release-tools ## Build all files of a release in dist/ from this checkout, and publish nothing
	$(call released,--snapshot)

.PHONY: release-files
release-files: release-tools ## The same for the commit that has the release's tag
	$(call released,)

.PHONY: release-push
release-push: ## Push the container image in dist/ to a registry as IMAGE=<name:tag>
	$(call tool,tools/release,github.com/google/go-containerregistry/cmd/crane)
	bin/crane push --index dist/image $(IMAGE)

.PHONY: tag
tag: ## Check that the released modules agree on VERSION=v1.2.3, and print the commands that tag them; TAG=yes sets the tags
	@$(GO) run ./internal/dev/tag -version '$(VERSION)' $(if $(TAG),-run) $(RELEASED)

.PHONY: release-check
release-check: ## Check the files in dist/
	cd tools/dist && GOWORK=off DIST=$(CURDIR)/dist $(GO) test -count=1 ./...

.PHONY: vuln
vuln: ## Check for known vulnerabilities (needs the network)
	$(call tool,tools,golang.org/x/vuln/cmd/govulncheck)
	@$(call each,$(RELEASED),$(CURDIR)/bin/govulncheck ./...)

.PHONY: ci
ci: ## Run what CI runs: build, lint, test, race, test-more, demo, cross
	$(MAKE) build
	$(MAKE) lint
	$(MAKE) test
	$(MAKE) race
	$(MAKE) test-more
	$(MAKE) demo
	$(MAKE) cross
