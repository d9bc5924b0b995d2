package trusttest

import (
	"fmt"
	"testing"
)

// ForExample returns a testing.TB to make a PKI with where there is none, in
// Example functions and in programs:
//
//	pki := trusttest.New(trusttest.ForExample())
//
// It is good for that alone. A failure is a panic, which fails the example, and
// nothing is cleaned up before the process ends.
func ForExample() testing.TB { return forExample{} }

// forExample leaves the methods out that this package does not call.
type forExample struct{ testing.TB }

func (forExample) Helper()                           {}
func (forExample) Cleanup(func())                    {}
func (forExample) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (forExample) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
