package policy

// Operation is what a partner asks the ID-authentication service to do. It is
// compared without regard to case; any other value is refused.
type Operation string

// The operations, each guarded by a filter class of the platform's
// ID-authentication service.
const (
	OperationAuth        Operation = "auth"         // authenticate: yes or no (AuthFilter)
	OperationOTPRequest  Operation = "otp-request"  // send a one-time password (OTPFilter)
	OperationKYC         Operation = "kyc"          // authenticate and receive data (KycAuthenticationFilter)
	OperationKYCAuth     Operation = "kyc-auth"     // authenticate for OIDC, receive a token (KycAuthFilter)
	OperationKYCExchange Operation = "kyc-exchange" // exchange that token for data (KycExchangeFilter)
	OperationKeyBinding  Operation = "key-binding"  // bind a wallet's key (IdentityKeyBindingFilter)
	OperationVCIExchange Operation = "vci-exchange" // exchange for a verifiable credential (VciExchangeFilter)
)

// operation is what is checked for one Operation.
type operation struct {
	name Operation
	// permission is the authType that opens it; auth has none, its factors do.
	permission word
	// authenticates: the request must carry at least one factor.
	authenticates bool
	// factors that the request may carry.
	factors wordSet
	// mandatory: entries marked so must be in the request.
	mandatory bool
	// code of a missing permission.
	code string
	// delegation is the flag of a MISP policy, by its member name, without which no
	// MISP may ask this for a partner, and the code of a refusal.
	delegation, delegationCode string
}

var (
	basic = setOf(demo, bio, otp, pin)
	// pwd and kbt are looked at by KycAuthFilter alone; wla stands beside them
	// because a linked wallet is only ever used through OIDC.
	viaOIDC = basic.with(pwd).with(kbt).with(wla)
	every   = viaOIDC
)

// operations is the table of checks: what each filter overrides of IdAuthFilter
// (checkAllowedAuthTypeBasedOnPolicy, checkMandatoryAuthTypeBasedOnPolicy,
// checkMispPolicyAllowed). Where a filter looks at no factors, a factor that is
// named all the same must still be one that the policy allows.
var operations = [...]operation{
	{OperationAuth, unknownWord, true, basic, true, "", "allowAuthRequestDelegation", ""},
	{OperationOTPRequest, otpRequest, false, every, false, "IDA-MPA-005", "allowAuthRequestDelegation", ""},
	{OperationKYC, kyc, true, basic, true, "IDA-MPA-013", "allowKycRequestDelegation", ""},
	{OperationKYCAuth, kycAuth, true, viaOIDC, true, "IDA-MPA-025", "allowKycRequestDelegation", "IDA-MPA-030"},
	{OperationKYCExchange, kycExchange, false, every, false, "IDA-MPA-026", "allowKycRequestDelegation", "IDA-MPA-031"},
	{OperationKeyBinding, keyBinding, true, basic, false, "IDA-MPA-033", "allowKeyBindingDelegation", "IDA-MPA-032"},
	{OperationVCIExchange, vciExchange, false, every, false, "IDA-MPA-036", "allowVciRequestDelegation", "IDA-MPA-037"},
}

func operationOf(op Operation) *operation {
	for i := range operations {
		if name := operations[i].name; len(op) == len(name) && equalFold(string(op), string(name)) {
			return &operations[i]
		}
	}
	return nil
}
