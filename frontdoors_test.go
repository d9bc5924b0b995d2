package partnertrust_test

// The names and shapes that hosts compile against. A change here breaks them:
// it belongs into CHANGELOG.md and into the next version's number.

import (
	"context"
	"crypto/x509"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

// trust
var (
	_ = []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}
	_ = []trust.Role{trust.Root, trust.Intermediate}

	_ func(string) (trust.Domain, error)                                         = trust.ParseDomain
	_ func(...string) (*trust.Domains, error)                                    = trust.NewDomains
	_ func([]byte) (*x509.Certificate, error)                                    = trust.ParseCertificate
	_ func([]byte) ([]*x509.Certificate, error)                                  = trust.ParseCertificates
	_ func() *trust.Memory                                                       = trust.NewMemory
	_ func(anchors, intermediates []*x509.Certificate) trust.Source              = trust.Static
	_ func(*x509.Certificate) string                                             = trust.SHA256
	_ func(*x509.Certificate) string                                             = trust.SHA1
	_ trust.Store                                                                = (*trust.Memory)(nil)
	_                                                                            = trust.CA{ID: "", Domain: "", Role: "", Certificate: nil, AddedAt: time.Time{}}
	_                                                                            = trust.Query{Domain: ""}
	_                                                                            = trust.Page{CAs: []trust.CA{}, Total: 0}
	_ func(trust.Source, context.Context, trust.Domain) (*trust.Snapshot, error) = trust.Source.Snapshot
	_ error                                                                      = trust.ErrDomain
)

// trust/admit
var (
	_ func(trust.Store, ...admit.Option) *admit.Gate                                  = admit.New
	_ func(func() time.Time) admit.Option                                             = admit.WithClock
	_ func(int) admit.Option                                                          = admit.MinRemaining
	_ func() admit.Option                                                             = admit.AllOrNothing
	_ func(*admit.Gate, context.Context, trust.Domain, []byte) (*admit.Report, error) = (*admit.Gate).Admit
)

// certchain
var (
	_ func(trust.Source, ...certchain.Option) *certchain.Verifier                                                                = certchain.New
	_ func(*certchain.Verifier, context.Context, trust.Domain, *x509.Certificate, ...certchain.Option) (*certchain.Chain, error) = (*certchain.Verifier).Verify
	_ func(*certchain.Verifier, context.Context, trust.Domain, []byte, ...certchain.Option) (*certchain.Chain, error)            = (*certchain.Verifier).VerifyDER

	_ func(time.Time) certchain.Option            = certchain.At
	_ func(func() time.Time) certchain.Option     = certchain.WithClock
	_ func(...*x509.Certificate) certchain.Option = certchain.Intermediates
	_ func(string) certchain.Option               = certchain.Organization
	_ func(certchain.Profile) certchain.Option    = certchain.WithProfile
	_ func(certchain.Revocation) certchain.Option = certchain.WithRevocation
	_ func(int) certchain.Option                  = certchain.MaxDepth
	_ func(...x509.OID) certchain.Option          = certchain.Policies
	_ func() certchain.Option                     = certchain.RequireExplicitPolicy
	_ func() certchain.Option                     = certchain.InhibitPolicyMapping
	_ func() certchain.Option                     = certchain.InhibitAnyPolicy
	_                                             = []certchain.Profile{certchain.RFC5280, certchain.Partner}
	_                                             = certchain.Chain{Certificates: nil, NotAfter: time.Time{}}
	_                                             = certchain.Finding{Reason: "", Certificate: nil, Depth: 0, Detail: ""}
	_ interface {
		error
		Unwrap() []error
		Explain() string
		MarshalJSON() ([]byte, error)
	} = &certchain.Error{Findings: []*certchain.Finding{}}
	_ = []error{
		certchain.UnknownIssuer, certchain.IssuerInOtherDomain, certchain.BadSignature, certchain.Expired, certchain.NotYetValid,
		certchain.NotCA, certchain.PathTooLong, certchain.KeyUsage, certchain.ExtKeyUsage, certchain.NameConstraint,
		certchain.CriticalExtension, certchain.PolicyRejected, certchain.Revoked, certchain.RevocationUnknown, certchain.WeakKey,
		certchain.WeakSignature, certchain.SelfSigned, certchain.NotV3, certchain.ShortValidity, certchain.OrganizationMissing,
		certchain.OrganizationAmbiguous, certchain.OrganizationMismatch, certchain.BudgetExceeded, certchain.Malformed,
		certchain.ErrNoOrganization, certchain.ErrAmbiguousOrganization,
	}
	_ func(*x509.Certificate) (string, error)       = certchain.OrganizationOf
	_ func(...[]byte) (certchain.Revocation, error) = revocation.CRLs
)

// certchain/x5c, certchain/device
var (
	_ func(*certchain.Verifier, ...x5c.Option) *x5c.Verifier                                              = x5c.New
	_ func(*x5c.Verifier, context.Context, trust.Domain, string, ...x5c.Option) (*x5c.Signed, error)      = (*x5c.Verifier).Verify
	_ func([]byte) x5c.Option                                                                             = x5c.Detached
	_ func(string) x5c.Option                                                                             = x5c.BoundTo
	_ func(*x5c.Verifier, ...device.Option) *device.Verifier                                              = device.New
	_ func(*device.Verifier, context.Context, []device.Segment, device.Request) ([]device.Capture, error) = (*device.Verifier).VerifyCapture
)

// policy
var (
	_ func([]byte) (*policy.Auth, error)                                = policy.ParseAuth
	_ func([]byte) (*policy.DataShare, error)                           = policy.ParseDataShare
	_ func([]byte) (*policy.MISP, error)                                = policy.ParseMISP
	_ func(*policy.Auth, policy.AuthRequest) policy.Decision            = (*policy.Auth).Decide
	_ func(*policy.DataShare, policy.ShareRequest) policy.ShareDecision = (*policy.DataShare).Decide
	_ func(*policy.MISP, policy.Operation) policy.Decision              = (*policy.MISP).Decide
	_                                                                   = policy.AuthRequest{Operation: "", Factors: []policy.Factor{{Type: "", SubType: ""}}, Attributes: nil, Languages: nil}
	_                                                                   = policy.Decision{Allowed: false, Denials: []policy.Denial{{Reason: "", Pointer: "", Subject: "", Message: ""}}}
)

// oidc
var (
	_ func([]byte) (string, error)            = oidc.ClientID
	_ func(oidc.Rule, []byte) (string, error) = oidc.Rule.ClientID
	_                                         = []oidc.Rule{oidc.CurrentRule, oidc.JWKTextRule, oidc.RFC7638Rule}
	_ func([]byte) (string, error)            = oidc.PublicKeyHash
)
