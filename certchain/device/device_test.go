package device_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

var ctx = context.Background()

// world has one device with its chip, and others that somebody could mistake
// for it.
type world struct {
	tokens                    *x5c.Verifier
	provider, ftm             *pkitest.Cert
	device, chip, otherDevice *pkitest.Cert
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	store := trust.NewMemory()
	key := func(n int) pkitest.Mod { return pkitest.Key(pkitest.RSA(2048, n)) }
	root := pkitest.NewRoot(tb, "device root", key(1))
	ftmRoot := pkitest.NewRoot(tb, "ftm root", key(2))
	w := &world{
		provider: root.IssueCA(tb, "", pkitest.Org("Acme Biometrics", "provider"), key(3)),
		ftm:      ftmRoot.IssueCA(tb, "ftm", key(4)),
	}
	w.device = w.provider.Issue(tb, "device", key(5))
	w.otherDevice = w.provider.Issue(tb, "other device", key(6))
	w.chip = w.ftm.Issue(tb, "chip", key(7))
	for _, ca := range []trust.CA{
		{Domain: trust.Device, Role: trust.Root, Certificate: root.Certificate},
		{Domain: trust.Device, Role: trust.Intermediate, Certificate: w.provider.Certificate},
		{Domain: trust.FTM, Role: trust.Root, Certificate: ftmRoot.Certificate},
		{Domain: trust.FTM, Role: trust.Intermediate, Certificate: w.ftm.Certificate},
	} {
		require.NoError(tb, store.Add(ctx, ca))
	}
	w.tokens = x5c.New(certchain.New(store, certchain.WithClock(pkitest.Clock)))
	// CI runs the tests again with this set: remembering must not show.
	if os.Getenv("PARTNERTRUST_TEST_WITHOUT_CACHE") != "" {
		w.tokens = x5c.New(certchain.New(store, certchain.WithClock(pkitest.Clock), certchain.WithoutCache()), x5c.WithoutCache())
	}
	return w
}

func (w *world) verifier(opts ...device.Option) *device.Verifier {
	return device.New(w.tokens, append([]device.Option{device.WithClock(pkitest.Clock), device.Environments("Staging", "Production")}, opts...)...)
}

var request = device.Request{TransactionID: "txn-0001", Env: "Staging", DomainURI: "https://ida.example"}

