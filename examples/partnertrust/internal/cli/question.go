package cli

import (
	"context"
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/trust"
)

// rules are the flags that say by what a certificate is judged.
type rules struct {
	org, profile, match, unknown string
	crls                         []string
}

var profiles = map[string]certchain.Profile{
	"partner":             certchain.Partner,
	"partner-release-1.3": certchain.PartnerRelease13,
	"authority":           certchain.Authority,
	"rfc5280":             certchain.RFC5280,
}

func (r *rules) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&r.org, "org", "", "the organisation `name` that the partner registered; not compared where it is not given")
	flags.StringVar(&r.match, "match", "exact", "how it is compared: exact, or fold (case, Unicode form and spaces apart)")
	flags.StringVar(&r.profile, "profile", "partner", "what the certificate must be: partner, partner-release-1.3, authority, rfc5280")
	r.addRevocation(cmd, "refuse")
	complete(cmd, "match", "exact", "fold")
	complete(cmd, "profile", "partner", "partner-release-1.3", "authority", "rfc5280")
}

func (r *rules) addRevocation(cmd *cobra.Command, unknown string) {
	flags := cmd.Flags()
	flags.StringArrayVar(&r.crls, "crl", nil, "ask about revocation, from the list in this `file` (DER or PEM); may be given again")
	flags.StringVar(&r.unknown, "unknown-revocation", unknown, "a certificate that no list covers: refuse, or accept")
	complete(cmd, "unknown-revocation", "refuse", "accept")
}

// options are the rules as the verifier takes them.
func (r *rules) options(a *app) ([]certchain.Option, error) {
	opts := []certchain.Option{certchain.WithClock(a.clock())}
	switch {
	case r.profile == "":
	case profiles[r.profile].Name() == "":
		return nil, fmt.Errorf("--profile %q: there is no such profile", r.profile)
	default:
		opts = append(opts, certchain.WithProfile(profiles[r.profile]))
	}
	if r.org != "" {
		opts = append(opts, certchain.Organization(r.org))
	}
	switch r.match {
	case "", "exact":
	case "fold":
		opts = append(opts, certchain.MatchOrganization(certchain.OrganizationFold))
	default:
		return nil, fmt.Errorf("--match %q: it is exact or fold", r.match)
	}
	revocation, err := r.revocation(a)
	return append(opts, revocation...), err
}

func (r *rules) revocation(a *app) ([]certchain.Option, error) {
	mode := certchain.Required
	switch r.unknown {
	case "refuse":
	case "accept":
		mode = certchain.BestEffort
	default:
		return nil, fmt.Errorf("--unknown-revocation %q: it is refuse or accept", r.unknown)
	}
	if len(r.crls) == 0 {
		return nil, nil
	}
	var lists [][]byte
	for _, name := range r.crls {
		data, err := a.read(name)
		if err != nil {
			return nil, err
		}
		if _, err := revocation.CRLs(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lists = append(lists, data)
	}
	checker, err := revocation.CRLs(lists...)
	if err != nil {
		return nil, err
	}
	return []certchain.Option{certchain.WithRevocation(checker), certchain.OnUnknownRevocation(mode)}, nil
}

// question is what verify and explain ask: is this certificate trusted?
type question struct {
	storeFlags
	rules
	domain string
}

func (q *question) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.domain, "domain", "", "the partner `domain`: AUTH, DEVICE, FTM, MISP, or one of the store's own")
	completeDomain(cmd)
	q.storeFlags.addTo(cmd, true)
	q.rules.addTo(cmd)
}

func completeDomain(cmd *cobra.Command) {
	complete(cmd, "domain", string(trust.Auth), string(trust.Device), string(trust.FTM), string(trust.MISP))
}

// ask opens the store and judges the certificate. A refusal is an error of type
// *certchain.Error; any other error means that there is no answer.
func (q *question) ask(ctx context.Context, a *app, leaf *x509.Certificate, others []*x509.Certificate) (*certchain.Chain, error) {
	opts, err := q.options(a)
	if err != nil {
		return nil, err
	}
	store, d, done, err := q.openIn(ctx, a)
	if err != nil {
		return nil, err
	}
	defer done()
	return certchain.New(store, opts...).Verify(ctx, d, leaf, certchain.Intermediates(others...))
}

// openIn opens the store for a question about one domain.
func (q *question) openIn(ctx context.Context, a *app) (trust.Store, trust.Domain, func(), error) {
	files, _ := trust.ParseDomain(q.domain)
	store, done, err := q.open(ctx, a, files)
	if err != nil {
		return nil, "", nil, err
	}
	d, err := domainOf(ctx, q.domain, store)
	if err != nil {
		done()
		return nil, "", nil, err
	}
	return store, d, done, nil
}

// certificateJSON is a certificate as every command writes it.
type certificateJSON struct {
	Subject  string `json:"subject"`
	Issuer   string `json:"issuer"`
	Serial   string `json:"serial"`
	NotAfter string `json:"notAfter"`
	SHA256   string `json:"sha256"`
}

func chainJSON(certs []*x509.Certificate) []certificateJSON {
	out := make([]certificateJSON, len(certs))
	for i, c := range certs {
		out[i] = certificateJSON{certchain.SubjectText(c), issuerText(c), c.SerialNumber.String(), c.NotAfter.UTC().Format(timeText), trust.SHA256(c)}
	}
	return out
}

// issuerText writes the issuer as [certchain.SubjectText] does the subject.
func issuerText(c *x509.Certificate) string {
	return certchain.SubjectText(&x509.Certificate{RawSubject: c.RawIssuer})
}

const timeText = "2006-01-02T15:04:05Z"

// codes names a reason as a person may look it up.
func codes(f *certchain.Finding) string {
	parts := []string{string(f.Reason)}
	if f.PlatformCode != "" {
		parts = append(parts, f.PlatformCode)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
