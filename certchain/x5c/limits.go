package x5c

// What is read at most. A token beyond a limit is refused with [TooLarge].
const (
	// MaxHeaderBytes is the largest header, in base64url: a chain of ten
	// certificates with RSA-4096 keys has about 30 KiB.
	MaxHeaderBytes = 64 << 10

	// MaxPayloadBytes is the largest payload, decoded. A capture with a face
	// image has a few megabytes.
	MaxPayloadBytes = 16 << 20

	// MaxSignatureBytes is the largest signature, decoded: RSA-8192.
	MaxSignatureBytes = 1024

	// MaxCertificates is how many certificates a header may bring.
	MaxCertificates = 10

	// rememberedHeaders is how many headers are not read again; each has about
	// the size of its certificates.
	rememberedHeaders = 2048
)
