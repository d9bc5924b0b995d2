# make test       the tests, nested modules included
# make onboard    the main job: onboard partners of every type, for real
# make ci         all that .ci/run checks
# make bench      benchmarks beside their peers

# Nested modules keep heavy dependencies away from who imports the library.
NESTED := $(patsubst ./%/go.mod,%,$(filter-out ./go.mod,$(shell find . -name go.mod -not -path './.git/*')))

.PHONY: test onboard ci bench
test:
	go test ./...
	@for m in $(NESTED); do echo "# $$m"; (cd $$m && go test ./...) || exit 1; done
	@GODEBUG=fips140=only go test -count=1 -run 'Thumbprints' ./trust

onboard:
	go -C examples run ./onboard

ci:
	bash .ci/run

bench:
	go test -run '^$$' -bench . -benchmem ./...
	@for m in $(NESTED); do echo "# $$m"; (cd $$m && go test -run '^$$' -bench . -benchmem ./...) || exit 1; done
