package certchain

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/mosip/partnertrust/internal/dn"
)

// What [OrganizationOf] answers where there is not exactly one organisation.
var (
	ErrNoOrganization        = errors.New("certchain: the subject names no organisation")
	ErrAmbiguousOrganization = errors.New("certchain: the subject names more than one organisation")
)

// OrganizationOf returns the organisation that a certificate names: the decoded
// value of the attribute organizationName (2.5.4.10) of its subject, wherever
// in the name it stands and whatever stands beside it. "Acme, Inc." is returned
// as such, without the escapes of any text form.
//
// A subject without the attribute, or with an empty or undecodable value,
// gives [ErrNoOrganization]; one with two different values gives
// [ErrAmbiguousOrganization], because whoever picks one of them can be made to
// pick the wrong one.
func OrganizationOf(c *x509.Certificate) (string, error) {
	values, err := organizations(c)
	switch {
	case err != nil:
		return "", err
	case len(values) == 0:
		return "", ErrNoOrganization
	case len(values) > 1:
		return "", fmt.Errorf("%w: %q and %q", ErrAmbiguousOrganization, values[0], values[1])
	case values[0] == "":
		return "", fmt.Errorf("%w: the value is empty", ErrNoOrganization)
	}
	return values[0], nil
}

// organizations returns the distinct values of O.
func organizations(c *x509.Certificate) ([]string, error) {
	var values []string
	undecodable := false
	err := dn.Walk(c.RawSubject, func(_ int, a dn.Attribute) {
		if !a.Is(dn.Organization) {
			return
		}
		text, ok := a.Text()
		if !ok {
			undecodable = true
		} else if !slices.Contains(values, text) {
			values = append(values, text)
		}
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNoOrganization, err)
	case undecodable:
		return nil, fmt.Errorf("%w: the value cannot be decoded", ErrNoOrganization)
	}
	return values, nil
}

// OrganizationMatch is how an organisation is compared with the registered one.
// The zero value is exact.
type OrganizationMatch int

const (
	// OrganizationExact: the same text, code point by code point.
	OrganizationExact OrganizationMatch = iota
	// OrganizationFold: the same text after Unicode case folding, NFKC and
	// with runs of spaces as one. "ACME  Bank" is then "Acme Bank".
	OrganizationFold
)

// judgeOrganization holds the leaf's organisation against the registered name,
// if the host gave one.
func (s *search) judgeOrganization(found *findings, leaf *certificate) {
	if s.organization == nil {
		return
	}
	registered := *s.organization
	values, err := organizations(leaf.Certificate)
	switch {
	case registered == "":
		// An empty registration would match nobody or, worse, somebody.
		found.add(OrganizationMissing, leaf, 0, "no organisation is registered for the partner")
	case err != nil:
		found.add(OrganizationMissing, leaf, 0, "the value of O cannot be decoded")
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		found.add(OrganizationMissing, leaf, 0, fmt.Sprintf("the subject has no O; %q is registered", registered))
	case len(values) > 1:
		found.add(OrganizationAmbiguous, leaf, 0, fmt.Sprintf("O is %q and also %q; %q is registered", values[0], values[1], registered))
	case !s.organizationMatch.equal(values[0], registered):
		difference := differenceOf(leaf.Certificate, values[0], registered)
		found.add(OrganizationMismatch, leaf, 0, fmt.Sprintf("O is %q, registered is %q: %s", values[0], registered, difference.Sentence()))
		found.list[len(found.list)-1].Difference = difference
	}
}

func (m OrganizationMatch) equal(a, b string) bool {
	return a == b || m == OrganizationFold && foldName(a) == foldName(b)
}

// foldName: case folding and NFKC, until both hold, and spaces collapsed.
func foldName(s string) string {
	fold := cases.Fold()
	for range 2 {
		s = norm.NFKC.String(fold.String(s))
	}
	return collapseSpaces(s)
}
