package policy

// What one document or one request may demand of this package. The platform
// stores a policy in 5120 characters (pms.auth_policy.policy_file_id), so that
// no real document comes near these bounds; what exceeds one is refused with a
// reason of its own ([DocumentTooLarge], [DocumentTooDeep], [TooManyEntries],
// [RequestTooLarge]).
const (
	// MaxDocumentBytes is the longest document that is read.
	MaxDocumentBytes = 64 << 10
	// MaxDepth is the deepest nesting of arrays and objects in a document. The
	// documented formats need seven.
	MaxDepth = 16
	// MaxEntries is the number of entries of one array, or members of one object.
	MaxEntries = 1024
	// MaxProblems is the number of problems that one [ParseError] lists; the
	// last of them says how many more there are.
	MaxProblems = 100
	// MaxRequestEntries is the number of factors, attributes or languages that
	// one request may name.
	MaxRequestEntries = 1024
	// MaxValidMinutes is the longest life of a share: a hundred years of 366 days.
	MaxValidMinutes = 100 * 366 * 24 * 60
	// MaxTransactions is the largest number of reads of a share that a policy can
	// allow: what the platform's counter holds (a Java int).
	MaxTransactions = 1<<31 - 1
	// MaxBiometrics is the number of records that one call of [FilterBiometrics]
	// looks at: far more than the 13 modalities of one person.
	MaxBiometrics = 1024
)
