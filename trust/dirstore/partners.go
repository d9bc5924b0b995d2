package dirstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/trust"
)

var _ trust.PartnerStore = (*Store)(nil)

// partnersFolder holds the certificates of partners, a file each, named after
// its id. It begins with a dot, so that no look at the CAs sees it.
const partnersFolder = ".partners"

// partners runs what is done with partners' certificates, alone among all
// processes, over a folder in which no renewal is half done.
func (s *Store) partners(ctx context.Context, do func(dir string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := take(ctx, s.writers); err != nil {
		return err
	}
	defer func() { <-s.writers }()
	held, err := lock(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return err
	}
	defer held.unlock()
	dir := filepath.Join(s.dir, partnersFolder)
	if err := recoverRenewal(dir); err != nil {
		return fmt.Errorf("dirstore: an interrupted renewal: %w", err)
	}
	return do(dir)
}

// PutPartner implements [trust.PartnerStore].
func (s *Store) PutPartner(ctx context.Context, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
	if p.ID == "" {
		p.ID = p.DefaultID()
	}
	if p.AddedAt.IsZero() {
		p.AddedAt = s.now()
	}
	p.AddedAt = p.AddedAt.Round(0).UTC() // what the file will say
	if err := p.Validate(); err != nil {
		return trust.PartnerCertificate{}, err
	}
	if y := p.AddedAt.Year(); y < 0 || y > 9999 {
		return trust.PartnerCertificate{}, fmt.Errorf("%w: added in year %d", trust.ErrInvalidPartner, y)
	}
	err := s.partners(ctx, func(dir string) error {
		all, err := readPartners(ctx, dir)
		if err != nil {
			return err
		}
		found := replaces == ""
		for _, other := range all {
			switch {
			case other.ID == replaces && other.Domain == p.Domain:
				found = true
			case strings.EqualFold(other.ID, p.ID), other.Domain == p.Domain && string(other.Certificate.Raw) == string(p.Certificate.Raw):
				return fmt.Errorf("%w: partner certificate %q", trust.ErrExists, other.ID)
			}
		}
		if !found {
			return partnerNotFound(p.Domain, replaces)
		}
		return storePartner(s.dir, dir, p, replaces)
	})
	if err != nil {
		return trust.PartnerCertificate{}, err
	}
	return p, nil
}

func partnerNotFound(d trust.Domain, id string) error {
	return fmt.Errorf("%w: partner certificate %.64q in domain %s", trust.ErrNotFound, id, d)
}

// Partner implements [trust.PartnerStore].
func (s *Store) Partner(ctx context.Context, d trust.Domain, id string) (p trust.PartnerCertificate, err error) {
	if _, err := trust.NewSnapshot(d); err != nil {
		return p, err
	}
	err = s.partners(ctx, func(dir string) error {
		p, err = findPartner(dir, d, id)
		return err
	})
	return p, err
}

// RemovePartner implements [trust.PartnerStore].
func (s *Store) RemovePartner(ctx context.Context, d trust.Domain, id string) error {
	if _, err := trust.NewSnapshot(d); err != nil {
		return err
	}
	return s.partners(ctx, func(dir string) error {
		if _, err := findPartner(dir, d, id); err != nil {
			return err
		}
		return errors.Join(os.Remove(filepath.Join(dir, id+ending)), settle(dir))
	})
}

// ListPartners implements [trust.PartnerStore]. A file that cannot be read is
// an error that names it: a list that leaves out a partner would pass for
// whole.
func (s *Store) ListPartners(ctx context.Context, q trust.PartnerQuery) (page trust.PartnerPage, err error) {
	if err := q.Validate(); err != nil {
		return page, err
	}
	err = s.partners(ctx, func(dir string) error {
		all, err := readPartners(ctx, dir)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(p trust.PartnerCertificate) bool { return !q.Selects(p) })
		slices.SortFunc(all, func(a, b trust.PartnerCertificate) int {
			return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.ID, b.ID))
		})
		page = q.Cut(all)
		return nil
	})
	return page, err
}

// findPartner reads one file, whose name is compared to the letter on file
// systems too that do not.
func findPartner(dir string, d trust.Domain, id string) (trust.PartnerCertificate, error) {
	if !isID(id) {
		return trust.PartnerCertificate{}, partnerNotFound(d, id)
	}
	p, err := readPartner(dir, id+ending)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (p.ID != id || p.Domain != d) {
		return trust.PartnerCertificate{}, partnerNotFound(d, id)
	}
	return p, err
}

// readPartners reads every file of the folder.
func readPartners(ctx context.Context, dir string) ([]trust.PartnerCertificate, error) {
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("dirstore: %w", err)
	}
	if len(found) > MaxFiles {
		return nil, fmt.Errorf("%w: a folder of more than %d entries", trust.ErrTooLarge, MaxFiles)
	}
	var all []trust.PartnerCertificate
	for _, e := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if strings.HasPrefix(e.Name(), tempPrefix) { // of a writer that died: no other is at work
			if err := remove(filepath.Join(dir, e.Name())); err != nil {
				return nil, wrap(err)
			}
			continue
		}
		p, err := readPartner(dir, e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
