package policy

import (
	"strconv"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// encoder writes the canonical form of a document: no white space, the members
// in the order of the documented format, then unknown ones by name.
type encoder struct {
	buf   []byte
	first bool
}

func (e *encoder) name(name string) {
	if !e.first {
		e.buf = append(e.buf, ',')
	}
	e.first = false
	e.buf = append(strictjson.AppendString(e.buf, name), ':')
}

func (e *encoder) object(body func()) {
	e.buf = append(e.buf, '{')
	e.first = true
	body()
	e.buf = append(e.buf, '}')
	e.first = false
}

func (e *encoder) str(name, value string) {
	e.name(name)
	e.buf = strictjson.AppendString(e.buf, value)
}

func (e *encoder) boolean(name string, value bool) {
	e.name(name)
	e.buf = strconv.AppendBool(e.buf, value)
}

func (e *encoder) array(name string, n int, item func(i int)) {
	e.name(name)
	e.buf = append(e.buf, '[')
	for i := range n {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		item(i)
	}
	e.buf = append(e.buf, ']')
	e.first = false
}

func (e *encoder) strings(name string, values []string) {
	e.array(name, len(values), func(i int) { e.buf = strictjson.AppendString(e.buf, values[i]) })
}

func (e *encoder) extras(extra []extra) {
	for _, x := range extra {
		e.name(x.name)
		e.buf = append(e.buf, x.value...)
	}
}
