package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// maxFile is more than the library reads of anything.
const maxFile = 32 << 20

// fromFiles onboards the partner whose files the flags name.
func fromFiles(ctx context.Context, args arguments) (*Report, error) {
	now, err := clock(args.at)
	if err != nil {
		return nil, err
	}
	a := application{title: "Partner", organization: args.org}
	if a.domain, err = trust.ParseDomain(args.domain); err != nil {
		return nil, err
	}
	for _, name := range args.cas {
		data, err := read(name)
		if err != nil {
			return nil, err
		}
		a.cas = append(a.cas, upload{filepath.Base(name), data})
	}
	if a.certificate, err = read(args.cert); err != nil {
		return nil, err
	}
	if args.jwk != "" {
		if a.jwk, err = read(args.jwk); err != nil {
			return nil, err
		}
	}
	if args.policy != "" {
		data, err := read(args.policy)
		if err != nil {
			return nil, err
		}
		a.policy = func() (*PolicyAnswer, error) { return askFile(filepath.Base(args.policy), data) }
	}
	outcome, err := newHost(now).onboard(ctx, a)
	if err != nil {
		return nil, err
	}
	return (&Report{Partners: []*Outcome{outcome}}).conclude(), nil
}

// clock is the system's, or stands still at the given time.
func clock(at string) (func() time.Time, error) {
	if at == "" {
		return time.Now, nil
	}
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, at); err == nil {
			return func() time.Time { return t }, nil
		}
	}
	return nil, fmt.Errorf("-at %q: neither 2006-01-02 nor RFC 3339", at)
}

func read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s: more than %d bytes", name, maxFile)
	}
	return os.ReadFile(name)
}
