// Package dirstore keeps trusted CAs in a folder: one sub-folder per partner
// domain, certificate files in it. An operator may use the store, or the tools
// at hand.
//
//	store, err := dirstore.Open("trust")
//	err = store.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: root})
//	err = store.Remove(ctx, trust.Auth, id)
//	for _, p := range store.Problems() {
//		log.Print(p) // which file is not served as it stands, and why
//	}
//
// # What is in the folder
//
//	trust/
//	  AUTH/
//	    0b6c….pem    what Add wrote: the name is the CA's id
//	    partners.p7b dropped by hand
//	  FTM/
//	  .lock          keeps writers apart
//
// Files are named *.pem, *.crt, *.cer, *.der, *.p7b or *.p7c; what is in them
// is told by the content, which is anything that package
// [github.com/mosip/partnertrust/trust/pkcs7] reads. A file that the store wrote
// keeps the CA's id, role and time in a comment above the PEM block, which
// other tools skip. A CA in any other file has its [trust.CA.DefaultID], the
// file's modification time, and the role of a root if it is self-signed, of an
// intermediate otherwise. Nothing is judged: whoever may write to the folder
// decides who is trusted.
//
// Names that begin with a dot are ignored. Everything else that is no
// certificate file (sub-folders, symbolic links, other endings, files too large
// or broken) is left alone and named by [Store.Problems], while the others are
// served. A file counts as a whole: with one entry that cannot be read, none of
// it is taken, and one that was good before is served as it was, as long as
// the store is open.
//
// # Changes
//
// The folder is looked at when somebody asks and the last look is older than
// [WithInterval] says; there is no goroutine. A file is read again when its
// size, time or identity differs, or its time is so recent that it might hide
// a change. Snapshot versions grow within the process.
//
// Files are written beside their place, synced and renamed. Any number of
// processes may share a folder: writers take turns by a lock that ends with
// its process, readers never wait.
//
// # Limits
//
//   - A look costs one system call per file, and so does every Add and Remove.
//   - The CAs that one Add brings to one domain share a file, so that all of
//     them or none outlive a crash. Of an Add to several domains, or of more
//     than 128 CAs, a crash may leave a part that was never acknowledged.
//   - A file that is changed in place to the same size and set back to the same
//     time is not seen to have changed.
//   - A file dropped in another form than PEM is PEM, under its old name, once
//     one of several CAs in it was removed.
//   - Symbolic links are not followed, so a mounted Kubernetes ConfigMap is
//     not read.
//   - Writing needs flock: Linux, macOS and the BSDs, and a file system that
//     honours it (over NFS: all machines alike).
//
// See also the constants of this package.
package dirstore
