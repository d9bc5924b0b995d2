package policy

import (
	"context"
	"fmt"
	"time"
)

// Share is the state of data that was made available: when, for how long and
// for how many reads, and how many there have been. The zero Share cannot be
// read.
type Share struct {
	MadeAt   time.Time
	ValidFor Minutes
	Allowed  Transactions
	Used     int64
}

// ShareAt is the state of a share that is made now on these terms.
func (t Terms) ShareAt(now time.Time) Share {
	return Share{MadeAt: now, ValidFor: t.ValidFor, Allowed: t.Transactions}
}

// ExpiresAt is the first instant at which the share cannot be read any more.
func (s Share) ExpiresAt() time.Time { return s.MadeAt.Add(s.ValidFor.Duration()) }

const (
	validForPointer     = "/dataSharePolicies/validForInMinutes"
	transactionsPointer = "/dataSharePolicies/transactionsAllowed"
)

// Readable answers whether the share may be read at now, with every reason
// against it: made later ([ShareNotYetMade]), over ([ShareExpired], from the
// instant of expiry on), used up or never readable ([ShareUsedUp]).
func (s Share) Readable(now time.Time) Decision {
	denials := s.untimely(now)
	if left, unlimited := s.Allowed.Left(s.Used); left == 0 && !unlimited {
		denials = append(denials, s.usedUp())
	}
	return Decision{Allowed: denials == nil, Denials: denials}
}

func (s Share) untimely(now time.Time) []Denial {
	switch {
	case s.MadeAt.IsZero() || now.IsZero():
		return []Denial{{Reason: Undecided, Pointer: validForPointer, Message: "when the share was made, or what time it is, is not known"}}
	case now.Before(s.MadeAt):
		return []Denial{{
			Reason: ShareNotYetMade, Pointer: validForPointer,
			Message: fmt.Sprintf("the share was made at %s, later than now", s.MadeAt.UTC().Format(time.RFC3339)),
		}}
	case !now.Before(s.ExpiresAt()):
		return []Denial{{
			Reason: ShareExpired, Pointer: validForPointer,
			Message: fmt.Sprintf("the share expired at %s", s.ExpiresAt().UTC().Format(time.RFC3339)),
		}}
	default:
		return nil
	}
}

func (s Share) usedUp() Denial {
	return Denial{
		Reason: ShareUsedUp, Pointer: transactionsPointer,
		Message: fmt.Sprintf("the share may be read %s and was read %d times", s.Allowed.words(), s.Used),
	}
}

// Counter counts the reads of shares in the host's database.
//
// Take counts one read of the share with this id, unless limit reads have been
// counted already, and says whether it did. Checking and counting are one
// atomic step, also among replicas: of many concurrent calls exactly limit are
// told true, over the life of the share. A share that was never counted stands
// at nought. On an error nothing is assumed: the read is refused, and it may
// have been counted. In SQL:
//
//	UPDATE share SET used = used + 1 WHERE id = $1 AND used < $2
type Counter interface {
	Take(ctx context.Context, id string, limit int64) (taken bool, err error)
}

// Read answers whether the share with this id may be read at now, and counts
// the read when it may. The counter is the truth about reads, s.Used is not
// looked at; shares without limit are not counted. When the counter fails the
// read is refused ([CounterFailed]).
func (s Share) Read(ctx context.Context, counter Counter, id string, now time.Time) Decision {
	if denials := s.untimely(now); denials != nil {
		return Decision{Denials: denials}
	}
	left, unlimited := s.Allowed.Left(0)
	switch {
	case unlimited:
		return Decision{Allowed: true}
	case left == 0:
		return Decision{Denials: []Denial{s.usedUp()}}
	case counter == nil:
		return Decision{Denials: []Denial{{Reason: CounterFailed, Pointer: transactionsPointer, Subject: id, Message: "there is no counter of reads"}}}
	}
	taken, err := counter.Take(ctx, id, left)
	switch {
	case err != nil:
		return Decision{Denials: []Denial{{
			Reason: CounterFailed, Pointer: transactionsPointer, Subject: id,
			Message: fmt.Sprintf("the read could not be counted: %v", err),
		}}}
	case !taken:
		return Decision{Denials: []Denial{{
			Reason: ShareUsedUp, Pointer: transactionsPointer, Subject: id,
			Message: fmt.Sprintf("the share may be read %s and has been", s.Allowed.words()),
		}}}
	default:
		return Decision{Allowed: true}
	}
}
