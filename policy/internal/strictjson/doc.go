// Package strictjson reads JSON (RFC 8259) the way an approver reads it: every
// member once, every byte accounted for, and each value with the place where it
// stands. A name that stands twice is refused, text that is not UTF-8 is refused,
// and no value forgets where it came from.
//
//	doc, problems := strictjson.Parse(data, strictjson.Limits{Bytes: 1 << 16, Depth: 16, Entries: 1024, Problems: 100})
//
// Problems of form (a duplicate member, data behind the document) are collected
// while reading goes on; text that is not JSON ends the reading, because what
// follows has no meaning any more.
package strictjson
