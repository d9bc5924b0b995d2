package policy

// Kind is what a policy document is about, spelt as the platform stores it
// (pmp.allowed.policy.types).
type Kind string

// The three kinds that are decided here.
const (
	KindAuth      Kind = "Auth"
	KindDataShare Kind = "DataShare"
	KindMISP      Kind = "MISP"
)
