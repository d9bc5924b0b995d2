// Package schema validates policy documents against a country's own JSON
// Schema, of draft-04 or later, and reports every failure with its place.
//
//	s, err := schema.Compile(countrySchema)
//	err = s.Validate(document)
//	var bad *schema.Error
//	if errors.As(err, &bad) {
//		for _, f := range bad.Failures {
//			fmt.Println(f) // 3:20 /authTokenType: enum: value must be one of ...
//		}
//	}
//
// Nothing is accepted in silence. JSON Schema lets a validator ignore what it
// does not know; here a keyword that is misspelt or belongs to another draft, a
// format nobody checks, a keyword beside $ref that the draft ignores, a reference
// to another document and a pattern that cannot be run are all errors of
// [Compile]. A document that repeats a member is a failure of [Schema.Validate].
//
// [For] gives the documented schema of each kind of policy, for hosts that have
// none of their own.
//
// A schema says how a document may look; whether its words mean anything is
// what Lint of package policy says, and what it allows is what Decide says.
package schema
