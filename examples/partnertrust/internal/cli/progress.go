package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	// patience is how long something may take before a person wants to know how
	// far it is.
	patience = time.Second
	// repaint is how often the line changes.
	repaint  = 100 * time.Millisecond
	barWidth = 30
)

// progress is a line on a terminal that says how far the loading of a store is.
// It is shown to persons only, only where it takes long, and leaves nothing.
type progress struct {
	out  io.Writer // nil where nobody looks
	now  func() time.Time
	what string

	mu           sync.Mutex
	began, drawn time.Time
}

func (a *app) progress(what string) *progress {
	p := &progress{now: a.Now, what: what, began: a.Now()}
	if a.ErrIsTerminal {
		p.out = a.Err
	}
	return p
}

// report is for the WithProgress options of stores.
func (p *progress) report(done, total int) {
	if p.out == nil || total <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.began) < patience || now.Sub(p.drawn) < repaint && done < total {
		return
	}
	p.drawn = now
	full := min(barWidth, barWidth*done/total)
	fmt.Fprintf(p.out, "\r%s [%s%s] %d of %d", p.what, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, total)
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.drawn.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}
