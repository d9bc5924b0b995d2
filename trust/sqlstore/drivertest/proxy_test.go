package drivertest

import (
	"bytes"
	"database/sql"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// proxy stands between a store and PostgreSQL, to fail as networks do.
type proxy struct {
	listener net.Listener
	server   string

	mu      sync.Mutex
	refuses bool
	cutAt   []byte // the connection on which a client says this is cut before the server's answer
	conns   map[net.Conn]bool
	deaf    map[net.Conn]bool
	keepAt  []byte // of a connection on which a client says this the answers are kept back
	kept    map[net.Conn]bool
	hangs   bool // nothing comes through, and nothing breaks
	group   sync.WaitGroup
}

func newProxy(t *testing.T) (*proxy, *pgx.ConnConfig) {
	t.Helper()
	config := postgresConfig(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, server: net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), conns: map[net.Conn]bool{}, deaf: map[net.Conn]bool{}, kept: map[net.Conn]bool{}}
	p.group.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut(true)
		p.group.Wait()
	})
	config.Host, config.Port = "127.0.0.1", uint16(listener.Addr().(*net.TCPAddr).Port)
	return p, config
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		refuses := p.refuses
		p.mu.Unlock()
		server, err := net.Dial("tcp", p.server)
		if refuses || err != nil {
			_ = client.Close()
			if err == nil {
				_ = server.Close()
			}
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.group.Go(func() { p.pump(client, server, true) })
		p.group.Go(func() { p.pump(server, client, false) })
	}
}

func (p *proxy) pump(from, to net.Conn, fromClient bool) {
	defer func() {
		_, _ = from.Close(), to.Close()
		p.mu.Lock()
		delete(p.conns, from)
		p.mu.Unlock()
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.mu.Lock()
			if fromClient && p.cutAt != nil && bytes.Contains(bytes.ToLower(buffer[:n]), p.cutAt) {
				p.deaf[from] = true // it does what is asked; the answer gets lost
			}
			if fromClient && p.keepAt != nil && bytes.Contains(bytes.ToLower(buffer[:n]), p.keepAt) {
				p.kept[from] = true
			}
			deaf, silent := p.deaf[to], p.kept[to] || p.hangs
			p.mu.Unlock()
			if silent {
				continue
			}
			if deaf {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends all connections and, if it stays so, refuses new ones.
func (p *proxy) cut(refuse bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = refuse
	for c := range p.conns {
		_ = c.Close()
	}
}

func (p *proxy) cutWhenClientSays(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cutAt = nil
	if what != "" {
		p.cutAt = []byte(what)
	}
}

func (p *proxy) keepAnswersTo(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keepAt = nil
	if what != "" {
		p.keepAt = []byte(what)
	}
}

func (p *proxy) hangUp(hangs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hangs = hangs
}

func (p *proxy) open(t *testing.T, config *pgx.ConnConfig) *sql.DB {
	t.Helper()
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(8)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
