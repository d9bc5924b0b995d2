package policy

// Reading is how strictly a document is read. The zero Reading is [Strict],
// and so are [ParseAuth], [ParseDataShare] and [ParseMISP].
type Reading uint8

const (
	// Strict takes the documented format and nothing else.
	Strict Reading = iota
	// TolerateUnknown reads documents as they are found in the field: members
	// that the format does not know are kept, members that it demands may be
	// missing, numbers may stand where the format wants strings, and words of a
	// closed list may be unknown. Each of these is listed by Deviations and none
	// of them ever allows anything: what is unknown stays refused. A text that is
	// not JSON, a member that stands twice, a value of another type and data
	// behind the document remain errors.
	TolerateUnknown
)

// ParseAuth reads an auth policy: allowedAuthTypes, allowedKycAttributes,
// authTokenType and kycLanguages. The error is a [*ParseError] that lists every
// problem of the document with line, column and JSON pointer.
func ParseAuth(data []byte) (*Auth, error) { return Strict.ParseAuth(data) }

// ParseDataShare reads a datashare policy: dataSharePolicies and
// shareableAttributes. The error is a [*ParseError].
func ParseDataShare(data []byte) (*DataShare, error) { return Strict.ParseDataShare(data) }

// ParseMISP reads a MISP policy, five flags of which each is false where it is
// missing. The error is a [*ParseError].
func ParseMISP(data []byte) (*MISP, error) { return Strict.ParseMISP(data) }

// ParseAuth reads an auth policy in this reading.
func (r Reading) ParseAuth(data []byte) (*Auth, error) {
	d := newDecoder(r, data)
	p := decodeAuth(d)
	if err := d.err(KindAuth); err != nil {
		return nil, err
	}
	p.deviations = d.forgiven()
	return p, nil
}

// ParseDataShare reads a datashare policy in this reading.
func (r Reading) ParseDataShare(data []byte) (*DataShare, error) {
	d := newDecoder(r, data)
	p := decodeDataShare(d)
	if err := d.err(KindDataShare); err != nil {
		return nil, err
	}
	p.deviations = d.forgiven()
	return p, nil
}

// ParseMISP reads a MISP policy in this reading.
func (r Reading) ParseMISP(data []byte) (*MISP, error) {
	d := newDecoder(r, data)
	p := decodeMISP(d)
	if err := d.err(KindMISP); err != nil {
		return nil, err
	}
	p.deviations = d.forgiven()
	return p, nil
}