func sign(tb testing.TB, c *pkitest.Cert, payload []byte) string {
	tb.Helper()
	header, err := json.Marshal(map[string]any{
		"alg": "RS256", "typ": "JWT", "x5c": []string{base64.StdEncoding.EncodeToString(c.Certificate.Raw)},
	})
	require.NoError(tb, err)
	input := b64(header) + "." + b64(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := c.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	require.NoError(tb, err)
	return input + "." + b64(signature)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// fields changes members of an object; nil removes one.
type fields map[string]any

func (f fields) over(base map[string]any) []byte {
	maps.Copy(base, f)
	maps.DeleteFunc(base, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(base)
	if err != nil {
		panic(err)
	}
	return text
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func digitalID(at time.Time, change fields) []byte {
	return change.over(map[string]any{
		"serialNo": "SN-0001", "make": "Acme", "model": "A1", "type": "Finger", "deviceSubType": "Slap",
		"deviceProvider": "Acme Biometrics", "deviceProviderId": "ACME", "dateTime": stamp(at),
	})
}

// data is the data block of a segment around a digital id.
func data(digitalID any, at time.Time, change fields) []byte {
	return change.over(map[string]any{
		"digitalId": digitalID, "deviceCode": "SN-0001", "deviceServiceVersion": "1.0", "bioType": "Finger",
		"bioSubType": "Left Thumb", "purpose": "Auth", "env": "Staging", "domainUri": "https://ida.example",
		"bioValue": "AAAA", "transactionId": "txn-0001", "timestamp": stamp(at), "requestedScore": "60", "qualityScore": 80.5,
	})
}

// segment makes a sound one; the changes make it something else.
func (w *world) segment(tb testing.TB, at time.Time, inData, inID fields) device.Segment {
	tb.Helper()
	return device.Segment{Data: sign(tb, w.device, data(sign(tb, w.chip, digitalID(at, inID)), at, inData))}
}

// link gives the segments the hashes that link them, by the definition: SHA-256
// over the bytes of the previous hash and of the biometric's.
func link(segments ...device.Segment) []device.Segment {
	previous := sha256.Sum256(nil)
	for i := range segments {
		biometric := sha256.Sum256(fmt.Append(nil, "biometric ", i))
		segments[i].BiometricHash = biometric[:]
		previous = sha256.Sum256(append(append([]byte{}, previous[:]...), biometric[:]...))
		segments[i].Hash = strings.ToUpper(fmt.Sprintf("%x", previous))
	}
	return segments
}

func TestCapture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	segments := link(
		w.segment(t, now.Add(-20*time.Second), nil, nil),
		w.segment(t, now.Add(-10*time.Second), fields{"bioSubType": "Right Thumb", "requestedScore": nil, "qualityScore": nil}, nil),
		w.segment(t, now, fields{"bioType": "Iris", "bioSubType": "Left", "timestamp": now.In(time.FixedZone("", 19800)).Format("2006-01-02T15:04:05.000-0700")},
			fields{"type": "Iris", "deviceSubType": "Double"}),
	)
	for range 2 {
		captures, err := w.verifier().VerifyCapture(ctx, segments, request)
		require.NoError(t, err)
		require.Len(t, captures, 3)
		first := captures[0]
		require.Equal(t, "Finger", first.BioType)
		require.Equal(t, "Left Thumb", first.BioSubType)
		require.Equal(t, "60", first.RequestedScore)
		require.Equal(t, "80.5", first.QualityScore)
		require.Equal(t, "SN-0001", first.DigitalID.SerialNo)
		require.Equal(t, now.Add(-20*time.Second), first.Timestamp)
		require.Equal(t, w.device.Certificate.Raw, first.Device.Signer().Raw)
		require.Equal(t, w.chip.Certificate.Raw, first.Chip.Signer().Raw)
		require.Equal(t, trust.FTM, first.Chip.Chain.Domain)
		require.True(t, captures[2].Timestamp.Equal(now))
	}
}

// Each capture would pass where a check is missing. All segments are judged:
// the broken one stands between two sound ones.
func TestRefusedCaptures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	long := strings.Repeat("x", device.MaxFieldBytes+1)
	withID := func(id any) device.Segment { return device.Segment{Data: sign(t, w.device, data(id, now, nil))} }
	inData := func(f fields) device.Segment { return w.segment(t, now, f, nil) }
	inID := func(f fields) device.Segment { return w.segment(t, now, nil, f) }
	good := w.segment(t, now, nil, nil)
	plainID := map[string]any{}
	require.NoError(t, json.Unmarshal(digitalID(now, nil), &plainID))
	for name, tc := range map[string]struct {
		broken  device.Segment
		want    device.Reason
		pointer string
		code    string
	}{
		"data not a token":               {device.Segment{Data: "x"}, device.DataNotTrusted, "/data", "IDA-MPA-001"},
		"data by the chip":               {device.Segment{Data: sign(t, w.chip, data(sign(t, w.chip, digitalID(now, nil)), now, nil))}, device.DataNotTrusted, "/data", "IDA-MPA-001"},
		"data by the provider's CA":      {device.Segment{Data: sign(t, w.provider, data(sign(t, w.chip, digitalID(now, nil)), now, nil))}, device.DataNotTrusted, "/data", "IDA-MPA-001"},
		"data no JSON":                   {device.Segment{Data: sign(t, w.device, []byte("hello"))}, device.Malformed, "/data", "IDA-MPA-001"},
		"data with a member twice":       {device.Segment{Data: sign(t, w.device, []byte(`{"env":"Staging","env":"Production"}`))}, device.Malformed, "/data", "IDA-MPA-001"},
		"digital id an object":           {withID(plainID), device.DigitalIDUnsigned, "/data/digitalId", "IDA-MPA-001"},
		"digital id unsigned":            {withID(b64(digitalID(now, nil))), device.DigitalIDUnsigned, "/data/digitalId", "IDA-MPA-001"},
		"digital id missing":             {withID(nil), device.FieldMissing, "/data/digitalId", "IDA-MLC-006"},
		"digital id empty":               {withID(""), device.DigitalIDUnsigned, "/data/digitalId", "IDA-MPA-001"},
		"digital id by the device":       {withID(sign(t, w.device, digitalID(now, nil))), device.DigitalIDNotTrusted, "/data/digitalId", "IDA-MPA-001"},
		"digital id by a CA":             {withID(sign(t, w.ftm, digitalID(now, nil))), device.DigitalIDNotTrusted, "/data/digitalId", "IDA-MPA-001"},
		"digital id no JSON":             {withID(sign(t, w.chip, []byte("[]"))), device.Malformed, "/data/digitalId", "IDA-MPA-001"},
		"no bioValue":                    {inData(fields{"bioValue": nil}), device.FieldMissing, "/data/bioValue", "IDA-MLC-006"},
		"empty bioValue":                 {inData(fields{"bioValue": ""}), device.FieldMissing, "/data/bioValue", "IDA-MLC-006"},
		"bioValue a number":              {inData(fields{"bioValue": 1}), device.FieldInvalid, "/data/bioValue", "IDA-MLC-009"},
		"no bioType":                     {inData(fields{"bioType": nil}), device.FieldMissing, "/data/bioType", "IDA-MLC-006"},
		"unknown bioType":                {inData(fields{"bioType": "Voice"}), device.FieldInvalid, "/data/bioType", "IDA-MLC-009"},
		"subtype of another type":        {inData(fields{"bioSubType": "Left"}), device.FieldInvalid, "/data/bioSubType", "IDA-MLC-009"},
		"no timestamp":                   {inData(fields{"timestamp": nil}), device.FieldMissing, "/data/timestamp", "IDA-MLC-006"},
		"timestamp without zone":         {inData(fields{"timestamp": "2026-06-15T12:00:00"}), device.FieldInvalid, "/data/timestamp", "IDA-MLC-009"},
		"the zero time":                  {inData(fields{"timestamp": "0001-01-01T00:00:00Z"}), device.FieldInvalid, "/data/timestamp", "IDA-MLC-009"},
		"the zero time in the id":        {inID(fields{"dateTime": "0001-01-01T00:00:00Z"}), device.FieldInvalid, "/data/digitalId/dateTime", "IDA-MLC-009"},
		"a letter that folds":            {inData(fields{"bioType": "Iri\u017f"}), device.FieldInvalid, "/data/bioType", "IDA-MLC-009"},
		"a letter that folds in the id":  {inID(fields{"type": "Iri\u017f"}), device.FieldInvalid, "/data/digitalId/type", "IDA-MLC-009"},
		"score of signs":                 {inData(fields{"qualityScore": "+-eE.."}), device.FieldInvalid, "/data/qualityScore", "IDA-MLC-009"},
		"score without end":              {inData(fields{"qualityScore": "Inf"}), device.FieldInvalid, "/data/qualityScore", "IDA-MLC-009"},
		"a list without end":             {inData(fields{"x": make([]int, 65)}), device.Malformed, "/data", "IDA-MPA-001"},
		"score no number":                {inData(fields{"qualityScore": "high"}), device.FieldInvalid, "/data/qualityScore", "IDA-MLC-009"},
		"no service version":             {inData(fields{"deviceServiceVersion": nil}), device.FieldMissing, "/data/deviceServiceVersion", "IDA-MLC-006"},
		"field too long":                 {inData(fields{"deviceServiceVersion": long}), device.FieldInvalid, "/data/deviceServiceVersion", "IDA-MLC-009"},
		"no device code":                 {inData(fields{"deviceCode": nil}), device.FieldMissing, "/data/deviceCode", "IDA-MLC-006"},
		"device code of another":         {inData(fields{"deviceCode": "SN-9999"}), device.DeviceMismatch, "/data/deviceCode", ""},
		"another purpose":                {inData(fields{"purpose": "Registration"}), device.PurposeMismatch, "/data/purpose", ""},
		"another environment":            {inData(fields{"env": "Production"}), device.EnvironmentMismatch, "/data/env", ""},
		"environment not accepted":       {inData(fields{"env": "Developer"}), device.EnvironmentMismatch, "/data/env", ""},
		"another service":                {inData(fields{"domainUri": "https://evil.example"}), device.DomainURIMismatch, "/data/domainUri", ""},
		"another transaction":            {inData(fields{"transactionId": "txn-0002"}), device.TransactionMismatch, "/data/transactionId", ""},
		"odd transaction":                {inData(fields{"transactionId": "a b"}), device.FieldInvalid, "/data/transactionId", "IDA-MLC-009"},
		"no serial number":               {inID(fields{"serialNo": nil}), device.FieldMissing, "/data/digitalId/serialNo", "IDA-MLC-006"},
		"no make":                        {inID(fields{"make": ""}), device.FieldMissing, "/data/digitalId/make", "IDA-MLC-006"},
		"no provider":                    {inID(fields{"deviceProvider": nil}), device.FieldMissing, "/data/digitalId/deviceProvider", "IDA-MLC-006"},
		"no provider id":                 {inID(fields{"deviceProviderId": nil}), device.FieldMissing, "/data/digitalId/deviceProviderId", "IDA-MLC-006"},
		"unknown device type":            {inID(fields{"type": "Voice"}), device.FieldInvalid, "/data/digitalId/type", "IDA-MLC-009"},
		"device subtype of another type": {inID(fields{"deviceSubType": "Double"}), device.FieldInvalid, "/data/digitalId/deviceSubType", "IDA-MLC-009"},
		"an iris device's id":            {inID(fields{"type": "Iris", "deviceSubType": "Double"}), device.TypeMismatch, "/data/digitalId/type", "IDA-DPM-004"},
		"stale":                          {w.segment(t, now.Add(-time.Hour), nil, nil), device.SegmentStale, "/data/timestamp", "IDA-MLC-030"},
		"of the future":                  {inData(fields{"timestamp": stamp(now.Add(time.Minute))}), device.SegmentStale, "/data/timestamp", "IDA-MLC-030"},
		"stale digital id":               {inID(fields{"dateTime": stamp(now.Add(-time.Hour))}), device.DigitalIDStale, "/data/digitalId/dateTime", "IDA-MLC-031"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			captures, err := w.verifier().VerifyCapture(ctx, link(good, tc.broken, good), request)
			require.Nil(t, captures)
			var e *device.Error
			require.ErrorAs(t, err, &e)
			f := e.Findings[0]
			require.Equal(t, tc.want, f.Reason, "%v", err)
			require.ErrorIs(t, err, tc.want)
			require.Equal(t, "/1"+tc.pointer, f.Pointer)
			require.Equal(t, 1, f.Segment)
			require.Equal(t, tc.code, f.Reason.PlatformCode())
		})
	}
	_, err := w.verifier().VerifyCapture(ctx, link(good, good, good), request)
	require.NoError(t, err)
	_, err = w.verifier().VerifyCapture(ctx, link(inData(fields{"deviceServiceVersion": long[1:]})), request)
	require.NoError(t, err, "at the limit")
}

// Two devices of different types in one request, their digital ids swapped: the
// types of all segments together are right, of each by itself they are not.
func TestSwappedDigitalIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	finger := sign(t, w.chip, digitalID(now, nil))
	iris := sign(t, w.chip, digitalID(now, fields{"type": "Iris", "deviceSubType": "Double"}))
	irisData := fields{"bioType": "Iris", "bioSubType": "Left"}
	straight := link(device.Segment{Data: sign(t, w.device, data(finger, now, nil))}, device.Segment{Data: sign(t, w.device, data(iris, now, irisData))})
	_, err := w.verifier().VerifyCapture(ctx, straight, request)
	require.NoError(t, err)
	swapped := link(device.Segment{Data: sign(t, w.device, data(iris, now, nil))}, device.Segment{Data: sign(t, w.device, data(finger, now, irisData))})
	_, err = w.verifier().VerifyCapture(ctx, swapped, request)
	var e *device.Error
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Findings, 2, "both segments are told")
	for i, f := range e.Findings {
		require.Equal(t, device.TypeMismatch, f.Reason)
		require.Equal(t, i, f.Segment)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	for name, tc := range map[string]struct {
		ages []time.Duration // of each segment
		want error
	}{
		"just now":                         {[]time.Duration{0}, nil},
		"at the edge":                      {[]time.Duration{60 * time.Second}, nil},
		"past the edge":                    {[]time.Duration{61 * time.Second}, device.SegmentStale},
		"clock ahead":                      {[]time.Duration{-30 * time.Second}, nil},
		"clock too far ahead":              {[]time.Duration{-31 * time.Second}, device.SegmentStale},
		"gap at the edge":                  {[]time.Duration{120 * time.Second, 0}, nil},
		"gap past the edge":                {[]time.Duration{121 * time.Second, 0}, device.SegmentOutOfOrder},
		"stale before fresh":               {[]time.Duration{time.Hour, 0}, device.SegmentStale},
		"the last before the first":        {[]time.Duration{0, 20 * time.Second}, device.SegmentOutOfOrder},
		"each gap allowed, all too long":   {[]time.Duration{300 * time.Second, 180 * time.Second, 61 * time.Second}, device.SegmentStale},
		"each gap allowed, the last fresh": {[]time.Duration{300 * time.Second, 180 * time.Second, 60 * time.Second}, nil},
	} {
		var segments []device.Segment
		for _, age := range tc.ages {
			segments = append(segments, w.segment(t, now.Add(-age), nil, nil))
		}
		_, err := w.verifier().VerifyCapture(ctx, link(segments...), request)
		require.ErrorIs(t, err, tc.want, name)
	}
	_, err := w.verifier(device.Freshness(time.Second, 0, 0)).VerifyCapture(ctx, link(w.segment(t, now.Add(-2*time.Second), nil, nil)), request)
	require.ErrorIs(t, err, device.SegmentStale)
}

