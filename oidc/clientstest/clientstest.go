// Package clientstest tests that a store of clients keeps the contract of
// [oidc.Clients]:
//
//	func TestStore(t *testing.T) {
//		clientstest.Run(t, func(t *testing.T) oidc.Clients { return openEmpty(t) })
//	}
//
// and, with [RunReplayCache], that a replay cache keeps that of
// [oidc.ReplayCache].
package clientstest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/mosip/partnertrust/oidc"
)

// Run tests a store. Each test opens one of its own, which must be empty and
// safe for concurrent use; what it holds needs to be released with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) oidc.Clients) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, store oidc.Clients)
	}{
		{"Create", testCreate},
		{"DuplicateClient", testDuplicateClient},
		{"DuplicateKey", testDuplicateKey},
		{"Update", testUpdate},
		{"UpdateRefuses", testUpdateRefuses},
		{"Copies", testCopies},
		{"OneCreates", testOneCreates},
		{"OneUpdates", testOneUpdates},
		{"Context", testContext},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func testCreate(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	c.Revision = 7
	_, err := store.Client(t.Context(), c.ID)
	wantError(t, err, oidc.ClientNotFound)
	want(t, store.Create(t.Context(), c))

	got, err := store.Client(t.Context(), c.ID)
	want(t, err)
	if got.Revision != 1 {
		t.Errorf("Revision %d of a new client, want 1", got.Revision)
	}
	got.Revision = c.Revision
	equal(t, c, got)

	other, err := c.Key.ClientID(oidc.RFC7638Rule)
	want(t, err)
	_, err = store.Client(t.Context(), other)
	wantError(t, err, oidc.ClientNotFound) // an id by another rule is not its id

	wantError(t, store.Create(t.Context(), nil), oidc.NotAClient)
	wantError(t, store.Create(t.Context(), &oidc.Client{ID: "1"}), oidc.NotAClient)
	wantError(t, store.Create(t.Context(), &oidc.Client{Key: c.Key}), oidc.NotAClient)
}

func testDuplicateClient(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	want(t, store.Create(t.Context(), c))
	other := NewClient(t)
	other.ID = c.ID
	wantError(t, store.Create(t.Context(), other), oidc.DuplicateClient)
	got, err := store.Client(t.Context(), c.ID)
	want(t, err)
	if !got.Key.Equal(c.Key) {
		t.Error("a refused Create changed the client")
	}
}

// testDuplicateKey registers one key under its id by one rule, and once more
// under every other id and in every other writing.
func testDuplicateKey(t *testing.T, store oidc.Clients) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, oidc.MinRSABits)
	want(t, err)
	key, err := oidc.KeyFromPublicKey(rsaKey.Public())
	want(t, err)
	rules := []oidc.Rule{oidc.CurrentRule, oidc.JWKTextRule, oidc.RFC7638Rule}

	rewritten := rewrite(t, key)
	first := NewClient(t)
	first.Key = rewritten
	first.ID, err = rewritten.ClientID(oidc.JWKTextRule)
	want(t, err)
	want(t, store.Create(t.Context(), first))
	for _, writing := range []*oidc.Key{key, rewritten} {
		for _, rule := range rules {
			again := NewClient(t)
			again.Key = writing
			again.ID, err = writing.ClientID(rule)
			want(t, err)
			reason := oidc.DuplicateKey
			if again.ID == first.ID {
				reason = oidc.DuplicateClient
			}
			wantError(t, store.Create(t.Context(), again), reason)
			if again.ID != first.ID {
				_, err = store.Client(t.Context(), again.ID)
				wantError(t, err, oidc.ClientNotFound)
			}
		}
	}
	// Another key under an id that belongs to the first one.
	for _, rule := range rules {
		thief := NewClient(t)
		thief.ID, err = key.ClientID(rule)
		want(t, err)
		wantError(t, store.Create(t.Context(), thief), oidc.DuplicateKey)
	}
	want(t, store.Create(t.Context(), NewClient(t)))
}

