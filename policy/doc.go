// Package policy answers: may this partner do that, and which data may it have?
//
// A policy is a JSON document that a country approved. It is read once, and
// strictly: an unknown or repeated member, a value of the wrong type or data
// behind the document is an error, and the error says all of it at once, each
// with line, column and JSON pointer.
//
//	p, err := policy.ParseAuth(data)
//	var bad *policy.ParseError
//	if errors.As(err, &bad) {
//		for _, problem := range bad.Problems {
//			fmt.Println(problem) // 12:9 /allowedAuthTypes/2/mandatroy: unknown member ...
//		}
//	}
//
// What was read is immutable, safe for concurrent use, and answers requests as a
// pure function: no clock, no I/O, no allocation when the answer is yes.
//
//	decision := p.Decide(policy.AuthRequest{
//		Operation:  policy.OperationKYC,
//		Factors:    []policy.Factor{{Type: "bio", SubType: "FINGER"}, {Type: "otp"}},
//		Attributes: []string{"fullName", "phone"},
//	})
//	if !decision.Allowed {
//		for _, d := range decision.Denials { // every one, never only the first
//			fmt.Println(d.Reason, d.Pointer, d.Subject, d.Code, d.Message)
//		}
//	}
//
// The same holds for a datashare policy, which says what of a person's data
// reaches a partner and on which terms, and for the policy of a MISP, which says
// which requests it may pass on:
//
//	shared, err := policy.ParseDataShare(data)
//	grant := shared.Decide(policy.ShareRequest{Attributes: []string{"fullName", "biometrics"}})
//
//	misp, err := policy.ParseMISP(data)
//	misp.Decide(policy.OperationKYCExchange).Allowed
//
// A share that was made says whether it may be read now, with the count of reads
// kept in the host's database behind the one-method [Counter]:
//
//	share := grant.Terms.ShareAt(now)
//	share.Read(ctx, counter, id, later).Allowed
//
// Around the documents: [Standing] says everything that stands against a call
// (partner, policy, group, key or client, certificates, MISP, licence);
// [State.Apply] moves a policy from draft to active to inactive; [Diff] tells an
// approver in words what a change newly allows or forbids; Lint tells an author
// what is valid and surely not meant; [PartnerKinds] says which kind of policy
// applies to which type of partner. Package
// [github.com/mosip/partnertrust/policy/schema] holds a document against a
// country's own JSON Schema.
//
// Where things are: each kind of document has its file and beside it the one
// that decides (auth.go, auth_decide.go); operation.go is the table of what each
// operation checks; reason.go lists every reason; limits.go every bound.
//
// Everything fails closed. A nil or zero policy, the zero request and the zero
// decision refuse; an operation, factor, group, token type or encryption that is
// unknown is refused with a [Reason]; a list that is empty grants nothing. The
// rules are those of the MOSIP platform, of its ID-authentication, credential
// and datashare services, and its codes (IDA-MPA-…) stand beside the reasons.
package policy
