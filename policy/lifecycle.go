package policy

import "fmt"

// State is where a policy stands in its life. The zero State is unknown and
// allows nothing.
type State string

// The states, in their only order. There is no way back: what was published
// stays as it was approved, and what was deactivated is replaced by another.
const (
	StateDraft    State = "draft"    // may be edited, decides nothing
	StateActive   State = "active"   // published: decides, and cannot be edited
	StateInactive State = "inactive" // deactivated: decides nothing, for good
)

// Decides is whether decisions may be made by a policy in this state.
func (s State) Decides() bool { return s == StateActive }

// Action is something that a policy manager does with a policy.
type Action string

// The actions.
const (
	ActionEdit       Action = "edit"       // replace the document
	ActionPublish    Action = "publish"    // draft to active
	ActionDeactivate Action = "deactivate" // active to inactive
)

// Circumstances are what an action depends on besides the state. The zero
// Circumstances permit editing and deactivating and no publishing.
type Circumstances struct {
	GroupActive      bool // the policy's group is active
	ActiveAPIKeys    int  // API keys that partners use under the policy
	ApprovedRequests int  // partners that were given the policy
	PendingRequests  int  // partners that asked for it
}

// Apply is the state after the action, or, with every reason against it, the
// state as it was. The rules and codes are those of the platform's
// PolicyManagementService.
func (s State) Apply(a Action, in Circumstances) (State, Decision) {
	var denials []Denial
	deny := func(r Reason, code, message string) {
		denials = append(denials, Denial{Reason: r, Code: code, Subject: string(a), Message: message})
	}
	if s != StateDraft && s != StateActive && s != StateInactive {
		deny(UnknownState, "", fmt.Sprintf("state %q is unknown", s))
		return s, Decision{Denials: denials}
	}
	next := s
	switch a {
	case ActionEdit:
		if s != StateDraft {
			deny(PolicyPublished, "PMS_POL_055", "a published policy cannot be edited: publish another")
		}
	case ActionPublish:
		next = StateActive
		switch s {
		case StateActive:
			deny(PolicyPublished, "PMS_POL_020", "the policy is published already")
		case StateInactive:
			deny(PolicyDeactivated, "PMS_POL_058", "a deactivated policy cannot be published again")
		}
		if !in.GroupActive {
			deny(GroupNotActive, "PMS_POL_053", "the policy group is not active")
		}
	case ActionDeactivate:
		next = StateInactive
		switch s {
		case StateDraft:
			deny(PolicyNotPublished, "PMS_POL_072", "a draft is not active")
		case StateInactive:
			deny(PolicyDeactivated, "PMS_POL_062", "the policy is deactivated already")
		}
		if in.ActiveAPIKeys != 0 {
			deny(APIKeyInUse, "PMS_POL_057", fmt.Sprintf("%d active API keys are under the policy", in.ActiveAPIKeys))
		}
		if in.ApprovedRequests != 0 {
			deny(RequestApproved, "PMS_POL_063", fmt.Sprintf("%d partners were given the policy", in.ApprovedRequests))
		}
		if in.PendingRequests != 0 {
			deny(RequestPending, "PMS_POL_064", fmt.Sprintf("%d partners asked for the policy", in.PendingRequests))
		}
	default:
		deny(UnknownAction, "", fmt.Sprintf("action %q is unknown", a))
	}
	if denials != nil {
		return s, Decision{Denials: denials}
	}
	return next, Decision{Allowed: true}
}

// PartnerKinds says which kind of policy applies to each type of partner, by the
// type's label; "" is none. Labels are compared without regard to case.
type PartnerKinds map[string]Kind

// PlatformKinds is the practice of the platform (pms-partner_type.csv and the
// policies that its installations seed), the same that package trust lists beside
// the domains. A host that has another passes another.
func PlatformKinds() PartnerKinds {
	return PartnerKinds{
		"Auth_Partner":                KindAuth,
		"Credential_Partner":          KindDataShare,
		"Online_Verification_Partner": KindDataShare,
		"ABIS_Partner":                KindDataShare,
		"Manual_Adjudication":         KindDataShare,
		"Print_Partner":               KindDataShare,
		"Internal_Partner":            KindDataShare,
		"MISP_Partner":                KindMISP,
		"Device_Provider":             "",
		"FTM_Provider":                "",
		"SDK_Partner":                 "",
	}
}

// Permits answers whether a partner of this type may be given a policy of this kind.
func (k PartnerKinds) Permits(partnerType string, kind Kind) Decision {
	deny := func(r Reason, message string) Decision {
		return Decision{Denials: []Denial{{Reason: r, Subject: partnerType, Message: message}}}
	}
	if kind != KindAuth && kind != KindDataShare && kind != KindMISP {
		return deny(UnknownKind, fmt.Sprintf("policies of kind %q are unknown", kind))
	}
	var applies Kind
	known := false
	for label, of := range k {
		if !equalFold(label, partnerType) {
			continue
		}
		if known && of != applies {
			return deny(UnknownPartnerType, fmt.Sprintf("the table names partner type %q twice, differently", partnerType))
		}
		applies, known = of, true
	}
	switch {
	case !known:
		return deny(UnknownPartnerType, fmt.Sprintf("partner type %q is unknown", partnerType))
	case applies == "":
		return deny(KindNotForPartner, fmt.Sprintf("no policy applies to a %s", partnerType))
	case applies != kind:
		return deny(KindNotForPartner, fmt.Sprintf("a %s policy applies to a %s, not a %s policy", applies, partnerType, kind))
	default:
		return Decision{Allowed: true}
	}
}
