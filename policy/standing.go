package policy

import (
	"fmt"
	"time"
)

// Record is what the platform stores about the state of a thing. The zero
// Record stands against every call.
type Record struct {
	// Status as stored: ACTIVE, in any case, is the only one that lets a call pass.
	// Partners are otherwise DEACTIVE, clients INACTIVE, licences NOT_ACTIVE.
	Status  string
	Deleted bool
}

func (r Record) active() bool { return equalFold(r.Status, "ACTIVE") }

// Period is a time from its first to its last instant, both included, as the
// platform compares them. A zero end is not known, and what is not known stands
// against the call.
type Period struct{ From, Until time.Time }

// Dated is a Record that holds for a time.
type Dated struct {
	Record
	Period
}

// Certificate is the verdict of whoever verified one of the certificates that a
// call rests on (in this library: certchain).
type Certificate struct {
	Holder  string // such as "partner", "MISP partner" or "FTM provider"
	Verdict CertificateVerdict
	Detail  string // what the verifier said
}

// CertificateVerdict is what was found about a certificate. The zero verdict is
// that nobody looked.
type CertificateVerdict uint8

// The verdicts. Only CertificateTrusted lets a call pass.
const (
	CertificateUnverified CertificateVerdict = iota
	CertificateTrusted
	CertificateUntrusted
	CertificateExpired
	CertificateNotYetValid
	CertificateRevoked
	CertificateNotTheirs // trusted, and of another partner
)

// Call is everything whose state a call through the ID-authentication service
// rests on. What is nil does not exist, and stands against the call.
type Call struct {
	Partner     *Record // partner_data
	Policy      *Dated  // policy_data: the policy mapped to the partner's key or client
	PolicyGroup *Record // policy_group

	// One of the two that a call is made with. Both nil stands against it.
	APIKey     *Dated // api_key_data
	OIDCClient *Dated // oidc_client_data; a period that is wholly zero sets no bounds, because the platform stores none

	// Certificates that were verified for this call. None given: none was asked for.
	Certificates []Certificate

	MISPPartner *Record // partner_data of the licence's holder
	MISPLicence *Dated  // misp_license_data
}

// Standing answers whether a call may be served at a time, with every reason
// that stands against it, in the order in which the platform looks
// (PartnerServiceManager.validatePartnerMappingDetails) and each with its own
// code: an expired API key is never reported as a partner that is not
// registered. Reasons for which the platform has no code (policy group, MISP
// partner) stand where they belong, without one.
func Standing(c Call, at time.Time) Decision {
	s := standing{at: at}
	s.record(c.Partner, "partner", PartnerNotRegistered, "IDA-MPA-009", PartnerNotActive, "IDA-MPA-012")
	s.dated(c.Policy, "policy", false, PolicyNotRegistered, "IDA-MPA-018", PolicyNotActive, "IDA-MPA-019",
		PolicyNotYetValid, "IDA-MPA-019", PolicyExpired, "IDA-MPA-019")
	s.record(c.PolicyGroup, "policy group", PolicyGroupNotRegistered, "", PolicyGroupNotActive, "")
	if c.APIKey == nil && c.OIDCClient == nil {
		s.deny(CredentialMissing, "IDA-MPA-024", "API key", "the call has neither an API key nor an OIDC client")
	}
	if c.APIKey != nil {
		s.dated(c.APIKey, "API key", false, APIKeyNotRegistered, "IDA-MPA-009", APIKeyNotActive, "IDA-MPA-012",
			APIKeyNotYetValid, "IDA-MPA-039", APIKeyExpired, "IDA-MPA-039")
	}
	if c.OIDCClient != nil {
		unbounded := c.OIDCClient.Period == Period{}
		s.dated(c.OIDCClient, "OIDC client", unbounded, ClientNotRegistered, "IDA-MPA-028", ClientNotActive, "IDA-MPA-027",
			ClientNotYetValid, "", ClientExpired, "")
	}
	for _, cert := range c.Certificates {
		s.certificate(cert)
	}
	s.record(c.MISPPartner, "MISP partner", MISPNotRegistered, "IDA-MPA-007", MISPNotActive, "")
	s.dated(c.MISPLicence, "MISP licence", false, LicenceNotRegistered, "IDA-MPA-007", LicenceNotActive, "IDA-MPA-017",
		LicenceNotYetValid, "IDA-MPA-007", LicenceExpired, "IDA-MPA-008")
	if at.IsZero() {
		s.deny(Undecided, "", "time", "what time it is, is not known")
	}
	return Decision{Allowed: s.denials == nil, Denials: s.denials}
}

type standing struct {
	at      time.Time
	denials []Denial
}

func (s *standing) deny(r Reason, code, subject, message string) {
	s.denials = append(s.denials, Denial{Reason: r, Code: code, Subject: subject, Message: message})
}

func (s *standing) record(r *Record, subject string, missing Reason, missingCode string, inactive Reason, inactiveCode string) bool {
	switch {
	case r == nil || r.Deleted:
		s.deny(missing, missingCode, subject, fmt.Sprintf("the %s is not registered", subject))
		return false
	case !r.active():
		s.deny(inactive, inactiveCode, subject, fmt.Sprintf("the %s has status %q, not ACTIVE", subject, r.Status))
	}
	return true
}

func (s *standing) dated(d *Dated, subject string, unbounded bool, missing Reason, missingCode string,
	inactive Reason, inactiveCode string, early Reason, earlyCode string, late Reason, lateCode string,
) {
	var r *Record
	if d != nil {
		r = &d.Record
	}
	if !s.record(r, subject, missing, missingCode, inactive, inactiveCode) || unbounded {
		return
	}
	if d.From.IsZero() || d.From.After(s.at) {
		s.deny(early, earlyCode, subject, fmt.Sprintf("the %s is not valid before %s", subject, instant(d.From)))
	}
	if d.Until.Before(s.at) {
		s.deny(late, lateCode, subject, fmt.Sprintf("the %s was valid until %s", subject, instant(d.Until)))
	}
}

func instant(t time.Time) string {
	if t.IsZero() {
		return "a time that is not known"
	}
	return t.UTC().Format(time.RFC3339)
}

func (s *standing) certificate(c Certificate) {
	reason, code := CertificateNotTrusted, ""
	switch c.Verdict {
	case CertificateTrusted:
		return
	case CertificateExpired:
		reason = CertificateHasExpired
	case CertificateNotYetValid:
		reason = CertificateNotValidYet
	case CertificateRevoked:
		reason = CertificateIsRevoked
	case CertificateNotTheirs:
		reason, code = CertificateMismatch, "IDA-MPA-021"
	case CertificateUnverified:
		reason = CertificateNotVerified
	}
	message := fmt.Sprintf("the certificate of the %s does not hold", c.Holder)
	if c.Detail != "" {
		message += ": " + c.Detail
	}
	s.deny(reason, code, c.Holder, message)
}
