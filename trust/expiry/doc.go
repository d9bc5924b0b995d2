// Package expiry tells what runs out: which CAs and partners' certificates
// expire within a period, in which domain, which partners would be cut off by
// it, and when somebody is to be told.
//
//	report, err := expiry.Scan(ctx, store, now, now.AddDate(0, 0, 90))
//	for _, e := range report.Expiring {
//		fmt.Println(e.NotAfter, e.Name, len(e.CutsOff))
//	}
//
// Notices are a function of the last run, the present one and what there is.
// The schedule says where to look for them: some come when a certificate has
// run out already.
//
//	schedule := expiry.DefaultSchedule()
//	from, until := schedule.Span(lastRun, now)
//	report, err := expiry.Scan(ctx, store, from, until)
//	if report == nil {
//		return err // the next run makes up for this one
//	}
//	sent := err == nil
//	for _, n := range schedule.Due(lastRun, now, report.Items()) {
//		sent = send(n) == nil && sent
//	}
//	if sent {
//		lastRun = now
//	}
//
// so that a run that was missed loses no notice and none is sent twice; the
// host keeps nothing but the time of its last run. As long as a part of the
// store cannot be read ([ErrIncomplete]) the last run stays where it was: what
// is sent is sent again by the next one, which is better than never.
package expiry
