package certchain

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// When no path stands, a second search asks which one came closest. It walks
// the same candidates but carries on past what is refused, and keeps what
// stood against each path.

// story is a path with what stands against it.
type story struct {
	path    []*certificate
	defects []*Finding
	reached bool // it ends in an anchor
}

// closer orders stories: one that reached an anchor beats one that did not,
// then the one with fewer certificates at fault, then with fewer defects. Of
// two that lead nowhere the one that got further tells more, of two that
// arrived the shorter. The bytes decide the rest.
func closer(a, b *story) int {
	reached := func(s *story) int {
		if s.reached {
			return 0
		}
		return 1
	}
	length := func(s *story) int {
		if s.reached {
			return len(s.path)
		}
		return -len(s.path)
	}
	return cmp.Or(
		cmp.Compare(reached(a), reached(b)),
		cmp.Compare(faulty(a.defects), faulty(b.defects)),
		cmp.Compare(len(a.defects), len(b.defects)),
		cmp.Compare(length(a), length(b)),
		cmp.Compare(mostTelling(a.defects), mostTelling(b.defects)),
		slices.CompareFunc(a.path, b.path, func(a, b *certificate) int {
			return slices.Compare(a.fingerprint[:], b.fingerprint[:])
		}),
	)
}

// mostTelling is the best rank among the defects.
func mostTelling(defects []*Finding) int {
	best := len(reasonFacts)
	for _, f := range defects {
		best = min(best, f.Reason.rank())
	}
	return best
}

func faulty(defects []*Finding) int {
	certs := map[*x509.Certificate]bool{}
	for _, f := range defects {
		certs[f.Certificate] = true
	}
	return len(certs)
}

// diagnosis is the work of the second search.
type diagnosis struct {
	*search
	best  *story
	tried []*Finding // what stood against all candidates, the best story's too
	steps int
	// truncated: the walk ended early, so that what it has not seen may be
	// closer than what it has.
	truncated bool
	elsewhere map[[sha256.Size]byte]trust.Domain // what other domains were asked
}

const (
	// maxDiagnosisSteps bounds how many candidates the second search visits,
	// and maxDiagnosisDefects how bad a path may be to be looked at further.
	maxDiagnosisSteps   = 512
	maxDiagnosisDefects = 8
)

// explain makes the error of a leaf that is refused: for what stands against
// itself, or because no path stands (path is nil then).
func (s *search) explain(leaf *certificate, atLeaf []*Finding, path []*certificate) *Error {
	if err := s.ctx.Err(); err != nil {
		return s.refuse(&Finding{Reason: Canceled, Detail: err.Error(), Err: err})
	}
	exhausted := s.exhausted
	d := &diagnosis{search: s}
	if path != nil {
		d.best = &story{path: path, reached: true}
	} else {
		// What was spent is spent; the second search has a quarter of its own,
		// and finds the first one's signatures in s.edges.
		s.exhausted, s.spent = false, Budget{Signatures: s.budget.Signatures / 4 * 3, Comparisons: s.budget.Comparisons / 4 * 3}
		d.walk([]*certificate{leaf}, nil)
		if d.best == nil {
			d.best = &story{path: []*certificate{leaf}}
		}
	}
	findings := slices.Concat(atLeaf, d.best.defects)
	if exhausted || len(findings) == 0 {
		findings = append(findings, &Finding{Reason: BudgetExceeded, Certificate: leaf.Certificate,
			Detail: "no path was found so far; one may exist"})
	}
	sortFindings(findings)
	findings = mergeFindings(nil, findings)
	sortFindings(d.tried)
	findings = mergeFindings(findings, d.tried)
	omitted := max(0, len(findings)-maxFindings)
	e := s.refuse(findings[:len(findings)-omitted]...)
	e.Omitted = omitted
	e.Path = certificatesOf(d.best.path)
	e.Complete = d.best.reached
	return e
}

// walk visits every path above the given one that may still become the best.
func (d *diagnosis) walk(path []*certificate, defects []*Finding) {
	last := path[len(path)-1]
	deadEnd := true
	signed := d.signerKnown(last)
	for _, matching := range []bool{true, false} {
		for _, cand := range d.candidates(last, matching) {
			if d.steps++; d.steps > maxDiagnosisSteps || len(path) >= d.budget.PathLength {
				d.truncated = true
				return
			}
			iss := d.analysed(cand)
			if iss.subject != last.issuer || d.circular(path, iss) {
				continue
			}
			against, related := d.against(path, iss, cand.anchor, matching)
			if d.exhausted {
				d.truncated = true
				return
			}
			if signed && hasBadSignature(against) {
				continue
			}
			d.tried = append(d.tried, against...)
			if !related {
				continue
			}
			deadEnd = false
			worse := slices.Concat(defects, against)
			longer := append(path[:len(path):len(path)], iss)
			if cand.anchor {
				whole := d.whole(longer, worse)
				if d.exhausted {
					d.truncated = true // it was not judged to the end
					return
				}
				d.tried = append(d.tried, whole...)
				d.offer(&story{longer, slices.Concat(worse, whole), true})
			} else if d.promising(worse) {
				d.walk(longer, worse)
			}
		}
	}
	if deadEnd && !d.truncated {
		d.offer(&story{path, slices.Concat(defects, []*Finding{d.nowhere(path)}), false})
	}
}

