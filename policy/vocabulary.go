package policy

// word is an authType that the platform knows.
type word uint8

const (
	unknownWord word = iota
	demo
	bio
	otp
	pin
	pwd
	kbt
	wla
	kba
	kyc
	otpRequest
	kycAuth
	kycExchange
	keyBinding
	vciExchange
	wordCount
)

// The authTypes that occur in the platform's policies. The first eight are
// factors, of which kba is in no authentication request; the others are
// permission words, each opening one operation.
var words = [wordCount]string{
	demo: "demo", bio: "bio", otp: "otp", pin: "pin", pwd: "pwd", kbt: "kbt", wla: "wla", kba: "kba",
	kyc: "kyc", otpRequest: "otp-request", kycAuth: "kycauth", kycExchange: "kycexchange",
	keyBinding: "keybinding", vciExchange: "vciexchange",
}

// String is the word as policies spell it.
func (w word) String() string { return words[w] }

func (w word) isFactor() bool { return demo <= w && w <= wla }

// wordOf finds the word, whatever its case. The length decides first because
// this is asked of every factor of every request.
func wordOf(s string) word {
	switch len(s) {
	case 3:
		switch [3]byte{lower(s[0]), lower(s[1]), lower(s[2])} {
		case [3]byte{'b', 'i', 'o'}:
			return bio
		case [3]byte{'o', 't', 'p'}:
			return otp
		case [3]byte{'p', 'i', 'n'}:
			return pin
		case [3]byte{'p', 'w', 'd'}:
			return pwd
		case [3]byte{'k', 'b', 't'}:
			return kbt
		case [3]byte{'w', 'l', 'a'}:
			return wla
		case [3]byte{'k', 'b', 'a'}:
			return kba
		case [3]byte{'k', 'y', 'c'}:
			return kyc
		}
		return unknownWord
	case 4:
		return oneOf(s, demo)
	case 7:
		return oneOf(s, kycAuth)
	case 10:
		return oneOf(s, keyBinding)
	case 11:
		return oneOf(s, otpRequest, kycExchange, vciExchange)
	default:
		return unknownWord
	}
}

func oneOf(s string, candidates ...word) word {
	for _, w := range candidates {
		if equalFold(s, words[w]) {
			return w
		}
	}
	return unknownWord
}

// wordSet is a set of words.
type wordSet uint32

func (s wordSet) has(w word) bool     { return s&(1<<(w%32)) != 0 }
func (s wordSet) with(w word) wordSet { return s | 1<<(w%32) }

func setOf(ws ...word) wordSet {
	var s wordSet
	for _, w := range ws {
		s = s.with(w)
	}
	return s
}

// modality is a biometric subtype of an auth policy, as a set.
type modality uint8

const (
	finger modality = 1 << iota
	iris
	face
)

func modalityOf(s string) modality {
	switch {
	case len(s) == 6 && equalFold(s, "FINGER"):
		return finger
	case len(s) == 4 && equalFold(s, "IRIS"):
		return iris
	case len(s) == 4 && equalFold(s, "FACE"):
		return face
	default:
		return 0
	}
}
