// Package expiry tells what runs out: which CAs and partners' certificates
// expire within a period, in which domain, which partners would be cut off by
// it, and when somebody is to be told.
//
//	report, err := expiry.Scan(ctx, store, now, now.AddDate(0, 0, 90))
//	for _, e := range report.Expiring {
//		fmt.Println(e.NotAfter, e.Name, len(e.CutsOff))
//	}
//
// Notices are a function of the last run, the present one and what there is:
//
//	for _, n := range expiry.DefaultSchedule().Due(lastRun, now, report.Items()) {
//		send(n)
//	}
//
// so that a run that was missed loses no notice and none is sent twice; the
// host keeps nothing but the time of its last run.
package expiry