// rewrite is the same key with another text.
func rewrite(t *testing.T, key *oidc.Key) *oidc.Key {
	var members map[string]any
	want(t, json.Unmarshal(key.JWK(), &members))
	members["kid"], members["use"] = "k-1", "sig"
	text, err := json.Marshal(members)
	want(t, err)
	again, err := oidc.ParseKey(text)
	want(t, err)
	return again
}

func testUpdate(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	want(t, store.Create(t.Context(), c))
	for revision := int64(1); revision < 4; revision++ {
		got, err := store.Client(t.Context(), c.ID)
		want(t, err)
		if got.Revision != revision {
			t.Fatalf("Revision %d, want %d", got.Revision, revision)
		}
		got.Name = fmt.Sprint("name ", revision)
		got.ACRs = append(got.ACRs, fmt.Sprint("acr ", revision))
		want(t, store.Update(t.Context(), got))
		again, err := store.Client(t.Context(), c.ID)
		want(t, err)
		got.Revision++
		equal(t, got, again)
	}
}

func testUpdateRefuses(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	want(t, store.Create(t.Context(), c))
	stored, err := store.Client(t.Context(), c.ID)
	want(t, err)
	for _, test := range []struct {
		name   string
		change func(c *oidc.Client)
		want   oidc.Reason
	}{
		{"absent", func(c *oidc.Client) { *c = *NewClient(t) }, oidc.ClientNotFound},
		{"another key", func(c *oidc.Client) { c.Key = NewClient(t).Key }, oidc.KeyChanged},
		{"an old revision", func(c *oidc.Client) { c.Revision-- }, oidc.Conflict},
		{"a revision to come", func(c *oidc.Client) { c.Revision++ }, oidc.Conflict},
		{"no key", func(c *oidc.Client) { c.Key = nil }, oidc.NotAClient},
		{"no id", func(c *oidc.Client) { c.ID = "" }, oidc.NotAClient},
	} {
		changed := stored.Clone()
		test.change(changed)
		changed.Name = test.name
		wantError(t, store.Update(t.Context(), changed), test.want)
	}
	wantError(t, store.Update(t.Context(), nil), oidc.NotAClient)
	got, err := store.Client(t.Context(), c.ID)
	want(t, err)
	equal(t, stored, got)

	got.Status = oidc.Inactive
	want(t, store.Update(t.Context(), got))
	got, err = store.Client(t.Context(), c.ID)
	want(t, err)
	got.Status = oidc.Active
	wantError(t, store.Update(t.Context(), got), oidc.ClientInactive)
}

func testCopies(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	before := c.Clone()
	want(t, store.Create(t.Context(), c))
	spoil := func(c *oidc.Client) {
		c.Name, c.ACRs[0], c.RedirectURIs[0], c.Names["eng"], c.Claims[0].Attributes[0] = "x", "x", "x", "x", "x"
	}
	spoil(c)
	got, err := store.Client(t.Context(), c.ID)
	want(t, err)
	spoil(got)
	got, err = store.Client(t.Context(), c.ID)
	want(t, err)
	got.Revision = before.Revision
	equal(t, before, got)
}

func testOneCreates(t *testing.T, store oidc.Clients) {
	c := NewClient(t)
	created := concurrently(func() error { return store.Create(t.Context(), c.Clone()) }, func(err error) {
		if !errors.Is(err, oidc.DuplicateClient) && !errors.Is(err, oidc.DuplicateKey) {
			t.Errorf("error %v, want one of a duplicate", err)
		}
	})
	if created != 1 {
		t.Errorf("%d of %d concurrent calls created the client, want 1", created, callers)
	}
}

