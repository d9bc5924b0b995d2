package x5c

import (
	"crypto"
	"crypto/sha256"
	"hash"

	"github.com/mosip/partnertrust/internal/jose"
)

// signedText is what a signature is over: header, dot, payload (RFC 7515 §5.2).
type signedText struct {
	header, payload string
	running         *runningHash // of the header
}

func (t *signedText) bytes() []byte { return []byte(t.header + "." + t.payload) }

// verify goes on from the header's hash where the algorithm signs that hash.
func (t *signedText) verify(alg string, key crypto.PublicKey, signature []byte) bool {
	if !jose.SignsSHA256(alg) {
		return jose.Verify(alg, key, t.bytes(), signature)
	}
	t.running.write(".")
	t.running.write(t.payload)
	digest := t.running.sum()
	return jose.VerifySHA256(alg, key, digest[:], signature)
}

// runningHash hashes strings without copying them whole.
type runningHash struct {
	hash.Hash
	chunk [1024]byte
}

func newRunningHash() *runningHash { return &runningHash{Hash: sha256.New()} }

func (r *runningHash) write(s string) {
	for len(s) > 0 {
		n := copy(r.chunk[:], s)
		r.Write(r.chunk[:n])
		s = s[n:]
	}
}

// sum is the hash of all that was written so far.
func (r *runningHash) sum() (digest [sha256.Size]byte) {
	r.Sum(digest[:0])
	return digest
}
