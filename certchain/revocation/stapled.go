package revocation

import (
	"context"
	"fmt"
	"slices"

	"github.com/mosip/partnertrust/certchain"
)

// OCSPResponses returns a checker over OCSP responses in DER (RFC 6960) that the
// host has at hand, for example stapled ones. One that cannot be read, or that
// says that there is no answer, is an error; one that is stale, or signed by
// nobody who may, is kept and answers that the status is unknown. Of several
// about one certificate the newest counts. Nothing is fetched.
func OCSPResponses(der ...[]byte) (certchain.Revocation, error) {
	if len(der) > MaxResponses {
		return nil, fmt.Errorf("%w: more than %d responses", ErrResponse, MaxResponses)
	}
	c := stapled{}
	for i, data := range der {
		r, err := parseResponse(data)
		if err != nil {
			return nil, fmt.Errorf("response %d: %w", i+1, err)
		}
		for _, s := range r.singles {
			serial := serialText(s.serial)
			if !slices.Contains(c[serial], r) {
				c[serial] = append(c[serial], r)
			}
		}
	}
	return c, nil
}

// stapled has the responses by the serial numbers that they speak of.
type stapled map[string][]*response

// maxStapled bounds how many responses about one serial number are judged.
const maxStapled = 16

// Check implements [certchain.Revocation].
func (c stapled) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	if err := wellAsked(q); err != nil {
		return unknown(err.Error())
	}
	if mayGoUnchecked(q.Certificate()) {
		return uncheckedAnswer(q)
	}
	var candidates []*response
	for _, r := range c[serialText(q.Certificate().SerialNumber)] {
		if r.about(q) != nil {
			candidates = append(candidates, r)
		}
	}
	slices.SortStableFunc(candidates, func(a, b *response) int {
		return b.about(q).thisUpdate.Compare(a.about(q).thisUpdate)
	})
	var why notes
	for i, r := range candidates {
		if err := ctx.Err(); err != nil {
			return unknown(err.Error())
		}
		if i == maxStapled {
			why.add("more than %d responses", maxStapled)
			break
		}
		const source = "the OCSP response at hand"
		if err := r.provenFor(ctx, q); err != nil {
			why.add("%s cannot be used: %v", source, err)
			continue
		}
		a := r.answer(q, source)
		if a.Status != certchain.StatusUnknown {
			return a
		}
		why.add("%s", a.Detail)
	}
	if len(why) == 0 {
		why.add("no OCSP response about it is at hand")
	}
	return unknown(why.String())
}

// uncheckedAnswer is about a responder's certificate: its issuer says that it
// holds as long as it is valid.
func uncheckedAnswer(q certchain.RevocationQuery) certchain.RevocationAnswer {
	c := q.Certificate()
	return certchain.RevocationAnswer{Status: certchain.StatusGood, Source: "the certificate's own id-pkix-ocsp-nocheck",
		ThisUpdate: c.NotBefore, NextUpdate: c.NotAfter}
}
