// Package admit is the gate of a trust store: it reads what an operator
// uploads, judges every certificate in it and lets in those that may be
// trusted.
//
//	gate := admit.New(store)
//	report, err := gate.Admit(ctx, trust.Device, upload)
//	for _, line := range report.Lines {
//		fmt.Println(line)
//	}
//
// A self-signed CA becomes a root. Any other CA needs a complete valid path in
// that domain, through what the store holds or what the same upload brings, in
// any order, and becomes an intermediate. Each certificate gets a line of its
// own: one that is refused does not keep the others out, unless the gate was
// made with [AllOrNothing].
//
// Partners' own certificates have a door of their own beside it:
//
//	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload)
//
// judges one by the partner rules, in the platform's order, along a path of the
// store alone, and keeps it in a [trust.PartnerStore]; with [Replaces] it is a
// renewal.
//
// What a refusal means is a [certchain.Reason]; [PlatformCode] gives the code
// under which the platform reports it at this door.
package admit
