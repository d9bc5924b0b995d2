package revocation_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/trust"
)

// office is a CA that issued two certificates and revoked the second.
type office struct {
	root, good, bad *x509.Certificate
	list            []byte
}

func newOffice() (o office) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	issue := func(serial int64, ca bool, parent *x509.Certificate) *x509.Certificate {
		template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
			Subject: pkix.Name{Organization: []string{"Acme Bank"}, CommonName: fmt.Sprint("certificate ", serial)}, BasicConstraintsValid: true, IsCA: ca}
		if ca {
			template.KeyUsage, parent = x509.KeyUsageCertSign|x509.KeyUsageCRLSign, template
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, key)
		must(err)
		c, err := x509.ParseCertificate(der)
		must(err)
		return c
	}
	o.root = issue(1, true, nil)
	o.good, o.bad = issue(2, false, o.root), issue(3, false, o.root)
	o.list, err = x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(7),
		ThisUpdate: time.Now().Add(-time.Minute), NextUpdate: time.Now().Add(time.Hour),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: o.bad.SerialNumber, RevocationTime: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), ReasonCode: 1}}}, o.root, key)
	must(err)
	return o
}

// Lists that the host has at hand.
func ExampleCRLs() {
	ca := newOffice()
	checker, err := revocation.CRLs(ca.list)
	if err != nil {
		panic(err)
	}
	v := certchain.New(trust.Static([]*x509.Certificate{ca.root}, nil), certchain.WithRevocation(checker))
	chain, err := v.Verify(context.Background(), trust.Auth, ca.good)
	fmt.Println(chain.Revocation[0].Status, "says", chain.Revocation[0].Source, err)
	_, err = v.Verify(context.Background(), trust.Auth, ca.bad)
	fmt.Println(errors.Is(err, certchain.Revoked))
	// Output:
	// good says the CRL 7 of CN=certificate 1,O=Acme Bank <nil>
	// true
}

// An air-gapped host has a folder of lists.
func ExampleFromDir() {
	ca := newOffice()
	dir, err := os.MkdirTemp("", "lists")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "acme.crl"), ca.list, 0o600); err != nil {
		panic(err)
	}
	checker, err := revocation.FromDir(dir)
	if err != nil {
		panic(err)
	}
	v := certchain.New(trust.Static([]*x509.Certificate{ca.root}, nil), certchain.WithRevocation(checker))
	_, err = v.Verify(context.Background(), trust.Auth, ca.good)
	fmt.Println(err)
	// Output: <nil>
}

// One fetcher serves lists and OCSP; what is at hand is asked first.
func ExampleFirst() {
	ca := newOffice()
	cache, err := os.MkdirTemp("", "cache")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(cache)
	fetcher, err := revocation.NewFetcher(nil,
		revocation.CacheDir(cache),
		revocation.Timeout(3*time.Second),
		revocation.AllowPrivateAddresses(netip.MustParsePrefix("10.20.0.0/16")), // where our own CA publishes
	)
	if err != nil {
		panic(err)
	}
	ocsp, err := fetcher.OCSP(revocation.PreferGET())
	if err != nil {
		panic(err)
	}
	atHand, err := revocation.CRLs(ca.list)
	if err != nil {
		panic(err)
	}
	checker, err := revocation.First(atHand, ocsp, fetcher.CRLs())
	if err != nil {
		panic(err)
	}
	v := certchain.New(trust.Static([]*x509.Certificate{ca.root}, nil),
		certchain.WithRevocation(checker), certchain.OnUnknownRevocation(certchain.BestEffort))
	chain, err := v.Verify(context.Background(), trust.Auth, ca.good)
	fmt.Println(chain.Revocation[0].Status, err)
	// Output: good <nil>
}
