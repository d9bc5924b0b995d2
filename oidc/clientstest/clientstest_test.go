package clientstest_test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/oidc/clientstest"
)

// broken are stores that each break one clause of the contract.
var broken = map[string]func() oidc.Clients{
	"knows only ids": func() oidc.Clients { return &onlyIDs{clients: map[string]*oidc.Client{}} },
	"forgets":        func() oidc.Clients { return new(forgetful) },
	"shares":         func() oidc.Clients { return &sharing{last: map[string]*oidc.Client{}} },
	"last one wins":  func() oidc.Clients { return new(lastWins) },
	"no context":     func() oidc.Clients { return new(deaf) },
	"revives":        func() oidc.Clients { return new(reviving) },
}

const which = "CLIENTSTEST_BROKEN"

// TestBroken is what TestSuite runs in a process of its own.
func TestBroken(t *testing.T) {
	open, ok := broken[os.Getenv(which)]
	if !ok {
		t.Skip("run by TestSuite")
	}
	clientstest.Run(t, func(*testing.T) oidc.Clients { return open() })
}

// The suite passes a store that keeps the contract, and no other.
func TestSuite(t *testing.T) {
	t.Parallel()
	clientstest.Run(t, func(*testing.T) oidc.Clients { return new(oidc.Memory) })
	for name := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBroken$")
			command.Env = append(os.Environ(), which+"="+name)
			output, err := command.CombinedOutput()
			var failed *exec.ExitError
			require.ErrorAs(t, err, &failed, "the suite passed a store that breaks the contract")
			require.Contains(t, string(output), "--- FAIL: TestBroken")
		})
	}
}

// onlyIDs finds no duplicate key.
type onlyIDs struct {
	oidc.Memory
	clients map[string]*oidc.Client
}

func (s *onlyIDs) Client(ctx context.Context, id string) (*oidc.Client, error) {
	if c, ok := s.clients[id]; ok {
		return c.Clone(), ctx.Err()
	}
	return s.Memory.Client(ctx, id)
}

func (s *onlyIDs) Create(ctx context.Context, c *oidc.Client) error {
	err := s.Memory.Create(ctx, c)
	if err == oidc.DuplicateKey {
		s.clients[c.ID] = c.Clone()
		return nil
	}
	return err
}

// forgetful stores no update.
type forgetful struct{ oidc.Memory }

func (*forgetful) Update(context.Context, *oidc.Client) error { return nil }

// sharing hands out what it was given.
type sharing struct {
	oidc.Memory
	last map[string]*oidc.Client
}

func (s *sharing) Create(ctx context.Context, c *oidc.Client) error {
	err := s.Memory.Create(ctx, c)
	if err == nil {
		s.last[c.ID] = c
	}
	return err
}

func (s *sharing) Client(ctx context.Context, id string) (*oidc.Client, error) {
	got, err := s.Memory.Client(ctx, id)
	if c, ok := s.last[id]; ok && err == nil && got.Revision == 1 {
		out := *c
		out.Revision = 1
		return &out, nil
	}
	return got, err
}

// lastWins does not compare revisions.
type lastWins struct{ oidc.Memory }

func (s *lastWins) Update(ctx context.Context, c *oidc.Client) error {
	if c == nil {
		return oidc.NotAClient
	}
	stored, err := s.Client(ctx, c.ID)
	if err != nil {
		return s.Memory.Update(ctx, c)
	}
	changed := c.Clone()
	changed.Revision = stored.Revision
	return s.Memory.Update(ctx, changed)
}

// deaf does not hear that the context is over.
type deaf struct{ oidc.Memory }

func (s *deaf) Create(_ context.Context, c *oidc.Client) error {
	return s.Memory.Create(context.Background(), c)
}

// reviving lets an inactive client be changed.
type reviving struct{ oidc.Memory }

func (s *reviving) Update(ctx context.Context, c *oidc.Client) error {
	if err := s.Memory.Update(ctx, c); err != oidc.ClientInactive {
		return err
	}
	return nil
}
