package revocation

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// names is a set of GeneralNames in a form that compares.
type names []string

const directoryTag = 0xa4

// parseNames reads the DER of GeneralNames.
func parseNames(der []byte) (names, error) {
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, fmt.Errorf("%w: general names", ErrList)
	}
	return parseNameList(seq)
}

// parseNameList reads the elements of GeneralNames. RFC 5280 §4.2.1.6: there
// is at least one.
func parseNameList(seq cryptobyte.String) (names, error) {
	var found names
	for !seq.Empty() {
		var content cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1(&content, &tag) || !generalName(tag) || len(found) == maxPoints {
			return nil, fmt.Errorf("%w: general names", ErrList)
		}
		value := string(content)
		if tag == directoryTag {
			key, err := dn.Canonical(content)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrList, err)
			}
			value = string(key)
		}
		found = append(found, string(rune(tag))+value)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: no general name", ErrList)
	}
	return found, nil
}

// generalName reports whether an element with that tag is a GeneralName.
func generalName(tag cbasn1.Tag) bool {
	switch tag {
	case constructed(0), contextTag(1), contextTag(2), constructed(3), directoryTag, constructed(5), contextTag(6), contextTag(7), contextTag(8):
		return true
	}
	return false
}

// directoryEntry is a directory name as an element of names.
func directoryEntry(key dn.Key) string { return string(rune(directoryTag)) + string(key) }

// directories returns the directory names.
func (n names) directories() (keys []dn.Key) {
	prefix := string(rune(directoryTag))
	for _, one := range n {
		if len(one) >= len(prefix) && one[:len(prefix)] == prefix {
			keys = append(keys, dn.Key(one[len(prefix):]))
		}
	}
	return keys
}

// meet reports whether the two sets share a name.
func (n names) meet(o names) bool {
	for _, a := range n {
		for _, b := range o {
			if a == b {
				return true
			}
		}
	}
	return false
}

func issuerText(raw []byte) string {
	n, err := dn.Parse(raw)
	if err != nil {
		return "(unreadable name)"
	}
	return n.String()
}
