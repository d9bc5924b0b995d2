package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// What an upload can hold that is not a certificate.
var (
	// ErrNoCertificate: nothing in the input is one.
	ErrNoCertificate = errors.New("trust: no certificate found")
	// ErrPrivateKey: a PEM block holds a private key. It is never parsed; the
	// person who sent it must know that it is no secret any more.
	ErrPrivateKey = errors.New("trust: private key where a certificate belongs")
	// ErrPKCS7: a PEM block holds a PKCS#7 bundle, which trust/pkcs7 reads.
	ErrPKCS7 = errors.New("trust: PKCS#7 bundle where a certificate belongs")
	// ErrPEMType: a PEM block of any other type.
	ErrPEMType = errors.New("trust: PEM block is no certificate")
)

// ParseError says which entry of an upload could not be read, and why.
type ParseError struct {
	Entry  int   // counted from 0
	Offset int   // of the entry's first byte in the input (after base64, where the whole input was)
	Err    error // one of this package's errors
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("entry %d at byte %d: %v", e.Entry+1, e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *ParseError) Unwrap() error { return e.Err }

// Entry is one entry of an upload: a certificate, or the reason why it could
// not be read.
type Entry struct {
	Index       int
	Offset      int
	Label       string // the PEM type, or "" for DER
	Body        []byte // what the entry encodes; nil for a private key
	Certificate *x509.Certificate
	Err         error // nil, or a *ParseError
}

// ParseCertificates reads an upload: PEM with one or many certificates (text
// around the blocks is ignored, as tools write it), DER, or base64 or
// base64url of either, with or without padding and line breaks. It returns all
// certificates in the order given, or the first entry's error that stands in
// the way. For the other entries of a partly broken upload use [ReadEntries];
// for PKCS#7 use package trust/pkcs7.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	entries, err := ReadEntries(data)
	if err != nil {
		return nil, err
	}
	certs := make([]*x509.Certificate, len(entries))
	for i, e := range entries {
		if e.Err != nil {
			return nil, e.Err
		}
		certs[i] = e.Certificate
	}
	return certs, nil
}

// ReadEntries reads an upload as [ParseCertificates] does, entry by entry: an
// entry that cannot be read carries its error and leaves the others unharmed.
// It fails as a whole only where there are no entries: too large, or nothing
// that looks like a certificate.
func ReadEntries(data []byte) ([]Entry, error) {
	if len(data) > MaxBundleBytes {
		return nil, fmt.Errorf("%w: an upload of %d bytes, the limit is %d", ErrTooLarge, len(data), MaxBundleBytes)
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
		return nil, fmt.Errorf("%w: the input is empty", ErrNoCertificate)
	case isDER(data):
		return []Entry{readDER(data)}, nil // whatever text is inside it
	case bytes.Contains(text, pemBegin):
		return readPEM(data)
	case data[0] == derSequence:
		return []Entry{readDER(data)}, nil
	}
	decoded, ok := DecodeBase64(text)
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: the input is neither PEM, DER nor base64 of either", ErrNoCertificate)
	case bytes.Contains(decoded, pemBegin):
		return readPEM(decoded)
	case len(decoded) > 0 && decoded[0] == derSequence:
		return []Entry{readDER(decoded)}, nil
	}
	return nil, fmt.Errorf("%w: the input is base64, but of neither PEM nor DER", ErrNoCertificate)
}

const derSequence = 0x30

var (
	pemBegin = []byte("-----BEGIN ")
	pemEnd   = []byte("-----END ")
)

// isDER reports whether the input is one DER sequence from end to end.
func isDER(data []byte) bool {
	input := cryptobyte.String(data)
	return input.SkipASN1(asn1.SEQUENCE) && input.Empty()
}

func readDER(der []byte) Entry {
	e := Entry{Body: der}
	c, err := ParseCertificate(der)
	if err != nil {
		e.Err = &ParseError{Err: err}
	}
	e.Certificate = c
	return e
}

// readPEM walks the blocks itself and gives each alone to encoding/pem, which
// skips a broken block in silence: here nothing is lost.
func readPEM(data []byte) ([]Entry, error) {
	var entries []Entry
	for at := 0; ; {
		begin := bytes.Index(data[at:], pemBegin)
		if begin < 0 {
			return entries, nil
		}
		if len(entries) == MaxBundleCertificates {
			return nil, fmt.Errorf("%w: more than %d entries", ErrTooLarge, MaxBundleCertificates)
		}
		at += begin
		length := blockLength(data[at:])
		e := readBlock(data[at : at+length])
		e.Index, e.Offset = len(entries), at
		if e.Err != nil {
			e.Err = &ParseError{Entry: e.Index, Offset: e.Offset, Err: e.Err}
		}
		entries = append(entries, e)
		at += length
	}
}

// blockLength returns how much of the input belongs to the block that it
// starts with: up to the end of its END line, or to the next BEGIN where there
// is none.
func blockLength(data []byte) int {
	next := len(data)
	if i := bytes.Index(data[len(pemBegin):], pemBegin); i >= 0 {
		next = len(pemBegin) + i
	}
	end := bytes.Index(data[:next], pemEnd)
	if end < 0 {
		return next
	}
	if eol := bytes.IndexByte(data[end:next], '\n'); eol >= 0 {
		return end + eol + 1
	}
	return next
}

func readBlock(data []byte) Entry {
	block, _ := pem.Decode(data)
	if block == nil {
		label, _, _ := strings.Cut(string(data[len(pemBegin):min(len(data), 100)]), "-----")
		if strings.HasSuffix(label, "PRIVATE KEY") {
			return Entry{Label: label, Err: ErrPrivateKey}
		}
		return Entry{Err: fmt.Errorf("%w: broken PEM block", ErrMalformed)}
	}
	e := Entry{Label: block.Type, Body: block.Bytes}
	switch {
	case block.Type == "CERTIFICATE" || block.Type == "X509 CERTIFICATE":
		e.Certificate, e.Err = ParseCertificate(block.Bytes)
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		e.Body, e.Err = nil, ErrPrivateKey
	case block.Type == "PKCS7" || block.Type == "CMS" || block.Type == "PKCS #7 SIGNED DATA":
		e.Err = ErrPKCS7
	default:
		e.Err = fmt.Errorf("%w: %q", ErrPEMType, clip(block.Type))
	}
	return e
}

// DecodeBase64 decodes standard or URL-safe base64, with or without padding,
// ignoring white space: the ways in which the platform's interfaces carry
// certificates. ok is false for anything else, the empty text included.
func DecodeBase64(text []byte) (decoded []byte, ok bool) {
	clean := make([]byte, 0, len(text))
	urlSafe := false
	for _, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '-', '_':
			urlSafe = true
		}
		clean = append(clean, c)
	}
	unpadded := bytes.TrimRight(clean, "=")
	if len(unpadded) == 0 || len(clean) != len(unpadded) && len(clean)%4 != 0 {
		return nil, false
	}
	encoding := base64.RawStdEncoding
	if urlSafe {
		encoding = base64.RawURLEncoding
	}
	decoded = make([]byte, encoding.DecodedLen(len(unpadded)))
	n, err := encoding.Strict().Decode(decoded, unpadded)
	return decoded[:n], err == nil
}
