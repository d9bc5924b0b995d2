package schema

// What one schema may demand. Documents have the limits of package policy.
const (
	// MaxSchemaBytes is the longest schema that is read.
	MaxSchemaBytes = 256 << 10
	// MaxSchemaDepth is the deepest nesting of its arrays and objects.
	MaxSchemaDepth = 64
	// MaxSchemaEntries is the number of entries of one of them.
	MaxSchemaEntries = 4096
	// MaxExponent is the largest exponent of a number, in a schema or a document:
	// that of a float64.
	MaxExponent = 308
	// MaxFailures is the number of failures that one [Error] lists; the last of
	// them says how many more there are.
	MaxFailures = 1000
)
