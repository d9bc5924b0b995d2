package trusttest_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// propertyCase is a property with what its comment promises.
type propertyCase struct {
	property trusttest.Property
	want     certchain.Reason // "" where it verifies
	beside   certchain.Reason // what is found as well
	depth    int              // of the certificate with the defect
	profile  certchain.Profile
	revoking bool
}

var netscapeComment = pkix.Extension{Id: asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 13}, Value: []byte{0x16, 2, 'h', 'i'}}

var propertyCases = map[string]propertyCase{
	"Expired":            {property: trusttest.Expired(), want: certchain.Expired},
	"NotYetValid":        {property: trusttest.NotYetValid(), want: certchain.NotYetValid},
	"ExpiringIn":         {property: trusttest.ExpiringIn(time.Hour)},
	"ExpiringIn, asked":  {property: trusttest.ExpiringIn(time.Hour), want: certchain.ShortValidity, profile: certchain.Partner.WithMinRemaining(1)},
	"Organization":       {property: trusttest.Organization("ACME Biometrics"), want: certchain.OrganizationMismatch},
	"SecondOrganization": {property: trusttest.SecondOrganization("Somebody Else"), want: certchain.OrganizationAmbiguous},
	"NoOrganization":     {property: trusttest.NoOrganization(), want: certchain.OrganizationMissing},
	"Revoked":            {property: trusttest.Revoked(), want: certchain.Revoked, revoking: true},
	"Revoked, not asked": {property: trusttest.Revoked()},
	"NegativeSerial":     {property: trusttest.NegativeSerial(), revoking: true},
	"ZeroSerial":         {property: trusttest.ZeroSerial()},
	"ZeroSerial, asked":  {property: trusttest.ZeroSerial(), want: certchain.NonConforming, profile: certchain.RFC5280},
	"Version1":           {property: trusttest.Version1(), want: certchain.NotV3},
	"ForgedSignature":    {property: trusttest.ForgedSignature(), want: certchain.BadSignature},
	"SHA1Signature":      {property: trusttest.SHA1Signature(), want: certchain.WeakSignature},
	"CriticalExtension":  {property: trusttest.CriticalExtension(), want: certchain.CriticalExtension},
	"Extension":          {property: trusttest.Extension(netscapeComment)},
	"ForServers":         {property: trusttest.ForServers()},
	"ForServers, asked":  {property: trusttest.ForServers(), want: certchain.ExtKeyUsage, profile: certchain.Partner.WithExtKeyUsage(x509.ExtKeyUsageClientAuth)},
	"ForEncryption":      {property: trusttest.ForEncryption()},
	"IsCA":               {property: trusttest.IsCA()},
	"SelfSigned":         {property: trusttest.SelfSigned(), want: certchain.SelfSigned, beside: certchain.UnknownIssuer},

	"OfDomain":               {property: trusttest.OfDomain(trust.FTM), want: certchain.IssuerInOtherDomain},
	"IssuedBy":               {property: trusttest.IssuedBy("Somebody Else"), revoking: true},
	"UnknownIssuer":          {property: trusttest.UnknownIssuer(), want: certchain.UnknownIssuer},
	"NotCAIntermediate":      {property: trusttest.NotCAIntermediate(), want: certchain.NotCA, depth: 1},
	"ExpiredIntermediate":    {property: trusttest.ExpiredIntermediate(), want: certchain.Expired, depth: 1},
	"RevokedIntermediate":    {property: trusttest.RevokedIntermediate(), want: certchain.Revoked, depth: 1, revoking: true},
	"NoCertSignIntermediate": {property: trusttest.NoCertSignIntermediate(), want: certchain.KeyUsage, depth: 1},
	"PathTooLong":            {property: trusttest.PathTooLong(), want: certchain.PathTooLong, depth: 2},
	"OutsideNameConstraints": {property: trusttest.OutsideNameConstraints(), want: certchain.NameConstraint},
	"RequiredPolicyMissing":  {property: trusttest.RequiredPolicyMissing(), want: certchain.PolicyRejected, depth: 1},

	"WeakKey": {property: trusttest.WeakKey(), want: certchain.WeakKey},
	"P256":    {property: trusttest.P256()},
	"P384":    {property: trusttest.P384()},
	"Ed25519": {property: trusttest.Ed25519()},
	"Key":     {property: trusttest.Key(pkitest.EC(elliptic.P521()))},
}

