package device

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// The segments of a request are linked: each one's hash is the SHA-256 of the
// previous hash and of the SHA-256 of its own biometric, and the first has the
// SHA-256 of nothing before it.

// VerifyHashes judges the links of a request's segments. It is what
// [Verifier.VerifyCapture] does, for a host that asked for [HashesLater].
func VerifyHashes(segments []Segment) error {
	var all []*Finding
	if len(segments) == 0 || len(segments) > MaxSegments {
		f := &findings{segment: -1}
		f.addf(SegmentCount, "", "%d segments; from 1 to %d are allowed", len(segments), MaxSegments)
		return refuse(f.list)
	}
	links(segments, func(i int) *findings { return &findings{segment: i} }, &all)
	return refuse(all)
}

// links follows the chain by the hashes as sent, so that one broken link is told
// once and not of all that follow.
func links(segments []Segment, of func(int) *findings, all *[]*Finding) {
	previous := sha256.Sum256(nil)
	for i, s := range segments {
		f := of(i)
		sent, err := hex.DecodeString(s.Hash)
		switch {
		case s.Hash == "":
			f.add(HashMissing, "/hash", "")
		case len(s.BiometricHash) != sha256.Size:
			f.add(HashMissing, "/hash", "the host gave no hash of the decrypted biometric")
		case err != nil || len(sent) != sha256.Size || s.Hash != strings.ToUpper(s.Hash):
			f.addf(HashMismatch, "/hash", "it is not the upper-case hex of a SHA-256")
		default:
			want := sha256.Sum256(append(previous[:], s.BiometricHash...))
			if string(sent) != string(want[:]) {
				f.addf(HashMismatch, "/hash", "it is %.16s…, and would be %X…", s.Hash, want[:8])
			}
		}
		if len(sent) == sha256.Size {
			previous = [sha256.Size]byte(sent)
		}
		*all = append(*all, f.list...)
	}
}

// DeviceHash is the name of a device on the platform's hotlist: the SHA-256 of
// serial number, make and model, in upper-case hex.
func DeviceHash(id DigitalID) string { return hashOf(id.SerialNo, id.Make, id.Model) }

// ProviderHash is the name of a provider on the platform's hotlist: the SHA-256
// of its name and id, in upper-case hex.
func ProviderHash(id DigitalID) string { return hashOf(id.Provider, id.ProviderID) }

func hashOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "")))
	return fmt.Sprintf("%X", sum)
}
