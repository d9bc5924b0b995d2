package cli

import (
	"context"
	"errors"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

// admitPartner judges a partner's own certificate and keeps it.
func (a *app) admitPartner(ctx context.Context, gate *admit.Gate, d trust.Domain, f *admission, file string) error {
	data, err := a.read(file)
	if err != nil {
		return err
	}
	judged, err := f.options(a)
	if err != nil {
		return err
	}
	opts := []admit.PartnerOption{admit.MinRemainingDays(f.minRemainingDays), admit.Verification(judged...)}
	if f.replaces != "" {
		opts = append(opts, admit.Replaces(f.replaces))
	}
	report, err := gate.AdmitPartner(ctx, d, f.org, data, opts...)
	if err != nil {
		return err
	}
	if a.json {
		err = a.writeJSON(report)
	} else {
		a.writePartner(report, file)
	}
	if err == nil && !report.OK() {
		err = errNo
	}
	return err
}

func (a *app) writePartner(report *admit.PartnerReport, file string) {
	if report.OK() {
		text := "✓ " + file + ": " + report.Verdict.String()
		if report.Stored.ID != "" {
			text += " (" + report.Stored.ID + ")"
		}
		if report.Replaced != "" {
			text += " in the place of " + report.Replaced
		}
		a.say("%s", a.in(green, printable(text)))
		if report.Chain != nil {
			a.explained(report.Chain.Explain())
		}
		return
	}
	text := "✗ " + file + ": " + report.Verdict.String()
	if code := report.PlatformCode(); code != "" {
		text += "; the platform's code is " + code
	}
	a.say("%s", a.in(red, printable(text)))
	var refusal *certchain.Error
	if !errors.As(report.Err, &refusal) {
		if report.Err != nil {
			a.say("%s", printable(report.Err.Error()))
		}
		return
	}
	a.explained(refusal.Explain())
	a.writeMendings(mendings(report.Findings))
}