func testOneUpdates(t *testing.T, store oidc.Clients) {
	want(t, store.Create(t.Context(), NewClient(t)))
	c := NewClient(t)
	want(t, store.Create(t.Context(), c))
	stored, err := store.Client(t.Context(), c.ID)
	want(t, err)
	updated := concurrently(func() error { return store.Update(t.Context(), stored.Clone()) }, func(err error) {
		if !errors.Is(err, oidc.Conflict) {
			t.Errorf("error %v, want %v", err, oidc.Conflict)
		}
	})
	if updated != 1 {
		t.Errorf("%d of %d concurrent updates of one revision were stored, want 1", updated, callers)
	}
	updated = concurrently(func() error {
		_, err := oidc.UpdateClient(t.Context(), store, c.ID, func(c *oidc.Client) (*oidc.Client, error) {
			c.ACRs = append(c.ACRs, "another")
			return c, nil
		})
		return err
	}, func(err error) { t.Error(err) })
	got, err := store.Client(t.Context(), c.ID)
	want(t, err)
	if len(got.ACRs) != len(c.ACRs)+updated {
		t.Errorf("%d of %d updates are there", len(got.ACRs)-len(c.ACRs), updated)
	}
}

const callers = 16

// concurrently counts the calls without an error, and hands on the errors.
func concurrently(call func() error, failed func(error)) (succeeded int) {
	var wg sync.WaitGroup
	errs := make([]error, callers)
	for i := range errs {
		wg.Go(func() { errs[i] = call() })
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			succeeded++
		} else {
			failed(err)
		}
	}
	return succeeded
}

func testContext(t *testing.T, store oidc.Clients) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	c := NewClient(t)
	wantError(t, store.Create(over, c), context.Canceled)
	_, err := store.Client(t.Context(), c.ID)
	wantError(t, err, oidc.ClientNotFound)
	want(t, store.Create(t.Context(), c))
	_, err = store.Client(over, c.ID)
	wantError(t, err, context.Canceled)
	stored, err := store.Client(t.Context(), c.ID)
	want(t, err)
	wantError(t, store.Update(over, stored), context.Canceled)
}

// NewClient makes a client with a new key, and something in every field.
func NewClient(t testing.TB) *oidc.Client {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := oidc.KeyFromPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	id, err := key.ClientID(oidc.CurrentRule)
	if err != nil {
		t.Fatal(err)
	}
	return &oidc.Client{
		ID:               id,
		Name:             "Health services",
		Names:            oidc.LanguageMap{"eng": "Health services", "fra": "Services de santé"},
		PolicyID:         "policy-1",
		PartnerID:        "partner-1",
		Key:              key,
		LogoURI:          "https://rp.example/logo.png",
		RedirectURIs:     []string{"https://rp.example/callback", "https://rp.example/app/**"},
		Claims:           []oidc.Claim{{Name: "address", Attributes: []string{"city"}, Withheld: []string{"postalCode"}}},
		ACRs:             []string{"mosip:idp:acr:generated-code"},
		GrantTypes:       []string{"authorization_code"},
		AuthMethods:      []string{"private_key_jwt"},
		AdditionalConfig: json.RawMessage(`{"userinfo_response_type":"JWS"}`),
		Status:           oidc.Active,
	}
}

func want(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func wantError(t testing.TB, err, reason error) {
	t.Helper()
	if !errors.Is(err, reason) {
		t.Fatalf("error %v, want %v", err, reason)
	}
}

// equal compares all but the key's text, of which a store may keep another
// writing only if it has the same handles.
func equal(t testing.TB, want, got *oidc.Client) {
	t.Helper()
	if !want.Key.Equal(got.Key) || !sameHandles(want.Key, got.Key) {
		t.Errorf("key %s, want %s", got.Key.JWK(), want.Key.JWK())
	}
	a, b := *want, *got
	a.Key, b.Key = nil, nil
	if !reflect.DeepEqual(a, b) {
		t.Errorf("client %+v, want %+v", b, a)
	}
}

func sameHandles(a, b *oidc.Key) bool { return reflect.DeepEqual(a.Handles(), b.Handles()) }
