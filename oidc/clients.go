package oidc

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// Clients is where a host keeps its clients. Implementations keep the contract
// that package clientstest tests:
//
//   - All methods may be called at the same time. What a method has returned
//     to one caller, another sees from then on.
//   - Clients go in and out as copies: what the caller changes afterwards does
//     not reach the store.
//   - Errors are, or wrap, the [Reason] that is named here. A context that is
//     over gives its error, and nothing is changed.
type Clients interface {
	// Client finds a client by its id: exactly that, not an id of its key by
	// another rule. Absent: [ClientNotFound].
	Client(ctx context.Context, id string) (*Client, error)

	// Create adds a client, with Revision 1 whatever c says. It fails with
	// [DuplicateClient] when its id exists, and with [DuplicateKey] when any of
	// [Client.Handles] is one of another client's; looking and adding are one
	// step. [NotAClient]: no id or no key.
	Create(ctx context.Context, c *Client) error

	// Update replaces the client with this id, if c.Revision is that of the
	// stored one ([Conflict] otherwise), and adds one to the Revision. A client
	// that is absent ([ClientNotFound]), not active ([ClientInactive]) or has
	// another key ([KeyChanged]) is left alone.
	Update(ctx context.Context, c *Client) error
}

// Handles are all ids and hashes by which any version of the platform knows
// the key, in no particular order: two clients have the same key, or one has
// the id of the other's key, if and only if they share one. A database keeps
// them in a table with a unique index.
//
// They are the key's id by each [Rule], and its hashes by eSignet's two
// services, both for the text that was sent and in canonical form.
func (k *Key) Handles() []string {
	var handles []string
	add := func(handle string, err error) {
		if err == nil && !slices.Contains(handles, handle) {
			handles = append(handles, handle)
		}
	}
	keys := []*Key{k}
	if canonical, err := ParseKey(k.JWK(), AllowSecp256k1()); err == nil {
		keys = append(keys, canonical)
	}
	for _, k := range keys {
		for _, rule := range rules {
			add(k.ClientID(rule))
		}
		add(k.PublicKeyHash())
		add(k.PublicKeyHashGo())
	}
	return handles
}

// Handles are those of the client's key, and its id.
func (c *Client) Handles() []string {
	handles := c.Key.Handles()
	if !slices.Contains(handles, c.ID) {
		handles = append(handles, c.ID)
	}
	return handles
}

// Memory is a [Clients] store in memory, for tests and for hosts that load
// their clients at start. The zero value is empty and ready.
type Memory struct {
	mu      sync.RWMutex
	clients map[string]*Client
	handles map[string]string // to client ids
}

var _ Clients = (*Memory)(nil)

// Client implements [Clients].
func (m *Memory) Client(ctx context.Context, id string) (*Client, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	c, ok := m.clients[id]
	if !ok {
		return nil, ClientNotFound
	}
	return c.Clone(), nil
}

// Create implements [Clients].
func (m *Memory) Create(ctx context.Context, c *Client) error {
	if c == nil || c.ID == "" || c.Key == nil {
		return NotAClient
	}
	handles := c.Handles()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, exists := m.clients[c.ID]; exists {
		return DuplicateClient
	}
	for _, handle := range handles {
		if _, taken := m.handles[handle]; taken {
			return DuplicateKey
		}
	}
	if m.clients == nil {
		m.clients, m.handles = make(map[string]*Client), make(map[string]string)
	}
	for _, handle := range handles {
		m.handles[handle] = c.ID
	}
	stored := c.Clone()
	stored.Revision = 1
	m.clients[c.ID] = stored
	return nil
}

// Update implements [Clients].
func (m *Memory) Update(ctx context.Context, c *Client) error {
	if c == nil || c.ID == "" || c.Key == nil {
		return NotAClient
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	stored, ok := m.clients[c.ID]
	switch {
	case !ok:
		return ClientNotFound
	case stored.Status != Active:
		return ClientInactive
	case !stored.Key.Equal(c.Key):
		return KeyChanged
	case stored.Revision != c.Revision:
		return Conflict
	}
	updated := c.Clone()
	updated.Key = stored.Key // its text is what the handles were made of
	updated.Revision++
	m.clients[c.ID] = updated
	return nil
}

// UpdateClient reads a client, changes it and stores it, again from the start
// as long as others change it in between. What change returns as an error ends
// it.
func UpdateClient(ctx context.Context, store Clients, id string, change func(*Client) (*Client, error)) (*Client, error) {
	for {
		c, err := store.Client(ctx, id)
		if err != nil {
			return nil, err
		}
		changed, err := change(c)
		if err != nil {
			return nil, err
		}
		switch err := store.Update(ctx, changed); {
		case err == nil:
			return store.Client(ctx, id)
		case !errors.Is(err, Conflict):
			return nil, err
		}
	}
}