// signerKnown reports whether any candidate signed the certificate: then all
// others are namesakes of its issuer, and say nothing about it.
func (d *diagnosis) signerKnown(c *certificate) bool {
	for _, matching := range []bool{true, false} {
		for _, cand := range d.candidates(c, matching) {
			if d.steps++; d.steps > maxDiagnosisSteps || d.profile.weakSignature(c, false) != "" {
				return false
			}
			if ok, _ := d.signed(c, d.analysed(cand)); ok {
				return true
			}
			if d.exhausted {
				return false
			}
		}
	}
	return false
}

func hasBadSignature(against []*Finding) bool {
	return slices.ContainsFunc(against, func(f *Finding) bool { return f.Reason == BadSignature })
}

// whole judges a complete path. Revocation is asked about only where nothing
// else stands against it: nobody is called because of an unproven certificate.
func (d *diagnosis) whole(path []*certificate, defects []*Finding) []*Finding {
	if len(defects) == 0 {
		return d.judgeComplete(path)
	}
	_, against := d.judgePolicies(path)
	return against
}

// against says what stands against putting the issuer on the path. It is not
// related at all if it has the right name, but not the key that signed.
func (d *diagnosis) against(path []*certificate, iss *certificate, anchor, matching bool) (against []*Finding, related bool) {
	last := path[len(path)-1]
	against = d.judgeIssuer(path, iss, anchor)
	if n := intermediates(path); n > d.maxDepth {
		against = append(against, &Finding{Reason: PathTooLong, Certificate: iss.Certificate, Depth: len(path),
			Detail: fmt.Sprintf("%d intermediates; at most %d are allowed", n, d.maxDepth)})
	}
	signature := d.judgeSignature(path, iss)
	if len(signature) > 0 && signature[0].Reason == BadSignature && d.signedByAnother(last, iss, matching) {
		return signature, false
	}
	return slices.Concat(against, signature), true
}

// signedByAnother tells a certificate of a namesake from a forgery, where a
// signature does not verify: the certificate signed itself, or it names
// another key, or another domain has the key that signed it.
func (d *diagnosis) signedByAnother(c, iss *certificate, matching bool) bool {
	if c.selfIssued() {
		if own, _ := d.signed(c, c); own {
			return true
		}
	}
	if matching {
		return false
	}
	if len(c.AuthorityKeyId) > 0 && len(iss.SubjectKeyId) > 0 {
		return true
	}
	_, elsewhere := d.knownElsewhere(c)
	return elsewhere
}

func (d *diagnosis) promising(defects []*Finding) bool {
	if len(defects) > maxDiagnosisDefects {
		return false
	}
	return d.best == nil || !d.best.reached || faulty(defects) <= faulty(d.best.defects)
}

func (d *diagnosis) offer(s *story) {
	if d.best == nil || closer(s, d.best) < 0 {
		d.best = s
	}
}

// nowhere is the finding of a path that has no further issuer.
func (d *diagnosis) nowhere(path []*certificate) *Finding {
	depth := len(path) - 1
	last := path[depth]
	f := &Finding{Reason: UnknownIssuer, Certificate: last.Certificate, Depth: depth}
	if other, ok := d.knownElsewhere(last); ok {
		f.Reason, f.Domain = IssuerInOtherDomain, other
		f.Detail = fmt.Sprintf("its issuer %s is trusted in %s, not in %s", subjectText(last.RawIssuer), other, d.domain)
		return f
	}
	switch {
	case last.selfIssued() && depth > 0:
		f.Detail = fmt.Sprintf("the root %s is not trusted in %s", last.name(), d.domain)
	case d.nameKnown(last):
		f.Detail = fmt.Sprintf("a CA named %s is known in %s, but with another key", subjectText(last.RawIssuer), d.domain)
	default:
		f.Detail = fmt.Sprintf("no CA named %s is trusted in %s", subjectText(last.RawIssuer), d.domain)
	}
	return f
}

func (d *diagnosis) nameKnown(c *certificate) bool {
	for ca := range d.snapshot.IssuersNamed(c.issuer, nil) {
		if !d.analysed(storedCandidate(ca)).sameEntity(c) {
			return true
		}
	}
	return false
}

// maxOtherDomains bounds how many domains are asked whether they know an
// issuer, and maxElsewhere how many CAs of each.
const (
	maxOtherDomains = 16
	maxElsewhere    = 16
)

// knownElsewhere finds a domain that trusts the certificate's issuer, by the
// signature and not by the name alone.
func (d *diagnosis) knownElsewhere(c *certificate) (trust.Domain, bool) {
	if known, asked := d.elsewhere[c.fingerprint]; asked {
		return known, known != ""
	}
	known := d.askElsewhere(c)
	if d.elsewhere == nil {
		d.elsewhere = map[[sha256.Size]byte]trust.Domain{}
	}
	d.elsewhere[c.fingerprint] = known
	return known, known != ""
}

func (d *diagnosis) askElsewhere(c *certificate) trust.Domain {
	domains, err := domainsOf(d.search)
	if err != nil {
		return ""
	}
	for _, other := range domains[:min(len(domains), maxOtherDomains)] {
		if other == d.domain {
			continue
		}
		snapshot, err := d.source.Snapshot(d.ctx, other)
		if err != nil || snapshot == nil {
			continue
		}
		asked := 0
		for ca := range snapshot.IssuersNamed(c.issuer, c.AuthorityKeyId) {
			if asked++; asked > maxElsewhere {
				break
			}
			ok, affordable := d.signed(c, d.analysed(storedCandidate(ca)))
			if ok {
				return other
			}
			if !affordable {
				return ""
			}
		}
	}
	return ""
}

func domainsOf(s *search) ([]trust.Domain, error) {
	if lister, ok := s.source.(trust.DomainLister); ok {
		return lister.Domains(s.ctx)
	}
	return []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}, nil
}
