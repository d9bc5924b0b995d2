// The operators' command. It is a module of its own, so that a command line, two
// database drivers and their like stay out of the library's, and it has no
// replace directive, because go install refuses modules that have one: releases
// require the tag of the library that they were made with, which the release
// checklist sets here. In a checkout go.work beside this file puts the checkout
// in its place. go mod tidy does not look at go.work; until the tag exists:
//
//	go mod edit -replace github.com/mosip/partnertrust=../..
//	GOWORK=off go mod tidy
//	go mod edit -dropreplace github.com/mosip/partnertrust
module github.com/mosip/partnertrust/examples/partnertrust

go 1.26.0

require (
	github.com/jackc/pgx/v5 v5.12.0
	github.com/mosip/partnertrust v0.1.0
	github.com/spf13/cobra v1.10.2
	github.com/stretchr/testify v1.12.1
	golang.org/x/term v0.47.0
	modernc.org/sqlite v1.62.0
)

require (
	github.com/cpuguy83/go-md2man/v2 v2.0.6 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	github.com/spf13/pflag v1.0.9 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)
