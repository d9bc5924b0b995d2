package trusttest_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/trust/trusttest"
)

func captureVerifier(pki *trusttest.PKI, opts ...device.Option) *device.Verifier {
	opts = append([]device.Option{device.WithClock(pki.Clock), device.Environments(trusttest.Environment)}, opts...)
	return device.New(x5c.New(pki.Verifier(certchain.WithRevocation(pki.Revocation()))), opts...)
}

func TestSignCapture(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	segments, request := pki.SignCapture()
	captures, err := captureVerifier(pki).VerifyCapture(ctx, segments, request)
	require.NoError(t, err)
	require.Len(t, captures, 1)
	require.Equal(t, "Left Thumb", captures[0].BioSubType)
	require.Equal(t, pki.Clock(), captures[0].Timestamp)

	scanner, chip := pki.Device("Acme Biometrics"), pki.Chip("Acme Chips")
	segments, request = pki.SignCapture(
		trusttest.Capture{Device: scanner, Chip: chip, Biometric: []byte("a thumb")},
		trusttest.Capture{Device: scanner, Chip: chip, Data: trusttest.Members{"bioSubType": "Right Thumb", "qualityScore": nil}},
		trusttest.Capture{
			Data:      trusttest.Members{"bioType": "Iris", "bioSubType": "Left", "deviceCode": "SN-0002"},
			DigitalID: trusttest.Members{"type": "Iris", "deviceSubType": "Double", "serialNo": "SN-0002"},
		},
	)
	captures, err = captureVerifier(pki).VerifyCapture(ctx, segments, request)
	require.NoError(t, err)
	require.Equal(t, base64.RawURLEncoding.EncodeToString([]byte("a thumb")), captures[0].BioValue)
	require.Equal(t, scanner.Certificate.Raw, captures[0].Device.Signer().Raw)
	require.Equal(t, chip.Certificate.Raw, captures[0].Chip.Signer().Raw)
	require.Equal(t, "RS256", captures[0].Chip.Algorithm)
	require.Equal(t, "Acme Biometrics", captures[0].DigitalID.Provider)
	require.Empty(t, captures[1].QualityScore)
	require.Equal(t, "SN-0002", captures[2].DigitalID.SerialNo)
	require.Equal(t, time.Second, captures[2].Timestamp.Sub(captures[1].Timestamp))

	_, err = captureVerifier(pki).VerifyCapture(ctx, segments[1:], request)
	require.ErrorIs(t, err, device.HashMismatch, "they are linked")
}

func TestDefectsOfCaptures(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	scanner := pki.Device("Acme Biometrics")
	for name, tc := range map[string]struct {
		capture trusttest.Capture
		want    []error
	}{
		"an expired device":      {trusttest.Capture{Device: pki.Device("Acme Biometrics", trusttest.Expired())}, []error{device.DataNotTrusted, certchain.Expired}},
		"a revoked chip":         {trusttest.Capture{Chip: pki.Chip("Acme Chips", trusttest.Revoked())}, []error{device.DigitalIDNotTrusted, certchain.Revoked}},
		"no device at all":       {trusttest.Capture{Device: pki.Partner("Acme Bank")}, []error{device.DataNotTrusted, certchain.IssuerInOtherDomain}},
		"no chip":                {trusttest.Capture{Device: scanner, Chip: scanner}, []error{device.DigitalIDNotTrusted, certchain.IssuerInOtherDomain}},
		"an unsigned digital id": {trusttest.Capture{Data: trusttest.Members{"digitalId": trusttest.Members{"serialNo": "SN-0001"}}}, []error{device.DigitalIDUnsigned}},
		"no bioValue":            {trusttest.Capture{Data: trusttest.Members{"bioValue": nil}}, []error{device.FieldMissing}},
		"another transaction":    {trusttest.Capture{Data: trusttest.Members{"transactionId": "txn-0002"}}, []error{device.TransactionMismatch}},
		"a stale digital id":     {trusttest.Capture{DigitalID: trusttest.Members{"dateTime": "2020-01-01T00:00:00Z"}}, []error{device.DigitalIDStale}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			segments, request := pki.SignCapture(trusttest.Capture{}, tc.capture)
			_, err := captureVerifier(pki).VerifyCapture(ctx, segments, request)
			var refusal *device.Error
			require.ErrorAs(t, err, &refusal)
			require.True(t, slices.ContainsFunc(refusal.Findings, func(f *device.Finding) bool { return f.Segment == 1 }))
			for _, want := range tc.want {
				require.ErrorIs(t, err, want)
			}
		})
	}
}

// What a host may choose to accept, or to ask for.
func TestCapturesByOption(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	scanner := pki.Device("Acme Biometrics")
	for name, tc := range map[string]struct {
		sound, unsound trusttest.Capture
		option         device.Option
	}{
		"L0": {trusttest.Capture{Device: scanner, Chip: scanner}, trusttest.Capture{Chip: scanner}, device.DangerouslyAcceptL0()},
		"the provider is the issuer": {
			trusttest.Capture{Device: pki.Device("Acme Biometrics", trusttest.IssuedBy("Acme Biometrics"))},
			trusttest.Capture{Device: scanner}, device.ProviderIsIssuer(),
		},
	} {
		v := captureVerifier(pki, tc.option)
		segments, request := pki.SignCapture(tc.sound)
		_, err := v.VerifyCapture(ctx, segments, request)
		require.NoError(t, err, name)
		segments, request = pki.SignCapture(tc.unsound)
		_, err = v.VerifyCapture(ctx, segments, request)
		require.Error(t, err, name)
	}
}
