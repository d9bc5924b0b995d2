package sqlstore

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/trust"
)

// Widths of the columns in characters, as the platform's DDL declares them.
// cert_data and signed_cert_data have none.
const (
	maxID           = 36 // cert_id, issuer_id
	maxSubject      = 500
	maxIssuer       = 500
	maxCRLURI       = 120
	maxThumbprint   = 100
	maxSerial       = 50
	maxDomain       = 36
	maxType         = 25
	maxKeyUsage     = 150
	maxOrganization = 120
	maxUser         = 256 // cr_by, upd_by
)

// systemUser stands in cr_by of every row that the platform writes.
//
// KeymanagerUtil.setMetaData
const systemUser = "SYSTEM"

// keyUsageText stands in key_usage of every row: the platform never filled it.
//
// PartnerCertManagerDBHelper.storePartnerCertificate
const keyUsageText = ""

// Errors of the functions that format a column.
var (
	// errNoText: the platform cannot write the name either, and stores no such
	// certificate.
	errNoText = errors.New("sqlstore: name without a text form")
	// errTooLong: the database would refuse the text.
	errTooLong = errors.New("sqlstore: text longer than its column")
	// errNUL: PostgreSQL keeps U+0000 in no text.
	errNUL = errors.New("sqlstore: text with a NUL character")
)

// OID content octets of the attributes that the columns hold or that the
// platform writes as text, beside those of package dn.
const (
	oidCountry         = "\x55\x04\x06"
	oidLocality        = "\x55\x04\x07"
	oidState           = "\x55\x04\x08"
	oidStreet          = "\x55\x04\x09"
	oidDomainComponent = "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"
	oidUserID          = "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"
)

var subjectAttributes = []struct{ oid, keyword string }{
	{dn.CommonName, "CN"},
	{dn.OrganizationalUnit, "OU"},
	{dn.Organization, "O"},
	{oidLocality, "L"},
	{oidState, "ST"},
	{oidCountry, "C"},
}

// names are the columns that say which certificate a row holds.
type names struct {
	parsed                              *x509.Certificate
	subject, issuer, serial, thumbprint string
}

func namesOf(der []byte) (n names, err error) {
	if n.parsed, err = trust.ParseCertificate(der); err != nil {
		return n, err
	}
	if n.subject, err = subjectColumn(n.parsed.RawSubject); err != nil {
		return n, err
	}
	if n.issuer, err = subjectColumn(n.parsed.RawIssuer); err != nil {
		return n, err
	}
	n.thumbprint = trust.SHA1(n.parsed)
	n.serial, err = serialColumn(n.parsed.SerialNumber)
	return n, err
}

// subjectColumn formats a Name for cert_subject and cert_issuer: six
// attributes, one of each, the most specific first. The platform finds issuers
// by comparing this text.
//
// PartnerCertificateManagerUtil.formatCertificateDN
func subjectColumn(rawName []byte) (string, error) {
	name, err := readName(rawName)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, attribute := range subjectAttributes {
		text, found, err := name.text(attribute.oid)
		if err != nil {
			return "", err
		}
		if found {
			b.WriteString(attribute.keyword + "=" + text + ",")
		}
	}
	return fit(strings.TrimSuffix(b.String(), ","), maxSubject)
}

// organizationColumn formats a subject's organisation for organization_name.
// It is empty for a subject without one. The platform stores what the uploader
// declared, after comparing it with this text.
//
// PartnerCertificateManagerUtil.getCertificateOrgName
func organizationColumn(rawSubject []byte) (string, error) {
	name, err := readName(rawSubject)
	if err != nil {
		return "", err
	}
	text, _, err := name.text(dn.Organization)
	if err != nil {
		return "", err
	}
	return fit(text, maxOrganization)
}

// serialColumn formats a serial number for cert_serial_no: decimal, with its sign.
//
// PartnerCertManagerDBHelper.storeCACertificate, BigInteger.toString
func serialColumn(serial *big.Int) (string, error) {
	// RFC 5280 §4.1.2.2 allows 20 octets, which is 49 characters. Converting a
	// far longer number costs more than its length.
	if serial.BitLen() > 4*maxSerial {
		return "", fmt.Errorf("%w: a serial number of %d bits", errTooLong, serial.BitLen())
	}
	return fit(serial.String(), maxSerial)
}

// timeColumn prepares a time for a column of type timestamp, which has no
// zone: the platform writes cr_dtimes in UTC and the validity in the zone of
// its containers, which is UTC too. The precision is PostgreSQL's.
//
// KeymanagerUtil.setMetaData, DateUtils2.parseDateToLocalDateTime
func timeColumn(t time.Time) time.Time {
	return t.UTC().Round(time.Microsecond)
}

// pemColumn formats a certificate for cert_data and signed_cert_data: lines of
// 64 characters, each ended by a line feed, the last one too.
//
// KeymanagerUtil.getPEMFormatedData
func pemColumn(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func fit(text string, width int) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", errNUL
	}
	if !utf8.ValidString(text) {
		return "", errNoText
	}
	if n := utf8.RuneCountInString(text); n > width {
		return "", fmt.Errorf("%w: %d characters, the limit is %d", errTooLong, n, width)
	}
	return text, nil
}
