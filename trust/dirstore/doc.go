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
//	  .lock          keeps writers apart, and names the last write
//	  .partners/     certificates of partners, see below
//
// Files are named *.pem, *.crt, *.cer, *.der, *.p7b or *.p7c; what is in them
// is told by the content, which is anything that package
// [github.com/mosip/partnertrust/trust/pkcs7] reads. A file that the store wrote
// keeps the CA's id, role and time in a comment above the PEM block, which
// other tools skip. A CA in any other file has its [trust.CA.DefaultID], the
// file's modification time, and the role of [trust.RoleOf]: a root if it is
// self-signed, an intermediate otherwise. Nothing is judged: whoever may write
// to the folder decides who is trusted.
//
// Names that begin with a dot are ignored. Everything else that is no
// certificate file (sub-folders, symbolic links, other endings, files too large
// or broken) is left alone and named by [Store.Problems], while the others are
// served. A file counts as a whole: with one entry that cannot be read, none of
// it is taken, and one that was good before is served as it was, as long as
// the store is open. Of files that give one id to two certificates the first
// counts, by domain, then what the store wrote, then by name.
//
// # Changes
//
// The folder is looked at when somebody asks and the last look is older than
// [WithInterval] says. A file is read again when its size, time or identity
// differs, or its time is so recent that it might hide a change. Over very many
// files a look takes long (a quarter of a second for 100 000), and is done so
// seldom that it stays one twentieth of the time. To keep even that from
// readers, run a watch, which also tells of every change, whoever made it:
//
//	go store.Watch(ctx, func(s *trust.Snapshot) { log.Print(s.Domain(), s.Version()) })
//
// Nothing else outlives a call. Snapshot versions grow within the process. A
// folder that cannot be looked at leaves what was known; [Store.Freshness] says
// since when, and [MaxStaleness] says how long that may be.
//
// Files are written beside their place, synced and linked or renamed into it.
// Any number of processes may share a folder: writers take turns by a lock that
// ends with its process, readers never wait for them. A writer looks at the
// folder first if a process of this library wrote since it looked, which it
// knows by the lock file; otherwise a change costs the same in a folder of ten
// files and of 100 000. What people change by hand is found by the next look:
// no file is overwritten or deleted whose content the store does not know, and
// none that it knows has its name taken.
//
// # Partners
//
// The certificates of partners ([trust.PartnerStore]) are kept in the folder
// .partners, a file each, named after its id. They are written by this store
// alone: the line above the certificate says whose it is. A renewal is written
// down before it begins, so that a crash leaves the old one or the new one and
// never both or none. Every call reads what it needs from the disk, and an
// addition or a list reads every file: they are for those who administer, not
// for every request.
//
// # Limits
//
//   - The CAs that one Add brings to one domain share a file, so that all of
//     them or none outlive a crash. Of an Add to several domains, or of more
//     than 128 CAs, a crash may leave a part that was never acknowledged.
//   - Add does not see a certificate that was dropped by hand since the last
//     look: then two files hold it, and it counts once. Remove leaves such a
//     file, and the CA is back after the next look. [WithInterval] of 0 makes
//     writers look too.
//   - Between a Remove's check of a file and its change there is a moment in
//     which what a hand writes there is lost. The same holds for Add on a file
//     system without hard links, where a hand takes the very name.
//   - A file that is changed in place to the same size and set back to the same
//     time is not seen to have changed.
//   - While two files claim one id, every change costs a walk over all CAs.
//   - Telling the role of a root that was dropped by hand costs the check of its
//     signature each time that the store is opened, several times what reading
//     it costs. What the store wrote says its role.
//   - A file dropped in another form than PEM is PEM, under its old name, once
//     one of several CAs in it was removed.
//   - Symbolic links are not followed, so a mounted Kubernetes ConfigMap is
//     not read.
//   - Writing needs flock: Linux, macOS and the BSDs, and a file system that
//     honours it. Over NFS (all machines alike), the write of a machine that
//     lost its power half way is found by the next look.
//
// See also the constants of this package.
package dirstore
