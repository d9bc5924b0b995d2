package trust

// What the readers of this package and of those below it accept at most. The
// inputs are uploads: a limit that is reached is an error that names it.
const (
	// MaxCertificateBytes is the largest certificate that is parsed. Partner
	// certificates have one to two kilobytes; the largest in public use,
	// with hundreds of names, stay below 64 KiB.
	MaxCertificateBytes = 64 << 10

	// MaxBundleBytes is the largest upload that is read.
	MaxBundleBytes = 16 << 20

	// MaxBundleCertificates is how many entries one upload may have.
	MaxBundleCertificates = 1024

	// MaxDomainLength is the width of the platform's partner_domain column.
	MaxDomainLength = 36

	// MaxIDLength is the width of the platform's cert_id column.
	MaxIDLength = 36

	// MaxOrganizationLength is the width, in characters, of the platform's
	// organization_name column.
	MaxOrganizationLength = 120

	// MaxPageSize is how many CAs one List call returns at most.
	MaxPageSize = 1000

	// DefaultPageSize is what List returns where the query does not say.
	DefaultPageSize = 100
)