func TestHashes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sound := func() []device.Segment {
		return link(w.segment(t, pkitest.Now, nil, nil), w.segment(t, pkitest.Now, nil, nil), w.segment(t, pkitest.Now, nil, nil))
	}
	// The first link by hand: SHA-256("") is e3b0…b855 (FIPS 180-4), and the
	// hash is over its bytes followed by those of the biometric's hash.
	empty := sha256.Sum256(nil)
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", fmt.Sprintf("%x", empty))

	for name, tc := range map[string]struct {
		change func(s []device.Segment) []device.Segment
		want   error
		at     int
		only   bool
	}{
		"sound":           {func(s []device.Segment) []device.Segment { return s }, nil, 0, false},
		"lower case":      {func(s []device.Segment) []device.Segment { s[1].Hash = strings.ToLower(s[1].Hash); return s }, device.HashMismatch, 1, true},
		"missing":         {func(s []device.Segment) []device.Segment { s[0].Hash = ""; return s }, device.HashMissing, 0, false},
		"not hex":         {func(s []device.Segment) []device.Segment { s[2].Hash = "XYZ"; return s }, device.HashMismatch, 2, true},
		"no biometric":    {func(s []device.Segment) []device.Segment { s[1].BiometricHash = nil; return s }, device.HashMissing, 1, true},
		"other biometric": {func(s []device.Segment) []device.Segment { s[1].BiometricHash = empty[:]; return s }, device.HashMismatch, 1, true},
		"first left out":  {func(s []device.Segment) []device.Segment { return s[1:] }, device.HashMismatch, 0, true},
		"swapped":         {func(s []device.Segment) []device.Segment { s[0], s[1] = s[1], s[0]; return s }, device.HashMismatch, 0, false},
	} {
		segments := tc.change(sound())
		_, err := w.verifier().VerifyCapture(ctx, segments, request)
		require.ErrorIs(t, err, tc.want, name)
		later := device.VerifyHashes(segments)
		require.ErrorIs(t, later, tc.want, name)
		if tc.want != nil {
			var e *device.Error
			require.ErrorAs(t, later, &e)
			require.Equal(t, tc.at, e.Findings[0].Segment, name)
			if tc.only {
				require.Len(t, e.Findings, 1, "a broken link is told once: %v", later)
			}
		}
		_, err = w.verifier(device.HashesLater()).VerifyCapture(ctx, segments, request)
		require.NoError(t, err, name)
	}
}

