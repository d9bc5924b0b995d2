package cli

import (
	"slices"
	"strings"

	"github.com/mosip/partnertrust/certchain"
)

// Mending says what an operator or a partner does about a reason.
func Mending(r certchain.Reason) string { return mending[r] }

// Every reason has one; a test holds this against [certchain.Reasons].
var mending = map[certchain.Reason]string{
	certchain.Malformed:             "Ask for the file again, as the CA issued it; it is no certificate that can be read.",
	certchain.BadSignature:          "Ask for the certificate again: it was changed after it was signed, or a CA has renewed its key and the store holds the certificate of the other one. Then admit the CA's present certificate.",
	certchain.UnknownIssuer:         "Admit the CA that issued it, with everything up to its root, in this domain (partnertrust admit). Intermediates in the file help verify alone: no store takes a partner in because of them.",
	certchain.IssuerInOtherDomain:   "The CA is trusted for another purpose. If it may vouch in this domain too, admit it here as well; otherwise the partner needs a certificate of a CA of this domain, or has registered as the wrong type of partner.",
	certchain.NotCA:                 "The issuer must not sign certificates. Ask for one that its CA issued.",
	certchain.KeyUsage:              "The CA's certificate does not say keyCertSign. The CA has to renew it with that key usage.",
	certchain.ExtKeyUsage:           "Ask for a certificate whose extended key usage allows this purpose, or has none.",
	certchain.Expired:               "Renew what has expired: a partner uploads a new certificate, a CA's successor is admitted before its end (partnertrust expiry tells in time).",
	certchain.NotYetValid:           "Wait until it begins to be valid, or look at the clock of who issued it, and at your own.",
	certchain.PathTooLong:           "A CA above allows fewer CAs below itself. Ask for a certificate of a CA higher up, or for a CA certificate without that limit.",
	certchain.NameConstraint:        "The CA may not certify this name. Ask a CA that may.",
	certchain.CriticalExtension:     "Ask for a certificate without the extension, or with it marked as not critical.",
	certchain.PolicyRejected:        "Ask for a certificate under the policy that the CA above asks for.",
	certchain.Revoked:               "Nothing mends a revoked certificate: ask for a new one, with a new key if the old one was compromised.",
	certchain.RevocationUnknown:     "Get the present list of every CA on the path (--crl); one that is over or missing does not count. To go without, say --unknown-revocation accept.",
	certchain.NonConforming:         "The certificate breaks a rule of RFC 5280; its CA has to issue it anew.",
	certchain.BudgetExceeded:        "The certificates describe a maze of issuers. Hand in the leaf and the CAs of one path, nothing else.",
	certchain.SelfSigned:            "Partners cannot vouch for themselves: have a CA that the domain trusts sign the key (a CSR), and upload that certificate.",
	certchain.TrustAnchor:           "This is a CA of the store, and no partner's certificate. Upload the partner's own.",
	certchain.NotV3:                 "Ask for a certificate of X.509 version 3. (openssl x509 -req makes one only with -extfile: without extensions it issues version 1.)",
	certchain.WeakKey:               "Make a new key (RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519) and ask for a certificate over it.",
	certchain.WeakSignature:         "Ask for a certificate signed with SHA-256 or stronger.",
	certchain.ShortValidity:         "Ask for a certificate that is valid for longer, and upload that one.",
	certchain.OrganizationMissing:   "Ask for a certificate whose subject has the attribute O, with the name as it is registered.",
	certchain.OrganizationAmbiguous: "Ask for a certificate with one O in its subject.",
	certchain.OrganizationMismatch:  "The O of the certificate and the registered name must be the same text. Ask for a certificate with the registered name, or correct the registration.",
	certchain.Misconfigured:         "Look at the flags: the question cannot be answered as it was put.",
	certchain.SourceFailed:          "Look at the store: it could not be read.",
	certchain.Canceled:              "Ask again.",
}

// differing says more of two names that look alike.
var differing = map[certchain.Difference]string{
	certchain.DifferentCase:        "They differ in upper and lower case only; --match fold would take them as one.",
	certchain.DifferentSpaces:      "They differ in spaces only; look at both ends of the registered name, too.",
	certchain.DifferentUnicodeForm: "They are one text in two Unicode forms (accents composed or not); --match fold would take them as one.",
	certchain.InvisibleCharacters:  "One has characters that nobody sees, often pasted in: type the registered name anew.",
	certchain.LookAlikeLetters:     "One has letters of another script that look the same. Find out whether it is a slip or somebody pretends to be the other.",
	certchain.DifferentEscaping:    "One was registered with the backslashes of a name's text form; register it without.",
	certchain.DifferentPunctuation: "They differ in punctuation.",
	certchain.InOtherAttribute:     "The registered name stands in another attribute than O.",
}

// mendings says what would mend a refusal: once for each reason, in the order of
// the findings.
func mendings(findings []*certchain.Finding) []string {
	var out []string
	for _, f := range findings {
		text := Mending(f.Reason)
		if more := differing[f.Difference]; more != "" && f.Reason == certchain.OrganizationMismatch {
			text += " " + more
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// wrapped sets a text in lines of a hundred characters behind a mark.
func wrapped(mark, text string) string {
	const width = 100
	indent := strings.Repeat(" ", len([]rune(mark)))
	var b strings.Builder
	line := mark
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case len([]rune(line))+1+len([]rune(word)) > width:
			b.WriteString(line + "\n")
			line = indent + word
		default:
			line += " " + word
		}
	}
	b.WriteString(line)
	return b.String()
}
