// Package strictjson reads JSON (RFC 8259) the way an approver reads it: every
// member once, every byte accounted for, and each value with the place where it
// stands. encoding/json keeps the last of two members of the same name, repairs
// broken UTF-8 and forgets where a value came from; a policy may suffer none of
// the three.
//
//	doc, problems := strictjson.Parse(data, strictjson.Limits{Bytes: 1 << 16, Depth: 16, Entries: 1024, Problems: 100})
//
// Problems of form (a duplicate member, data behind the document) are collected
// while reading goes on; text that is not JSON ends the reading, because what
// follows has no meaning any more.
package strictjson
