package trusttest

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"

	"github.com/mosip/partnertrust/internal/pkitest"
)

// maxRequestBytes is the longest OCSP request that is read.
const maxRequestBytes = 16 << 10

// Server returns the server of the PKI's lists and of its OCSP responder, which
// runs on this machine from the first call until the test ends. Its paths are
// /ocsp (GET and POST, without nonce) and /crl/ with the number of a CA; with
// [Online], certificates name them. It has loopback addresses only, which a
// fetcher must be allowed:
//
//	revocation.NewFetcher(nil, revocation.AllowPrivateAddresses(netip.MustParsePrefix("127.0.0.0/8")))
//
// A test that wants it to fail may close it.
func (p *PKI) Server() *httptest.Server {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server == nil {
		p.server = httptest.NewServer(http.HandlerFunc(p.serve))
		p.tb.Cleanup(p.server.Close)
	}
	return p.server
}

// statusURLs are the extensions that say where a CA tells the status of what it
// issued.
func (p *PKI) statusURLs(a *authority) []pkitest.Mod {
	uri := func(u string) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(u)) })
		}
	}
	nested := func(inner func(*cryptobyte.Builder), tags ...cbasn1.Tag) []byte {
		for i := len(tags) - 1; i >= 0; i-- {
			content, tag := inner, tags[i]
			inner = func(b *cryptobyte.Builder) { b.AddASN1(tag, content) }
		}
		var b cryptobyte.Builder
		inner(&b)
		return b.BytesOrPanic()
	}
	server := p.Server().URL
	full := cbasn1.Tag(0).ContextSpecific().Constructed()
	// RFC 5280 §4.2.1.13 and §4.2.2.1.
	points := nested(uri(fmt.Sprintf("%s/crl/%d", server, a.number)), cbasn1.SEQUENCE, cbasn1.SEQUENCE, full, full)
	access := nested(func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1})
		uri(server + "/ocsp")(b)
	}, cbasn1.SEQUENCE, cbasn1.SEQUENCE)
	return []pkitest.Mod{
		pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 31}, false, points),
		pkitest.Extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}, false, access),
	}
}

func (p *PKI) serve(w http.ResponseWriter, r *http.Request) {
	if number, ok := strings.CutPrefix(r.URL.Path, "/crl/"); ok {
		p.serveCRL(w, number)
		return
	}
	switch text, get := strings.CutPrefix(r.URL.Path, "/ocsp/"); {
	case get && r.Method == http.MethodGet: // RFC 6960 appendix A.1
		request, err := base64.StdEncoding.DecodeString(text)
		p.serveOCSP(w, request, err)
	case r.URL.Path == "/ocsp" && r.Method == http.MethodPost:
		request, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes))
		p.serveOCSP(w, request, err)
	default:
		http.NotFound(w, r)
	}
}

func (p *PKI) serveCRL(w http.ResponseWriter, number string) {
	n, err := strconv.Atoi(number)
	p.mu.Lock()
	var a *authority
	if err == nil && n >= 0 && n < len(p.authorities) {
		a = p.authorities[n]
	}
	p.mu.Unlock()
	if a == nil {
		http.Error(w, "there is no such list", http.StatusNotFound)
		return
	}
	list, err := p.crl(a)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/pkix-crl")
	_, _ = w.Write(list)
}

func (p *PKI) serveOCSP(w http.ResponseWriter, der []byte, err error) {
	response := ocsp.MalformedRequestErrorResponse
	if request, parseErr := ocsp.ParseRequest(der); err == nil && parseErr == nil {
		response = p.ocsp(request)
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	_, _ = w.Write(response)
}

// ocsp answers for whichever CA the request names.
func (p *PKI) ocsp(request *ocsp.Request) []byte {
	a := p.named(request)
	if a == nil {
		return ocsp.UnauthorizedErrorResponse
	}
	template := ocsp.Response{
		Status: ocsp.Good, SerialNumber: request.SerialNumber, IssuerHash: request.HashAlgorithm,
		ThisUpdate: p.now.Add(-statusAge), NextUpdate: p.now.Add(statusLife),
	}
	p.mu.Lock()
	at, issued := a.issued[request.SerialNumber.String()]
	p.mu.Unlock()
	switch {
	case !issued:
		template.Status = ocsp.Unknown
	case !at.IsZero():
		template.Status, template.RevokedAt, template.RevocationReason = ocsp.Revoked, at, ocsp.KeyCompromise
	}
	response, err := ocsp.CreateResponse(a.Certificate, a.Certificate, template, a.Key)
	if err != nil {
		return ocsp.InternalErrorErrorResponse
	}
	return response
}

// named finds the CA by the hashes of its name and key, RFC 6960 §4.1.1.
func (p *PKI) named(request *ocsp.Request) *authority {
	if !request.HashAlgorithm.Available() {
		return nil
	}
	sum := func(data []byte) []byte {
		h := request.HashAlgorithm.New()
		h.Write(data)
		return h.Sum(nil)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.authorities {
		var spki struct {
			Algorithm pkix.AlgorithmIdentifier
			Key       asn1.BitString
		}
		_, err := asn1.Unmarshal(a.Certificate.RawSubjectPublicKeyInfo, &spki)
		if err == nil && bytes.Equal(sum(a.Certificate.RawSubject), request.IssuerNameHash) &&
			bytes.Equal(sum(spki.Key.RightAlign()), request.IssuerKeyHash) {
			return a
		}
	}
	return nil
}
