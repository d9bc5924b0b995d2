package device

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/jose"
	"github.com/mosip/partnertrust/trust"
)

// Verifier decides about captures. It is safe for concurrent use. The zero value
// refuses everything.
type Verifier struct {
	tokens                                  *x5c.Verifier
	now                                     func() time.Time
	window, adjustment, gap                 time.Duration
	environments, domainURIs, purposes      []string
	hashesLater, providerIsIssuer, acceptL0 bool
	registry                                Registry
	hotlist                                 Hotlist
	hasRegistry, hasHotlist                 bool
	observers                               []Observer
	stopwatch                               func() time.Time
}

// New returns a verifier of captures that trusts what the token verifier trusts.
func New(tokens *x5c.Verifier, opts ...Option) *Verifier {
	v := &Verifier{
		tokens: tokens, now: time.Now, purposes: []string{"Auth"},
		window: DefaultWindow, adjustment: DefaultAdjustment, gap: DefaultSegmentGap, stopwatch: time.Now,
	}
	for _, o := range opts {
		o(v)
	}
	return v
}

// VerifyCapture judges the segments of one request, in the order of the request.
// It returns one capture for each, or an [*Error] with all that stands against
// any of them.
func (v *Verifier) VerifyCapture(ctx context.Context, segments []Segment, req Request) ([]Capture, error) {
	began := v.begin()
	captures, err := v.verify(ctx, segments, req)
	v.report(ctx, began, len(segments), err)
	return captures, err
}

func (v *Verifier) verify(ctx context.Context, segments []Segment, req Request) ([]Capture, error) {
	whole := &findings{segment: -1}
	if problem := v.misconfigured(); problem != "" {
		whole.add(Misconfigured, "", problem)
		return nil, refuse(whole.list)
	}
	if n := len(segments); n == 0 || n > MaxSegments {
		whole.addf(SegmentCount, "", "%d segments; from 1 to %d are allowed", n, MaxSegments)
		return nil, refuse(whole.list)
	}
	if req.TransactionID == "" {
		whole.add(TransactionMismatch, "", "the request names no transaction")
	}
	if req.DomainURI == "" && len(v.domainURIs) == 0 {
		whole.add(DomainURIMismatch, "", "neither the host nor the request says which service captures are for")
	}
	all := whole.list
	captures := make([]Capture, len(segments))
	for i, s := range segments {
		f := &findings{segment: i}
		captures[i] = v.segment(ctx, s, req, f)
		all = append(all, f.list...)
	}
	all = append(all, v.fresh(captures)...)
	if !v.hashesLater {
		links(segments, func(i int) *findings { return &findings{segment: i} }, &all)
	}
	if err := refuse(all); err != nil {
		return nil, err
	}
	return captures, nil
}

func (v *Verifier) misconfigured() string {
	switch {
	case v.tokens == nil:
		return "no token verifier"
	case v.now == nil:
		return "no clock"
	case len(v.environments) == 0:
		return "no environment is accepted: use Environments"
	case len(v.purposes) == 0:
		return "no purpose is accepted"
	case v.hasRegistry && v.registry == nil, v.hasHotlist && v.hotlist == nil:
		return "a registry or hotlist that is nil"
	case v.window < 0 || v.adjustment < 0 || v.gap < 0:
		return "a negative duration"
	}
	return ""
}

// limits of what is signed. bioValue is bounded by the token.
var (
	limitsOfData      = jose.Limits{Bytes: x5c.MaxPayloadBytes, Members: 64, Depth: 8}
	limitsOfDigitalID = jose.Limits{Bytes: 64 << 10, Members: 64, Depth: 8}
)

// segment judges one segment by itself and against the request.
func (v *Verifier) segment(ctx context.Context, s Segment, req Request, f *findings) Capture {
	signed, err := v.tokens.Verify(ctx, trust.Device, s.Data)
	if err != nil {
		f.add(DataNotTrusted, "/data", err.Error()).Err = err
		return Capture{}
	}
	object, err := limitsOfData.ParseObject(signed.Payload)
	if err != nil {
		f.add(Malformed, "/data", err.Error()).Err = err
		return Capture{}
	}
	r := &reader{object, f, "/data"}
	c := r.dataBlock()
	c.Device = signed
	deviceCode := r.text("deviceCode", MaxFieldBytes, false)
	v.judgeRequest(&c, req, f)
	if !v.digitalID(ctx, object, &c, f) {
		return c
	}
	if c.BioType != "" && c.DigitalID.Type != "" && c.BioType != c.DigitalID.Type {
		f.addf(TypeMismatch, "/data/digitalId/type", "the device is for %q, the capture is of %q", c.DigitalID.Type, c.BioType)
	}
	if deviceCode != "" && c.DigitalID.SerialNo != "" && deviceCode != c.DigitalID.SerialNo {
		f.addf(DeviceMismatch, "/data/deviceCode", "it is %q, the digital id's serial number %q", deviceCode, c.DigitalID.SerialNo)
	}
	if v.providerIsIssuer {
		v.judgeProvider(&c, f)
	}
	v.ask(ctx, &c, f)
	return c
}

