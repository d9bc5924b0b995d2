# make test       the tests, nested modules included
# make onboard    the main job: onboard partners of every type, for real
# make ci         all that .ci/run checks
# make bench      benchmarks beside their peers
# make fips       the tests where only FIPS 140 algorithms are allowed
# make docs       writes what of the documentation follows from the code

# Nested modules keep heavy dependencies away from who imports the library.
NESTED := $(patsubst ./%/go.mod,%,$(filter-out ./go.mod,$(shell find . -name go.mod -not -path './.git/*')))

.PHONY: test onboard ci bench fips docs
test:
	go test ./...
	@for m in $(NESTED); do echo "# $$m"; (cd $$m && go test ./...) || exit 1; done

onboard:
	go -C examples run ./onboard

ci:
	bash .ci/run

bench:
	go test -run '^$$' -bench . -benchmem ./...
	@for m in $(NESTED); do echo "# $$m"; (cd $$m && go test -run '^$$' -bench . -benchmem ./...) || exit 1; done

# Left out are the packages and tests whose peers or fixtures are not of FIPS
# 140: OCSP names CAs by SHA-1, some keys are weak on purpose.
fips:
	GODEBUG=fips140=only go test -count=1 \
		-skip '^(TestOneDefect|TestRefusedTokens|TestConvertRefuses|TestWithProfile|TestRefusals)$$' \
		$$(go list ./... | grep -v -e /certchain/revocation -e /trust/trusttest)

docs:
	go run ./internal/docgen
