package policy

import (
	"fmt"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// Factor is one thing that a request authenticates by.
type Factor struct {
	Type    string // demo, bio, otp, pin, pwd, kbt or wla, in any case
	SubType string // of bio: FINGER, IRIS or FACE, in any case; ignored for the others
}

// AuthRequest is what a partner asks for. The zero AuthRequest is refused.
type AuthRequest struct {
	Operation Operation
	Factors   []Factor
	// Attributes that the partner wants to receive. An empty list grants none: it
	// never means all.
	Attributes []string
	// Languages that the partner wants them in and the system supports.
	Languages []string
	// FallbackLanguages are granted when the policy grants none of Languages. An
	// empty list, the default, keeps none at none.
	FallbackLanguages []string
}

// Decide answers one request, with every reason that stands against it. It
// allocates nothing when the request is allowed and all its languages granted.
//
// The operation must be open: otp-request, kyc, kyc-auth, kyc-exchange,
// key-binding and vci-exchange by their permission word, and all that
// authenticate (auth, kyc, kyc-auth, key-binding) by at least one factor. Every
// factor must be allowed. Entries marked mandatory must be satisfied in auth,
// kyc and kyc-auth; the other operations do not look at them. Every attribute
// must be listed. Whatever is unknown is refused.
func (p *Auth) Decide(req AuthRequest) Decision {
	if p == nil || !p.parsed {
		return Decision{Denials: policyMissing()}
	}
	op := operationOf(req.Operation)
	if op == nil {
		return Decision{Denials: unknownOperation(req.Operation)}
	}
	if len(req.Factors) > MaxRequestEntries || len(req.Attributes) > MaxRequestEntries ||
		len(req.Languages) > MaxRequestEntries || len(req.FallbackLanguages) > MaxRequestEntries {
		return Decision{Denials: requestTooLarge()}
	}

	var denials []Denial
	if op.permission != unknownWord && !p.allowed.has(op.permission) {
		denials = p.denyOperation(denials, op)
	}
	var present wordSet
	var presented modality
	for i := range req.Factors {
		f := &req.Factors[i]
		w := wordOf(f.Type)
		var m modality
		if w == bio {
			m = modalityOf(f.SubType)
		}
		if !w.isFactor() || !op.factors.has(w) || !p.allowed.has(w) || w == bio && (m == 0 || p.modalities&m == 0) {
			denials = p.denyFactor(denials, op, f, w, m)
			continue
		}
		present, presented = present.with(w), presented|m
	}
	if op.authenticates && len(req.Factors) == 0 {
		denials = p.denyNoFactor(denials)
	}
	if op.mandatory {
		for i := range p.mandatory {
			m := &p.mandatory[i]
			if m.satisfied(op, present, presented) {
				continue
			}
			denials = p.denyMandatory(denials, m)
		}
	}
	if p.token == "" {
		denials = p.denyTokenType(denials)
	}
	if denials != nil {
		return Decision{Denials: p.denyAttributes(denials, req.Attributes)}
	}

	d := Decision{Allowed: true, TokenType: p.token}
	d.Attributes = granted(&p.attributeSet, req.Attributes)
	if len(d.Attributes) != len(req.Attributes) {
		d.Allowed, d.TokenType = false, ""
		d.Denials = p.denyAttributes(nil, req.Attributes)
	}
	d.Languages = granted(&p.languageSet, req.Languages)
	if len(d.Languages) == 0 && len(req.FallbackLanguages) > 0 {
		d.Languages = req.FallbackLanguages[:len(req.FallbackLanguages):len(req.FallbackLanguages)]
	}
	return d
}

// satisfied: a factor that was presented and allowed, a permission word by its
// operation (validateAuthPolicy holds "kyc" against every request but eKYC's).
func (m *mandatory) satisfied(op *operation, present wordSet, presented modality) bool {
	switch {
	case m.word == unknownWord:
		return false
	case m.word == bio:
		return presented&m.modality != 0
	case m.word.isFactor():
		return present.has(m.word)
	default:
		return m.word == op.permission
	}
}

// granted is the part of asked that is in the set: the same slice when it is
// all of it, capped so that appending to it cannot write into the request.
func granted(set *foldSet, asked []string) []string {
	for i, name := range asked {
		if set.find(name) >= 0 {
			continue
		}
		out := append([]string(nil), asked[:i]...)
		for _, name := range asked[i+1:] {
			if set.find(name) >= 0 {
				out = append(out, name)
			}
		}
		return out
	}
	return asked[:len(asked):len(asked)]
}

func policyMissing() []Denial {
	return []Denial{{Reason: PolicyMissing, Code: "IDA-MPA-018", Message: "there is no parsed policy to decide by"}}
}

func unknownOperation(op Operation) []Denial {
	return []Denial{{Reason: UnknownOperation, Subject: string(op), Message: fmt.Sprintf("operation %q is unknown", op)}}
}

func requestTooLarge() []Denial {
	return []Denial{{
		Reason:  RequestTooLarge,
		Message: fmt.Sprintf("the request names more than %d factors, attributes or languages", MaxRequestEntries),
	}}
}

const (
	authTypesPointer  = "/allowedAuthTypes"
	attributesPointer = "/allowedKycAttributes"
)

func (p *Auth) denyOperation(denials []Denial, op *operation) []Denial {
	return append(denials, Denial{
		Reason: OperationNotAllowed, Code: op.code, Pointer: authTypesPointer, Subject: string(op.name),
		Message: fmt.Sprintf("operation %s needs %q among the allowed authentication types", op.name, op.permission),
	})
}

func (p *Auth) denyNoFactor(denials []Denial) []Denial {
	return append(denials, Denial{
		Reason: FactorMissing, Code: "IDA-MLC-008", Pointer: authTypesPointer,
		Message: "the request names no authentication factor",
	})
}

// denyFactor says which of the checks the factor failed, the broadest first.
func (p *Auth) denyFactor(denials []Denial, op *operation, f *Factor, w word, m modality) []Denial {
	const notAllowed = "IDA-MPA-006"
	d := Denial{Reason: FactorNotAllowed, Code: notAllowed, Pointer: authTypesPointer, Subject: f.Type}
	if f.SubType != "" {
		d.Subject += "-" + f.SubType
	}
	switch {
	case !w.isFactor():
		d.Reason, d.Message = UnknownFactor, fmt.Sprintf("%q is not an authentication factor", f.Type)
	case w == bio && f.SubType == "":
		d.Reason, d.Code = BiometricUnspecified, "IDA-MLC-006"
		d.Message = "a biometric factor must say FINGER, IRIS or FACE"
	case w == bio && m == 0:
		d.Reason, d.Code = UnknownFactor, "IDA-MLC-009"
		d.Message = fmt.Sprintf("%q is not a biometric subtype: FINGER, IRIS and FACE are", f.SubType)
	case !op.factors.has(w):
		d.Reason = FactorNotForOperation
		d.Message = fmt.Sprintf("operation %s does not authenticate by %s", op.name, w)
	default:
		d.Message = fmt.Sprintf("the policy does not allow %s", d.Subject)
	}
	return append(denials, d)
}

func (p *Auth) denyMandatory(denials []Denial, m *mandatory) []Denial {
	t := p.types[m.index]
	d := Denial{
		Reason: FactorMandatory, Code: "IDA-MPA-015", Pointer: strictjson.PointerIndex(authTypesPointer, m.index),
		Subject: t.Type,
	}
	if t.SubType != "" {
		d.Subject += "-" + t.SubType
	}
	switch {
	case m.word == unknownWord || m.word == kba || m.word == bio && m.modality == 0:
		d.Reason = UnknownMandatoryType
		d.Message = fmt.Sprintf("the policy makes %q mandatory, which no request can satisfy", d.Subject)
	case !m.word.isFactor():
		d.Message = fmt.Sprintf("the policy makes %s mandatory, which another operation cannot satisfy", d.Subject)
	default:
		d.Message = fmt.Sprintf("the policy makes %s mandatory and the request does not satisfy it", d.Subject)
	}
	return append(denials, d)
}

func (p *Auth) denyTokenType(denials []Denial) []Denial {
	return append(denials, Denial{
		Reason: UnknownTokenType, Pointer: "/authTokenType", Subject: string(p.tokenType),
		Message: fmt.Sprintf("token type %q is unknown", p.tokenType),
	})
}

func (p *Auth) denyAttributes(denials []Denial, asked []string) []Denial {
	for _, name := range asked {
		if p.attributeSet.find(name) < 0 {
			denials = append(denials, Denial{
				Reason: AttributeNotAllowed, Pointer: attributesPointer, Subject: name,
				Message: fmt.Sprintf("the policy does not release %q", name),
			})
		}
	}
	return denials
}
