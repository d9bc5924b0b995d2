package pkcs7

import (
	"bytes"
	"fmt"

	"github.com/mosip/partnertrust/trust"
)

// Identifier octets of RFC 5652's SignedData.
const (
	tagInteger      = 0x02
	tagOID          = 0x06
	tagSequence     = 0x30
	tagSet          = 0x31
	tagCertificates = 0xa0 // also the [0] EXPLICIT around the content
	constructed     = 0x20
)

// oidSignedData is 1.2.840.113549.1.7.2, its tag and length included.
var oidSignedData = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")

// isBundle looks at the first bytes of a ContentInfo.
func isBundle(data []byte) bool {
	c := cursor{data: data, open: true}
	outer, err := c.header(len(data))
	return err == nil && outer.tag == tagSequence && bytes.HasPrefix(data[c.pos:], oidSignedData)
}

// cursor walks BER once, from front to back. It never copies.
type cursor struct {
	data []byte
	pos  int
	open bool // data is only the beginning of the value
}

// element is a value whose header has been read.
type element struct {
	tag   byte
	start int
	// end is behind its content; of an indefinite length it is the end of what
	// it lies in, and two zero octets close it before (X.690 section 8.1.3.6).
	end        int
	indefinite bool
}

func (c *cursor) malformed(what string) error {
	return fmt.Errorf("%w: %s", trust.ErrMalformed, what)
}

// header reads identifier and length octets (X.690 sections 8.1.2, 8.1.3) of a
// value that must end before limit.
func (c *cursor) header(limit int) (element, error) {
	e := element{start: c.pos, end: limit}
	if limit-c.pos < 2 {
		return e, c.malformed("truncated")
	}
	e.tag = c.data[c.pos]
	if e.tag&0x1f == 0x1f {
		return e, c.malformed("tag number above 30")
	}
	length := int(c.data[c.pos+1])
	at := c.pos + 2
	switch {
	case length == 0x80:
		if e.tag&constructed == 0 {
			return e, c.malformed("indefinite length of a primitive value")
		}
		c.pos, e.indefinite = at, true
		return e, nil
	case length > 0x80:
		octets := length - 0x80
		if octets > 4 || limit-at < octets {
			return e, c.malformed("length")
		}
		length = 0
		for _, b := range c.data[at : at+octets] {
			length = length<<8 | int(b)
		}
		at += octets
	}
	if c.open {
		c.pos = at
		return e, nil
	}
	if length > limit-at {
		return e, c.malformed("longer than what it lies in")
	}
	c.pos, e.end = at, at+length
	return e, nil
}

// more reports whether another value follows inside e, and leaves e if not.
func (c *cursor) more(e element) (bool, error) {
	if !e.indefinite {
		return c.pos < e.end, nil
	}
	if e.end-c.pos < 2 {
		return false, c.malformed("truncated")
	}
	if c.data[c.pos] == 0 && c.data[c.pos+1] == 0 {
		c.pos += 2
		return false, nil
	}
	return true, nil
}

// skip goes behind e, whose header has been read. Values of definite length
// are jumped over; only the others have to be walked.
func (c *cursor) skip(e element, depth int) error {
	if !e.indefinite {
		c.pos = e.end
		return nil
	}
	if depth > MaxDepth {
		return fmt.Errorf("%w: nested deeper than %d", trust.ErrTooLarge, MaxDepth)
	}
	for {
		more, err := c.more(e)
		if err != nil || !more {
			return err
		}
		inner, err := c.header(e.end)
		if err != nil {
			return err
		}
		if err := c.skip(inner, depth+1); err != nil {
			return err
		}
	}
}

// want reads the header of the value that must come next inside e.
func (c *cursor) want(e element, tag byte, what string) (element, error) {
	if more, err := c.more(e); err != nil || !more {
		return element{}, c.malformed("no " + what)
	}
	inner, err := c.header(e.end)
	if err == nil && inner.tag != tag {
		err = c.malformed("no " + what)
	}
	return inner, err
}

// pass goes over a value that must come next inside e.
func (c *cursor) pass(e element, tag byte, what string) error {
	inner, err := c.want(e, tag, what)
	if err != nil {
		return err
	}
	return c.skip(inner, 1)
}

// certificates calls yield with each certificate of a ContentInfo that holds
// SignedData (RFC 5652 sections 3, 5.1), or with the reason why an entry is
// none. It fails where the structure itself is broken or yield fails.
func (c *cursor) certificates(yield func(der []byte, at int, err error) error) error {
	info, err := c.header(len(c.data))
	if err != nil {
		return err
	}
	if info.tag != tagSequence || !bytes.HasPrefix(c.data[c.pos:], oidSignedData) {
		return ErrNotSignedData
	}
	c.pos += len(oidSignedData)
	content, err := c.want(info, tagCertificates, "content")
	if err != nil {
		return err
	}
	signed, err := c.want(content, tagSequence, "SignedData")
	if err != nil {
		return err
	}
	for _, field := range [...]struct {
		tag  byte
		name string
	}{{tagInteger, "version"}, {tagSet, "digestAlgorithms"}, {tagSequence, "encapContentInfo"}} {
		if err := c.pass(signed, field.tag, field.name); err != nil {
			return err
		}
	}
	if err := c.certificateSet(signed, yield); err != nil {
		return err
	}
	// What follows, revocation lists and signatures, is passed over, but the
	// bundle must have an end.
	for _, e := range [...]element{signed, content, info} {
		if err := c.leave(e); err != nil {
			return err
		}
	}
	if c.pos != len(c.data) {
		return trust.ErrTrailingData
	}
	return nil
}

// leave passes over what is left inside e.
func (c *cursor) leave(e element) error {
	e.start = c.pos
	return c.skip(e, 1)
}

func (c *cursor) certificateSet(signed element, yield func(der []byte, at int, err error) error) error {
	if more, err := c.more(signed); err != nil || !more {
		return c.malformed("no signerInfos")
	}
	if c.data[c.pos] != tagCertificates {
		return nil // certificates are optional
	}
	set, err := c.header(signed.end)
	if err != nil {
		return err
	}
	for {
		more, err := c.more(set)
		if err != nil || !more {
			return err
		}
		e, err := c.header(set.end)
		if err != nil {
			return err
		}
		if err := c.skip(e, 1); err != nil {
			return err
		}
		der := c.data[e.start:c.pos:c.pos]
		var fault error
		switch {
		case e.tag != tagSequence:
			fault = ErrNotCertificate
		case e.indefinite:
			fault = ErrNotDER
		}
		if err := yield(der, e.start, fault); err != nil {
			return err
		}
	}
}