// digitalID verifies the identity in the data block: a signed token and nothing
// else, in any other shape nobody vouches for it.
func (v *Verifier) digitalID(ctx context.Context, object jose.Object, c *Capture, f *findings) bool {
	const path = "/data/digitalId"
	member, ok := object.Lookup("digitalId")
	if !ok {
		f.add(FieldMissing, path, "")
		return false
	}
	token, isString := member.Text()
	if !isString || strings.Count(token, ".") != 2 {
		f.add(DigitalIDUnsigned, path, "")
		return false
	}
	payload := []byte(nil)
	chip, err := v.tokens.Verify(ctx, trust.FTM, token)
	switch {
	case err == nil:
		c.Chip, payload = chip, chip.Payload
	case v.acceptL0:
		// The same key, and not merely the same domain, as signed the data.
		own, l0err := v.tokens.Verify(ctx, trust.Device, token, x5c.BoundTo(trust.SHA256(c.Device.Signer())))
		if l0err != nil {
			f.add(DigitalIDNotTrusted, path, err.Error()).Err = err
			return false
		}
		payload = own.Payload
	default:
		f.add(DigitalIDNotTrusted, path, err.Error()).Err = err
		return false
	}
	id, err := limitsOfDigitalID.ParseObject(payload)
	if err != nil {
		f.add(Malformed, path, err.Error()).Err = err
		return false
	}
	c.DigitalID = (&reader{id, f, path}).digitalID()
	return true
}

// judgeRequest holds the data block against the request and the host's lists.
func (v *Verifier) judgeRequest(c *Capture, req Request, f *findings) {
	if c.Purpose != "" && !slices.ContainsFunc(v.purposes, func(p string) bool { return sameASCII(p, c.Purpose) }) {
		f.addf(PurposeMismatch, "/data/purpose", "%.40q is none of %q", c.Purpose, v.purposes)
	}
	if c.Env != "" && (!slices.Contains(v.environments, c.Env) || req.Env != "" && c.Env != req.Env) {
		f.addf(EnvironmentMismatch, "/data/env", "%.40q; accepted are %q, the request names %.40q", c.Env, v.environments, req.Env)
	}
	if c.DomainURI != "" && (len(v.domainURIs) > 0 && !slices.Contains(v.domainURIs, c.DomainURI) || req.DomainURI != "" && c.DomainURI != req.DomainURI) {
		f.addf(DomainURIMismatch, "/data/domainUri", "%.80q; accepted are %q, the request names %.80q", c.DomainURI, v.domainURIs, req.DomainURI)
	}
	if c.TransactionID != "" && c.TransactionID != req.TransactionID {
		f.addf(TransactionMismatch, "/data/transactionId", "%.60q, the request names %.60q", c.TransactionID, req.TransactionID)
	}
}

// judgeProvider holds the provider that the digital id names against the
// organisation that issued the device's certificate.
func (v *Verifier) judgeProvider(c *Capture, f *findings) {
	issuer := c.Device.Chain.Certificates[1]
	organization, err := certchain.OrganizationOf(issuer)
	if err != nil || organization != c.DigitalID.Provider {
		f.addf(ProviderMismatch, "/data/digitalId/deviceProvider", "it is %.80q, the device's certificate was issued by %.80q",
			c.DigitalID.Provider, organization)
	}
}

// ask puts the host's questions.
func (v *Verifier) ask(ctx context.Context, c *Capture, f *findings) {
	const path = "/data/digitalId"
	if v.registry != nil {
		registered, err := v.registry.Registered(ctx, c.DigitalID)
		if err != nil {
			f.add(RegistryFailed, path, err.Error()).Err = err
		} else if !registered {
			f.add(NotRegistered, path, "")
		}
	}
	if v.hotlist == nil {
		return
	}
	for _, asked := range []struct{ what, hash string }{
		{"the device", DeviceHash(c.DigitalID)}, {"its provider", ProviderHash(c.DigitalID)},
	} {
		blocked, err := v.hotlist.Blocked(ctx, asked.hash)
		if err != nil {
			f.add(RegistryFailed, path, err.Error()).Err = err
		} else if blocked {
			f.add(Hotlisted, path, asked.what)
		}
	}
}

// fresh judges the times of all segments: each follows the one before within
// the gap, the last was captured just now, and so none can be older than the
// gaps allow. The digital ids are held to the same.
func (v *Verifier) fresh(captures []Capture) (all []*Finding) {
	now := v.now()
	for i, c := range captures {
		f := &findings{segment: i}
		left := time.Duration(len(captures) - 1 - i)
		oldest := now.Add(-v.window - v.adjustment - left*v.gap)
		newest := now.Add(v.adjustment)
		if t := c.Timestamp; !t.IsZero() && (t.Before(oldest) || t.After(newest)) {
			f.addf(SegmentStale, "/data/timestamp", "%s, now is %s", stamp(t), stamp(now))
		}
		if t := c.DigitalID.DateTime; !t.IsZero() && (t.Before(oldest) || t.After(newest)) {
			f.addf(DigitalIDStale, "/data/digitalId/dateTime", "%s, now is %s", stamp(t), stamp(now))
		}
		if i > 0 && !c.Timestamp.IsZero() && !captures[i-1].Timestamp.IsZero() {
			if step := c.Timestamp.Sub(captures[i-1].Timestamp); step < 0 || step > v.gap {
				f.addf(SegmentOutOfOrder, "/data/timestamp", "%s after the segment before; from 0s to %s are allowed", step, v.gap)
			}
		}
		all = append(all, f.list...)
	}
	return all
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
