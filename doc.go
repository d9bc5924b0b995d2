// Package partnertrust is the map of a library that tells a national-ID
// service whom it may trust. It holds no code; each question has its package:
//
//   - [github.com/mosip/partnertrust/trust]: which CA certificates do we
//     trust, per partner domain?
//   - [github.com/mosip/partnertrust/certchain]: does this certificate chain
//     to one of them and belong to this organisation, and if not, why not?
//   - [github.com/mosip/partnertrust/oidc]: which eSignet client is this
//     public key?
//   - [github.com/mosip/partnertrust/policy]: may this partner do that, and
//     which data may it have?
//
// Beside them stand the gate of a trust store (trust/admit), stores in folders
// and databases (trust/dirstore, trust/sqlstore), what runs out (trust/expiry),
// revocation (certchain/revocation), signed tokens and captures (certchain/x5c,
// certchain/device), and a partner PKI for the unit tests of other services:
// [github.com/mosip/partnertrust/trust/trusttest].
package partnertrust
