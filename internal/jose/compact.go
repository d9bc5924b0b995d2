package jose

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrCompact: not a JWS in compact form (RFC 7515 section 7.1).
var ErrCompact = errors.New("not a compact JWS")

// A Compact is a JWS in compact form, read and not verified.
type Compact struct {
	Header    Object
	Payload   []byte
	Signature []byte

	signed string // what the signature is over
}

// ParseCompact takes a compact JWS apart: three parts of base64url without
// padding and without stray bits, the first of them a JSON object that every
// reader sees alike. It fails with [ErrCompact] or a [*JSONError].
func ParseCompact(token string) (*Compact, error) {
	if len(token) > MaxCompactBytes {
		return nil, &JSONError{ErrLimit, MaxCompactBytes, fmt.Sprintf("more than %d bytes", MaxCompactBytes)}
	}
	parts := strings.SplitN(token, ".", 4)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%w: not three parts", ErrCompact)
	}
	var decoded [3][]byte
	for i, part := range parts {
		// The decoder of encoding/base64 skips line breaks; RFC 7515 has none.
		if strings.ContainsAny(part, "\r\n") {
			return nil, fmt.Errorf("%w: line break", ErrCompact)
		}
		var err error
		if decoded[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCompact, err)
		}
	}
	header, err := ParseObject(decoded[0])
	if err != nil {
		return nil, err
	}
	return &Compact{header, decoded[1], decoded[2], token[:len(parts[0])+1+len(parts[1])]}, nil
}

// encode writes the part of a compact JWS that is signed.
func encode(header, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
}
