package pkcs7

import "github.com/mosip/partnertrust/trust"

// What is read at most; past it the error wraps [trust.ErrTooLarge].
const (
	MaxBytes        = trust.MaxBundleBytes        // of the upload
	MaxCertificates = trust.MaxBundleCertificates // in the upload, all its bundles together

	// MaxDepth is how deep ASN.1 values of indefinite length may lie in each
	// other. A signed message nests about ten deep.
	MaxDepth = 32
)
