package trust

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// PolicyKind names the kind of policy document that governs a partner.
type PolicyKind string

// The platform's policy kinds, spelled as its policy types are.
const (
	NoPolicy        PolicyKind = ""          // partners whose certificates are trusted but who ask for nothing
	AuthPolicy      PolicyKind = "Auth"      // which authentications and KYC attributes
	DataSharePolicy PolicyKind = "DataShare" // which personal data in a credential or share
	MISPPolicy      PolicyKind = "MISP"      // which calls an infrastructure provider may pass on
)

// PartnerType is one kind of partner that the platform knows.
type PartnerType struct {
	Label  string     // as the platform spells it, for example "Auth_Partner"
	Domain Domain     // where its certificate must chain to
	Policy PolicyKind // what governs it, or NoPolicy
	Role   string     // the role that its users have in the partner portal
}

// ErrPartnerType is returned for a label that names no partner type.
var ErrPartnerType = errors.New("trust: unknown partner type")

// The domain is the one that the partner portal derives from the type: the two
// kinds of hardware maker have their own, everybody else is in AUTH. That holds
// for MISP_Partner too, because the authentication service checks a request's
// signature in AUTH whoever made it; a country that keeps a separate MISP
// domain passes [MISP] itself. The role is the label in upper case.
var partnerTypes = []PartnerType{
	{"Auth_Partner", Auth, AuthPolicy, "AUTH_PARTNER"},
	{"Credential_Partner", Auth, DataSharePolicy, "CREDENTIAL_PARTNER"},
	{"Online_Verification_Partner", Auth, DataSharePolicy, "ONLINE_VERIFICATION_PARTNER"},
	{"Device_Provider", Device, NoPolicy, "DEVICE_PROVIDER"},
	{"FTM_Provider", FTM, NoPolicy, "FTM_PROVIDER"},
	{"Manual_Adjudication", Auth, DataSharePolicy, "MANUAL_ADJUDICATION"},
	{"ABIS_Partner", Auth, DataSharePolicy, "ABIS_PARTNER"},
	{"MISP_Partner", Auth, MISPPolicy, "MISP_PARTNER"},
	{"Print_Partner", Auth, DataSharePolicy, "PRINT_PARTNER"},
	{"Internal_Partner", Auth, DataSharePolicy, "INTERNAL_PARTNER"},
	{"SDK_Partner", Auth, NoPolicy, "SDK_PARTNER"},
}

// PartnerTypes returns the table of partner types.
func PartnerTypes() []PartnerType { return slices.Clone(partnerTypes) }

// ParsePartnerType finds a partner type by its label, in any case. A label
// that is not in the table gives [ErrPartnerType].
func ParsePartnerType(label string) (PartnerType, error) {
	for _, t := range partnerTypes {
		if strings.EqualFold(t.Label, label) && len(t.Label) == len(label) {
			return t, nil
		}
	}
	return PartnerType{}, fmt.Errorf("%w: %q", ErrPartnerType, clip(label))
}