func TestNoHashes(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, device.VerifyHashes(nil), device.SegmentCount)
	require.ErrorIs(t, device.VerifyHashes(make([]device.Segment, device.MaxSegments+1)), device.SegmentCount)
}

// What may be left out, or be null, is no finding.
func TestOptionalFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	face := w.segment(t, pkitest.Now, fields{"bioType": "face", "bioSubType": json.RawMessage("null"), "qualityScore": json.RawMessage("null"), "requestedScore": ""},
		fields{"type": "FACE", "deviceSubType": "full face"})
	captures, err := w.verifier().VerifyCapture(ctx, link(face), request)
	require.NoError(t, err)
	require.Equal(t, "Face", captures[0].BioType, "in the documented spelling")
	require.Equal(t, "Full face", captures[0].DigitalID.DeviceSubType)
	require.Empty(t, captures[0].QualityScore)
}

func TestL0(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := link(device.Segment{Data: sign(t, w.device, data(sign(t, w.device, digitalID(pkitest.Now, nil)), pkitest.Now, nil))})
	captures, err := w.verifier(device.DangerouslyAcceptL0()).VerifyCapture(ctx, own, request)
	require.NoError(t, err)
	require.Nil(t, captures[0].Chip)
	other := link(device.Segment{Data: sign(t, w.device, data(sign(t, w.otherDevice, digitalID(pkitest.Now, nil)), pkitest.Now, nil))})
	_, err = w.verifier(device.DangerouslyAcceptL0()).VerifyCapture(ctx, other, request)
	require.ErrorIs(t, err, device.DigitalIDNotTrusted, "another device of the same provider is not this one")
	_, err = w.verifier(device.DangerouslyAcceptL0()).VerifyCapture(ctx, link(w.segment(t, pkitest.Now, nil, nil)), request)
	require.NoError(t, err)
}

