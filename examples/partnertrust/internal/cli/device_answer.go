package cli

import (
	"errors"
	"strconv"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
)

// deviceJSON is the answer of device verify for programs.
type deviceJSON struct {
	Accepted    bool          `json:"accepted"`
	LinksJudged bool          `json:"linksJudged"`
	Segments    []segmentJSON `json:"segments,omitempty"`
	Refusal     *device.Error `json:"refusal,omitempty"`
}

type segmentJSON struct {
	BioType    string            `json:"bioType"`
	BioSubType string            `json:"bioSubType,omitempty"`
	Timestamp  string            `json:"timestamp"`
	Make       string            `json:"make"`
	Model      string            `json:"model"`
	SerialNo   string            `json:"serialNo"`
	Provider   string            `json:"provider"`
	Device     []certificateJSON `json:"device"`         // the signer of the data, leaf first
	Chip       []certificateJSON `json:"chip,omitempty"` // of the digital id
}

func captureAnswer(captures []device.Capture, refusal *device.Error, linked bool) deviceJSON {
	out := deviceJSON{Accepted: refusal == nil, LinksJudged: linked, Refusal: refusal}
	for _, c := range captures {
		s := segmentJSON{
			BioType: c.BioType, BioSubType: c.BioSubType, Timestamp: stamp(c.Timestamp),
			Make: c.DigitalID.Make, Model: c.DigitalID.Model, SerialNo: c.DigitalID.SerialNo, Provider: c.DigitalID.Provider,
			Device: chainJSON(c.Device.Chain.Certificates),
		}
		if c.Chip != nil {
			s.Chip = chainJSON(c.Chip.Chain.Certificates)
		}
		out.Segments = append(out.Segments, s)
	}
	return out
}

func (a *app) writeCapture(captures []device.Capture, refusal *device.Error, linked bool) {
	if refusal != nil {
		a.say("%s", a.in(red, "refused"))
		for _, f := range refusal.Findings {
			a.writeDeviceFinding(f)
		}
		if errors.Is(refusal, device.SegmentStale) || errors.Is(refusal, device.DigitalIDStale) {
			a.say("A capture that was made earlier is judged as of its own time: --at TIME.")
		}
		return
	}
	a.say("%s", a.in(green, "accepted"))
	for i, c := range captures {
		text := "segment " + strconv.Itoa(i+1) + ": " + c.BioType
		if c.BioSubType != "" {
			text += " " + c.BioSubType
		}
		id := c.DigitalID
		text += " at " + stamp(c.Timestamp) + ", " + id.Make + " " + id.Model + " " + id.SerialNo + " of " + id.Provider
		a.say("%s", printable(text))
		a.writeSigner("device", c.Device)
		if c.Chip != nil {
			a.writeSigner("chip  ", c.Chip)
		}
	}
	if !linked {
		a.say("%s", a.in(yellow, "The links between the segments are not judged: they need a biometricHash in each."))
	}
}

func (a *app) writeSigner(what string, s *x5c.Signed) {
	anchor := s.Chain.Anchor()
	a.say("  %s %s, below %s", what, printable(certchain.SubjectText(s.Signer())), printable(certchain.SubjectText(anchor)))
}

func (a *app) writeDeviceFinding(f *device.Finding) {
	text := "✗ "
	if f.Pointer != "" {
		text += f.Pointer + ": "
	}
	text += f.Reason.Sentence()
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	code := string(f.Reason)
	if platform := f.Reason.PlatformCode(); platform != "" {
		code += ", " + platform
	}
	a.say("%s", a.in(red, printable(text)+" ["+code+"]"))
	var refusal *certchain.Error
	if errors.As(f.Err, &refusal) {
		a.explained(refusal.Explain())
	}
}
