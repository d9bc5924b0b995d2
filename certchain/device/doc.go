// Package device verifies what a biometric device and its chip signed: the
// captures of an authentication request.
//
// Every segment of a capture is a JWS by the device key (domain DEVICE), and in
// it stands a digital id, a JWS by the chip's key (domain FTM). [Verifier] judges
// all segments of a request together:
//
//	v := device.New(x5c.New(certchain.New(store)), device.Environments("Production"))
//	captures, err := v.VerifyCapture(ctx, segments, device.Request{TransactionID: id, Env: "Production"})
//
// It answers with one [Capture] for each segment, or with an [*Error] that says
// everything that stands against any of them: the segment, the JSON pointer, the
// reason and the platform's code.
//
// # What is judged
//
// Both signatures and both chains; that the fields are there, of their type and
// of documented values; that the digital id, the data block and the request
// agree with each other within the same segment; that every segment and every
// digital id is fresh; that the segments are linked by their hashes. Whether a
// device is registered or reported stolen is for the host's [Registry] and
// [Hotlist] to say.
//
// Decrypting and matching biometrics stay with the host, who hands in the hash of
// what it decrypted.
package device