// Each property provokes its reason, at its place and no other; the same
// question about a certificate without it is answered with yes.
func TestProperties(t *testing.T) {
	t.Parallel()
	for name, tc := range propertyCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pki := trusttest.New(t)
			var opts []certchain.Option
			if tc.profile.Name() != "" {
				opts = append(opts, certchain.WithProfile(tc.profile))
			}
			if tc.revoking {
				opts = append(opts, certchain.WithRevocation(pki.Revocation()))
			}
			id := pki.Device("Acme Biometrics", tc.property)
			err := verify(pki, id, opts...)
			requireOnly(t, tc.want, err, tc.beside)
			if tc.want != "" {
				var refusal *certchain.Error
				require.ErrorAs(t, err, &refusal)
				require.Equal(t, tc.depth, refusal.Findings[0].Depth)
			}
			require.NoError(t, verify(pki, pki.Device("Acme Biometrics"), opts...), "without the property, beside one with it")
		})
	}
}

// Every reason that a certificate can give is in the table, or here with what a
// test does to provoke it.
func TestEveryReason(t *testing.T) {
	t.Parallel()
	provoked := map[certchain.Reason]bool{
		certchain.TrustAnchor:       true, // present pki.Root(d): TestAuthorities
		certchain.RevocationUnknown: true, // ask the Revocation of another PKI: TestRevocationOfOthers
		certchain.Malformed:         true, // give bytes that are no certificate
		certchain.BudgetExceeded:    true, // give the verifier a certchain.Budget
		certchain.Misconfigured:     true, // the host's own affairs, these three
		certchain.SourceFailed:      true,
		certchain.Canceled:          true,
	}
	for _, tc := range propertyCases {
		if tc.want != "" {
			provoked[tc.want] = true
		}
	}
	for _, r := range certchain.Reasons() {
		require.True(t, provoked[r], "no property provokes %s", r)
	}
}

func TestPropertiesTogether(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	id := pki.Partner("Acme Bank",
		trusttest.Expired(), trusttest.Organization("Acme"), trusttest.OfDomain(trust.Device), trusttest.WeakKey(), trusttest.NotCAIntermediate())
	err := verify(pki, id)
	for _, want := range []certchain.Reason{certchain.Expired, certchain.OrganizationMismatch, certchain.WeakKey, certchain.IssuerInOtherDomain} {
		require.ErrorIs(t, err, want)
	}
	_, err = pki.Verifier().Verify(ctx, trust.Device, id.Certificate)
	require.ErrorIs(t, err, certchain.NotCA)

	id = pki.Partner("Acme Bank", trusttest.PathTooLong(), trusttest.ExpiredIntermediate())
	require.Len(t, id.Chain, 4)
	err = verify(pki, id)
	require.ErrorIs(t, err, certchain.PathTooLong)
	require.ErrorIs(t, err, certchain.Expired)

	unknown := pki.Partner("Acme Bank", trusttest.UnknownIssuer(), trusttest.PathTooLong())
	requireOnly(t, certchain.UnknownIssuer, verify(pki, unknown))
	elsewhere := certchain.New(trust.Static(unknown.Chain[3:], nil), certchain.WithClock(pki.Clock))
	_, err = elsewhere.Verify(ctx, trust.Auth, unknown.Certificate, certchain.Intermediates(unknown.Chain[1:3]...))
	requireOnly(t, certchain.PathTooLong, err)
}

func TestExtension(t *testing.T) {
	t.Parallel()
	id := trusttest.New(t).Partner("Acme Bank", trusttest.Extension(netscapeComment))
	require.Contains(t, id.Certificate.Extensions, netscapeComment)
}

// The standard library by itself cannot read what the platform issues.
func TestNegativeSerial(t *testing.T) {
	t.Parallel()
	id := trusttest.New(t).Partner("Acme Bank", trusttest.NegativeSerial())
	require.Negative(t, id.Certificate.SerialNumber.Sign())
	require.Equal(t, 64, len(id.Certificate.SerialNumber.Bytes())*8)
	_, err := x509.ParseCertificate(id.Certificate.Raw)
	require.Error(t, err)
}

// Every chain is one of signatures, up to its own root.
func TestChains(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	for name, tc := range propertyCases {
		id := pki.Device("Acme Biometrics", tc.property)
		require.Equal(t, id.Certificate, id.Chain[0], name)
		require.True(t, certchain.IsSelfSigned(id.Chain[len(id.Chain)-1]), name)
		if tc.want == certchain.BadSignature || tc.want == certchain.WeakSignature {
			continue
		}
		for i, c := range id.Chain[:len(id.Chain)-1] {
			parent := id.Chain[i+1]
			require.NoError(t, parent.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature), name)
		}
	}
}
