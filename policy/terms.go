package policy

import (
	"strconv"
	"time"
)

// ShareType is how data reaches the partner (typeOfShare).
type ShareType string

// The share types of the platform.
const (
	ShareByURL  ShareType = "Data Share" // an address to fetch it from
	ShareDirect ShareType = "direct"     // within the message; the platform always encrypts these
)

// Encryption is for whom shared data is encrypted (encryptionType).
type Encryption string

// The encryption types that the platform's datashare service knows.
const (
	EncryptionPartner Encryption = "Partner Based" // to the partner's certificate
	EncryptionNone    Encryption = "none"
)

// Terms are the dataSharePolicies of a policy: how, for how long and how often
// data is shared.
type Terms struct {
	Type         ShareType    `json:"type"`
	ValidFor     Minutes      `json:"validForMinutes"`
	Transactions Transactions `json:"transactions"`
	Encryption   Encryption   `json:"encryption"`
	Domain       string       `json:"domain"`             // host of the datashare service
	Source       string       `json:"source"`             // "ID Repository", "Packet Manager", ...: for information
	Protocol     string       `json:"protocol,omitempty"` // "" means http://
}

// Minutes is a life in whole minutes.
type Minutes int64

// Duration is the same as a time.Duration, within the bounds of a document: less
// than none is none, and more than [MaxValidMinutes] is that many.
func (m Minutes) Duration() time.Duration {
	return time.Duration(min(max(m, 0), MaxValidMinutes)) * time.Minute
}

// Transactions is how often a share may be read (transactionsAllowed): -1 is
// without limit (datashare 1.3 and later), 0 and any other negative number never.
type Transactions int64

// Unlimited is the one value that sets no limit.
const Unlimited Transactions = -1

// Left is how many reads remain after used, and whether there is no limit at
// all. A count that is itself impossible leaves none.
func (t Transactions) Left(used int64) (left int64, unlimited bool) {
	switch {
	case used < 0:
		return 0, false
	case t == Unlimited:
		return 0, true
	default:
		return max(int64(t)-used, 0), false
	}
}

// ExpiresAt is the first instant at which a share made at now cannot be read.
func (t Terms) ExpiresAt(now time.Time) time.Time { return now.Add(t.ValidFor.Duration()) }

const (
	termType = iota
	termValidFor
	termTransactions
	termEncryption
	termDomain
	termSource
)

var termNames = [...]string{
	termType:         "typeOfShare",
	termValidFor:     "validForInMinutes",
	termTransactions: "transactionsAllowed",
	termEncryption:   "encryptionType",
	termDomain:       "shareDomain",
	termSource:       "source",
}

func (p *DataShare) decodeTerms(c cursor) {
	f := c.object(append(termNames[:], "protocol")...)
	p.termsExtra = f.extra
	read := func(term int, set func(cursor)) {
		if c, ok := f.must(termNames[term]); ok {
			p.termFields[term] = true
			set(c)
		}
	}
	t := &p.terms
	read(termType, func(c cursor) { t.Type = ShareType(c.word(string(ShareByURL), string(ShareDirect))) })
	read(termValidFor, func(c cursor) { t.ValidFor = Minutes(c.integer(0, MaxValidMinutes)) })
	read(termTransactions, func(c cursor) { t.Transactions = Transactions(c.integer(-MaxTransactions, MaxTransactions)) })
	read(termEncryption, func(c cursor) {
		t.Encryption = Encryption(c.word(string(EncryptionPartner), string(EncryptionNone)))
	})
	read(termDomain, func(c cursor) { t.Domain = c.str() })
	read(termSource, func(c cursor) { t.Source = c.str() })
	if c, ok := f.may("protocol"); ok {
		p.hasProtocol, t.Protocol = true, c.str()
	}
}

func (p *DataShare) encodeTerms(e *encoder) {
	e.object(func() {
		for term, name := range termNames {
			if !p.termFields[term] {
				continue
			}
			switch term {
			case termType:
				e.str(name, string(p.terms.Type))
			case termValidFor:
				e.str(name, strconv.FormatInt(int64(p.terms.ValidFor), 10))
			case termTransactions:
				e.str(name, strconv.FormatInt(int64(p.terms.Transactions), 10))
			case termEncryption:
				e.str(name, string(p.terms.Encryption))
			case termDomain:
				e.str(name, p.terms.Domain)
			case termSource:
				e.str(name, p.terms.Source)
			}
		}
		if p.hasProtocol {
			e.str("protocol", p.terms.Protocol)
		}
		e.extras(p.termsExtra)
	})
}
