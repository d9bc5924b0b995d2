package revocation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mosip/partnertrust/certchain"
)

// First asks the checkers in that order until one knows. The status is unknown
// only when it is to all of them; then the detail has what each said. Put what
// is at hand before what is fetched, and the more telling before the cheaper:
// after the first that answers "good" nobody is asked.
func First(checkers ...certchain.Revocation) (certchain.Revocation, error) {
	if err := combinable(checkers); err != nil {
		return nil, err
	}
	return combination{checkers: checkers}, nil
}

// Every asks all the checkers. Revoked by one of them is revoked; good is what
// at least one says is good and no other revoked; the status is unknown only
// when it is to all.
func Every(checkers ...certchain.Revocation) (certchain.Revocation, error) {
	if err := combinable(checkers); err != nil {
		return nil, err
	}
	return combination{checkers: checkers, askOn: true}, nil
}

func combinable(checkers []certchain.Revocation) error {
	if len(checkers) == 0 || len(checkers) > MaxCheckers {
		return fmt.Errorf("revocation: a combination of %d checkers; between 1 and %d are possible", len(checkers), MaxCheckers)
	}
	for _, c := range checkers {
		if c == nil {
			return errors.New("revocation: a combination with a nil checker")
		}
	}
	return nil
}

type combination struct {
	checkers []certchain.Revocation
	askOn    bool // after a certificate was found good
}

// Check implements [certchain.Revocation].
func (c combination) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	var good *certchain.RevocationAnswer
	var why []string
	for i, one := range c.checkers {
		if err := ctx.Err(); err != nil {
			return unknown(err.Error())
		}
		a := one.Check(ctx, q)
		switch {
		case a.Status == certchain.StatusRevoked:
			return a
		case a.Status != certchain.StatusGood:
			if a.Detail == "" {
				a.Detail = fmt.Sprintf("checker %d does not say why", i+1)
			}
			why = append(why, a.Detail)
		case !c.askOn:
			return a
		case good == nil:
			good = &a
		}
	}
	if good != nil {
		return *good
	}
	return unknown(strings.Join(why, "; "))
}
