package certchain

// Budget bounds the work of one verification. Certificates come from
// strangers, and a few kilobytes of them can describe a maze with more paths
// than there are atoms. A field that is zero or negative has its default.
type Budget struct {
	// Signatures, in units of one check under P-256, Ed25519 or RSA-2048;
	// larger keys count as what they cost (P-384: 9, P-521: 40, RSA-4096: 2).
	Signatures int
	// Candidates is how many certificates are considered as issuers.
	Candidates int
	// Comparisons is how many names are held against name constraints.
	Comparisons int
	// PathLength is how many certificates a path may have, self-issued ones
	// and both ends included.
	PathLength int
}

// The default budget ends the worst input that we know within 50 ms on one
// core of a small server and is far above what a real hierarchy needs.
const (
	DefaultSignatures  = 256
	DefaultCandidates  = 4096
	DefaultComparisons = 250_000
	DefaultPathLength  = 32

	// DefaultMaxDepth is how many intermediates that are not self-issued a
	// path may have. The platform's own hierarchy has two or three.
	DefaultMaxDepth = 10
)

const (
	// maxFindings bounds an error; the rest is counted, not listed.
	maxFindings = 32
	// maxIntermediates bounds what one call may bring along.
	maxIntermediates = 1024
	// maxRSABits is the largest RSA key that is used: a check costs time that
	// grows with the cube.
	maxRSABits = 8192
	// maxNames bounds the subject alternative names of one certificate.
	maxNames = 4096
	// maxSubtrees bounds the name constraints of one certificate.
	maxSubtrees = 4096
	// maxPolicies bounds the policies and the mappings of one certificate.
	maxPolicies = 256
)

func (b Budget) orDefault() Budget {
	or := func(v, def int) int {
		if v <= 0 {
			return def
		}
		return v
	}
	return Budget{
		Signatures:  or(b.Signatures, DefaultSignatures),
		Candidates:  or(b.Candidates, DefaultCandidates),
		Comparisons: or(b.Comparisons, DefaultComparisons),
		PathLength:  or(b.PathLength, DefaultPathLength),
	}
}