type registry struct {
	ok  bool
	err error
}

func (r registry) Registered(context.Context, device.DigitalID) (bool, error) { return r.ok, r.err }

type hotlist map[string]bool

func (h hotlist) Blocked(_ context.Context, hash string) (bool, error) {
	if h == nil {
		return false, errAway
	}
	return h[hash], nil
}

var errAway = errors.New("database is away")

func TestHostsLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// printf 'SN-0001AcmeA1' | sha256sum, printf 'Acme BiometricsACME' | sha256sum
	deviceHash := device.DeviceHash(device.DigitalID{SerialNo: "SN-0001", Make: "Acme", Model: "A1"})
	providerHash := device.ProviderHash(device.DigitalID{Provider: "Acme Biometrics", ProviderID: "ACME"})
	require.Equal(t, fmt.Sprintf("%X", sha256.Sum256([]byte("SN-0001AcmeA1"))), deviceHash)
	segments := link(w.segment(t, pkitest.Now, nil, nil))
	for name, tc := range map[string]struct {
		opts []device.Option
		want error
	}{
		"registered":          {[]device.Option{device.WithRegistry(registry{ok: true})}, nil},
		"not registered":      {[]device.Option{device.WithRegistry(registry{})}, device.NotRegistered},
		"registry away":       {[]device.Option{device.WithRegistry(registry{ok: true, err: errAway})}, errAway},
		"no registry":         {[]device.Option{device.WithRegistry(nil)}, device.Misconfigured},
		"not on the hotlist":  {[]device.Option{device.WithHotlist(hotlist{"X": true})}, nil},
		"device blocked":      {[]device.Option{device.WithHotlist(hotlist{deviceHash: true})}, device.Hotlisted},
		"provider blocked":    {[]device.Option{device.WithHotlist(hotlist{providerHash: true})}, device.Hotlisted},
		"hotlist away":        {[]device.Option{device.WithHotlist(hotlist(nil))}, device.RegistryFailed},
		"provider is issuer":  {[]device.Option{device.ProviderIsIssuer()}, nil},
		"domain URIs":         {[]device.Option{device.DomainURIs("https://ida.example")}, nil},
		"other domain URIs":   {[]device.Option{device.DomainURIs("https://other.example")}, device.DomainURIMismatch},
		"other purposes":      {[]device.Option{device.Purposes("Registration")}, device.PurposeMismatch},
		"no purposes":         {[]device.Option{device.Purposes()}, device.Misconfigured},
		"no environments":     {[]device.Option{device.Environments()}, device.Misconfigured},
		"no clock":            {[]device.Option{device.WithClock(nil)}, device.Misconfigured},
		"negative adjustment": {[]device.Option{device.Freshness(0, -1, 0)}, device.Misconfigured},
		"negative gap":        {[]device.Option{device.Freshness(0, 0, -1)}, device.Misconfigured},
		"no window at all":    {[]device.Option{device.Freshness(0, 0, 0)}, nil},
		"negative durations":  {[]device.Option{device.Freshness(-1, 0, 0)}, device.Misconfigured},
	} {
		_, err := w.verifier(tc.opts...).VerifyCapture(ctx, segments, request)
		require.ErrorIs(t, err, tc.want, name)
	}
	_, err := w.verifier(device.ProviderIsIssuer()).VerifyCapture(ctx, link(w.segment(t, pkitest.Now, nil, fields{"deviceProvider": "Other"})), request)
	require.ErrorIs(t, err, device.ProviderMismatch)
}

func TestWholeRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.segment(t, pkitest.Now, nil, nil)
	many := make([]device.Segment, device.MaxSegments+1)
	for i := range many {
		many[i] = good
	}
	for name, tc := range map[string]struct {
		v        *device.Verifier
		segments []device.Segment
		req      device.Request
		want     error
	}{
		"at the limit":           {w.verifier(), link(many[1:]...), request, nil},
		"one past it":            {w.verifier(), many, request, device.SegmentCount},
		"none":                   {w.verifier(), nil, request, device.SegmentCount},
		"no transaction":         {w.verifier(), link(good), device.Request{}, device.TransactionMismatch},
		"request without env":    {w.verifier(), link(good), device.Request{TransactionID: "txn-0001", DomainURI: "https://ida.example"}, nil},
		"nobody names a service": {w.verifier(), link(good), device.Request{TransactionID: "txn-0001", Env: "Staging"}, device.DomainURIMismatch},
		"no transaction named":   {w.verifier(), link(good), device.Request{Env: "Staging", DomainURI: "https://ida.example"}, device.TransactionMismatch},
		"zero verifier":          {new(device.Verifier), link(good), request, device.Misconfigured},
		"no token verifier":      {device.New(nil, device.Environments("Staging")), link(good), request, device.Misconfigured},
		"zero token verifier":    {device.New(new(x5c.Verifier), device.Environments("Staging")), link(good), request, x5c.Misconfigured},
	} {
		_, err := tc.v.VerifyCapture(ctx, tc.segments, tc.req)
		require.ErrorIs(t, err, tc.want, name)
	}
}

func TestErrorForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.verifier().VerifyCapture(ctx, link(w.segment(t, pkitest.Now, nil, nil), device.Segment{Data: "x"}), request)
	require.ErrorIs(t, err, x5c.Malformed, "what lies behind is there too")
	require.Contains(t, err.Error(), "/1/data")
	text, jsonErr := json.Marshal(err)
	require.NoError(t, jsonErr)
	var out struct{ Findings []map[string]any }
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, "DataNotTrusted", out.Findings[0]["reason"])
	require.NotEmpty(t, out.Findings[0]["refusal"])
	require.Contains(t, (&device.Error{}).Error(), "refused")
	require.Contains(t, device.Reason("Nonsense").Error(), "Nonsense")
	require.Empty(t, device.Reason("Nonsense").PlatformCode())
}

func ExampleVerifier_VerifyCapture() {
	v := device.New(x5c.New(certchain.New(trust.NewMemory())), device.Environments("Staging"))
	_, err := v.VerifyCapture(ctx, nil, device.Request{TransactionID: "txn-0001"})
	fmt.Println(err)
	// Output:
	// device: refused: the request has no segments, or too many: 0 segments; from 1 to 20 are allowed
}

// Oracle: what is accepted is the one capture that was signed, and what the
// fields of a signed block are, VerifyCapture ends and says where.
func FuzzVerifyCapture(f *testing.F) {
	w := newWorld(f)
	v := w.verifier(device.HashesLater())
	id := sign(f, w.chip, digitalID(pkitest.Now, nil))
	f.Add(data(id, pkitest.Now, nil))
	f.Add(data(id, pkitest.Now, fields{"bioType": 1, "timestamp": "x"}))
	f.Add([]byte(`{"digitalId":{}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, block []byte) {
		captures, err := v.VerifyCapture(ctx, []device.Segment{{Data: sign(t, w.device, block)}}, request)
		if err == nil {
			c := captures[0]
			require.Equal(t, request.TransactionID, c.TransactionID)
			require.Equal(t, request.Env, c.Env)
			require.NotEmpty(t, c.BioValue)
			require.True(t, strings.EqualFold(c.BioType, c.DigitalID.Type))
			return
		}
		var e *device.Error
		require.ErrorAs(t, err, &e)
		for _, finding := range e.Findings {
			require.True(t, strings.HasPrefix(finding.Pointer, "/0/"), finding.Pointer)
			require.NotEmpty(t, finding.Reason)
		}
	})
}

// A capture of three segments: the floor is the check of its six signatures, with
// the hashes of what they sign.
func BenchmarkCapture(b *testing.B) {
	w := newWorld(b)
	value := strings.Repeat("A", 4096)
	var segments []device.Segment
	for range 3 {
		segments = append(segments, w.segment(b, pkitest.Now, fields{"bioValue": value}, nil))
	}
	segments = link(segments...)
	v := w.verifier()
	b.Run("floor", func(b *testing.B) {
		type check struct {
			by               *pkitest.Cert
			input, signature []byte
		}
		var checks []check
		add := func(by *pkitest.Cert, token string) {
			dot := strings.LastIndexByte(token, '.')
			signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
			require.NoError(b, err)
			checks = append(checks, check{by, []byte(token[:dot]), signature})
		}
		for _, s := range segments {
			add(w.device, s.Data)
			payload, err := base64.RawURLEncoding.DecodeString(strings.Split(s.Data, ".")[1])
			require.NoError(b, err)
			var block struct{ DigitalID string }
			require.NoError(b, json.Unmarshal(payload, &block))
			add(w.chip, block.DigitalID)
		}
		require.Len(b, checks, 6)
		for b.Loop() {
			for _, c := range checks {
				digest := sha256.Sum256(c.input)
				if verifyRSA(c.by, digest[:], c.signature) != nil {
					b.Fatal("floor")
				}
			}
		}
	})
	b.Run("device", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.VerifyCapture(ctx, segments, request); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func verifyRSA(c *pkitest.Cert, digest, signature []byte) error {
	return rsa.VerifyPKCS1v15(c.Certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, digest, signature)
}
