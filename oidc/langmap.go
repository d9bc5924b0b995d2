package oidc

import (
	"strings"

	"golang.org/x/text/language"
)

// NoLanguage is the key of a [LanguageMap] for a text in no particular
// language. eSignet adds it to the names of a client, from clientName.
const NoLanguage = "@none"

// A LanguageMap is a text in several languages, by ISO 639-3 code.
type LanguageMap map[string]string

// In is the text in a language, or else the one in none.
func (m LanguageMap) In(code string) (string, bool) {
	if text, ok := m[code]; ok {
		return text, true
	}
	text, ok := m[NoLanguage]
	return text, ok
}

// KnownLanguage reports whether code is an ISO 639-3 language code: three
// lower-case letters that stand for a language.
func KnownLanguage(code string) bool {
	if len(code) != 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	base, err := language.ParseBase(code)
	return err == nil && base.ISO3() == code && !base.IsPrivateUse() && code != "und" && !strings.Contains(bibliographic, code)
}

// The codes of ISO 639-2/B that ISO 639-3 writes differently.
const bibliographic = "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel"

// checkLanguageEntry judges one entry of clientNameLangMap (eSignet's @ClientNameLang).
func checkLanguageEntry(ps *problems, pointer, code, text string) {
	pointer += "/" + escape(code)
	if !KnownLanguage(code) {
		ps.add(&Problem{Reason: UnknownLanguage, Pointer: pointer, Code: "invalid_language_code", Detail: quote(code)})
	}
	switch {
	case strings.TrimSpace(text) == "":
		ps.add(&Problem{Reason: MissingMember, Pointer: pointer, Code: "invalid_client_name_value", Detail: "blank"})
	case units(text) > MaxLangNameLength:
		ps.add(&Problem{Reason: TooLong, Pointer: pointer, Code: "invalid_client_name_length"})
	}
}

// units counts as Java does: UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
