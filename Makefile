# Every target works on a fresh Debian or Ubuntu machine with Go and a C compiler: what a test needs is installed here.
GO      ?= go
TOOLS   := $(CURDIR)/.tools
STATICCHECK := $(TOOLS)/staticcheck

.PHONY: build demo test check race lifted bench samples fuzz size setup

build:
	$(GO) build -o bin/sild ./cmd/sild

demo: build
	./bin/sild demo

setup:
	@./.ci/setup

test: setup
	$(GO) test $(TESTFLAGS) ./...
	$(GO) test $(TESTFLAGS) -tags lifted ./node ./internal/rest ./internal/app ./internal/xmldom ./internal/cda -run Lift

check: $(STATICCHECK)
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not formatted:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...
	$(GO) test ./internal/app -run 'Floors|Downward|Comment|Sentence|Small|Forbidden|Planted' -count=1

race: setup
	$(GO) test -race ./...

bench:
	$(GO) test -run XXX -bench 'H1|Translate|P3|P4|P5|G4|G5|C1|C2' -benchtime 5x ./internal/app
	$(GO) test -run XXX -bench 'T1|T2|G3' -benchtime 7x ./translation

samples:
	$(GO) test ./internal/app -run EverySample -v -count=1

fuzz:
	for target in FuzzDecode FuzzRead; do $(GO) test ./internal/fhir -run XXX -fuzz "^$$target$$" -fuzztime 60s || exit 1; done
	for target in FuzzDecode FuzzSplice; do $(GO) test ./internal/cda -run XXX -fuzz "^$$target$$" -fuzztime 60s || exit 1; done
	for target in FuzzParse FuzzRoundTrip; do $(GO) test ./internal/xmldom -run XXX -fuzz "^$$target$$" -fuzztime 60s || exit 1; done
	for target in FuzzFHIR FuzzNational FuzzSVS FuzzMedicines; do $(GO) test ./internal/lists -run XXX -fuzz "^$$target$$" -fuzztime 60s || exit 1; done
	$(GO) test ./internal/portal/view -run XXX -fuzz '^FuzzMarkup$$' -fuzztime 60s
	$(GO) test ./internal/rest -run XXX -fuzz FuzzToken -fuzztime 60s
	$(GO) test ./trust -run XXX -fuzz '^FuzzVerify$$' -fuzztime 60s

size:
	$(GO) test ./internal/app -run Small -v | grep warning || true

$(STATICCHECK):
	GOBIN=$(TOOLS) $(GO) install honnef.co/go/tools/cmd/staticcheck@v0.8.2
