package jose

// Bounds on what a JOSE document may ask of us. A JWK with a chain of ten
// certificates takes about 30 KiB.
const (
	MaxBytes   = 64 << 10 // one document
	MaxMembers = 64       // of one object, and elements of one array
	MaxDepth   = 8        // objects and arrays inside each other, the outermost counted

	MaxCompactBytes = 16 << 10 // a JWS in compact form
)

// Limits bound a document that is no JOSE document and yet must be read as
// strictly. The zero Limits let nothing through.
type Limits struct{ Bytes, Members, Depth int }

var limits = Limits{MaxBytes, MaxMembers, MaxDepth}

// checked bound nothing, for text that was read within its limits before.
var checked = Limits{1 << 31, 1 << 31, 1 << 31}
