package jose

// Bounds on what a JOSE document may ask of us. A JWK with a chain of ten
// certificates takes about 30 KiB.
const (
	MaxBytes   = 64 << 10 // one document
	MaxMembers = 64       // of one object
	MaxDepth   = 8        // objects and arrays inside each other, the outermost counted
)
