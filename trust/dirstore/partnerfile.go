package dirstore

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// partnerMark is the line above a partner's certificate that keeps what the
// certificate does not say, as JSON: an organisation may have any letters.
const partnerMark = "# partnertrust-partner: "

type partnerNote struct {
	ID           string       `json:"id"`
	Domain       trust.Domain `json:"domain"`
	Organization string       `json:"organization"`
	Added        time.Time    `json:"added"`
}

// formatPartner writes a file as readPartner reads it: the partner's
// certificate and, if there is one, the platform's own after it.
func formatPartner(p trust.PartnerCertificate) ([]byte, error) {
	note, err := json.Marshal(partnerNote{p.ID, p.Domain, p.Organization, p.AddedAt})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n", partnerMark, note)
	ders := [][]byte{p.Certificate.Raw}
	if p.Signed != nil {
		ders = append(ders, p.Signed.Raw)
	}
	for _, der := range ders {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// readPartner reads a file. What is wrong with it is a [Problem] with its path.
func readPartner(dir, name string) (p trust.PartnerCertificate, err error) {
	data, _, err := content(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	if err == nil {
		p, err = parsePartner(data)
	}
	if err == nil && p.ID+ending != name {
		err = fmt.Errorf("%w: it holds id %q", ErrForeign, p.ID)
	}
	if err != nil {
		return trust.PartnerCertificate{}, Problem{Path: partnersFolder + "/" + name, Err: err}
	}
	return p, nil
}

func parsePartner(data []byte) (p trust.PartnerCertificate, err error) {
	line, _, ok := bytes.Cut(data, []byte("\n"))
	text, marked := strings.CutPrefix(string(line), partnerMark)
	if !ok || !marked {
		return p, fmt.Errorf("%w: it does not begin with what a partner's file does", ErrForeign)
	}
	var note partnerNote
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&note); err != nil || decoder.More() {
		return p, fmt.Errorf("%w: the line above the certificate: %v", trust.ErrInvalidPartner, err)
	}
	certs, err := trust.ParseCertificates(data)
	if err != nil {
		return p, err
	}
	p = trust.PartnerCertificate{ID: note.ID, Domain: note.Domain, Organization: note.Organization, AddedAt: note.Added, Certificate: certs[0]}
	switch len(certs) {
	case 1:
	case 2:
		p.Signed = certs[1]
	default:
		return p, fmt.Errorf("%w: %d certificates", trust.ErrInvalidPartner, len(certs))
	}
	return p, p.Validate()
}

// isID reports whether a text may be the name of a file here.
func isID(id string) bool {
	return id != "" && len(id) <= trust.MaxIDLength && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// renewalName is the journal of a renewal: the two names, the old file's first.
// While it stands, the temporary file of the new name is to take its place and
// the old file to go, whatever a crash left of that.
const renewalName = ".renewal"

type renewal struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// storePartner writes a partner's file and takes out the one that it replaces,
// both or neither, whatever happens in between.
func storePartner(root, dir string, p trust.PartnerCertificate, replaces string) error {
	if err := os.Mkdir(dir, 0o755); err == nil {
		if err := settle(root); err != nil {
			return fmt.Errorf("dirstore: %w", err)
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("dirstore: %w", err)
	}
	data, err := formatPartner(p)
	if err != nil {
		return err
	}
	name := p.ID + ending
	if replaces == "" || replaces == p.ID {
		_, err := overwrite(dir, name, data)
		return wrap(errors.Join(err, settle(dir)))
	}
	if _, _, err := prepare(dir, name, data); err != nil {
		return wrap(err)
	}
	journal, err := json.Marshal(renewal{Old: replaces + ending, New: name})
	if err == nil {
		_, err = overwrite(dir, renewalName, journal)
	}
	if err == nil {
		err = settle(dir)
	}
	if err != nil {
		return wrap(errors.Join(err, remove(filepath.Join(dir, renewalName)), remove(filepath.Join(dir, tempPrefix+name))))
	}
	return wrap(recoverRenewal(dir))
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("dirstore: %w", err)
	}
	return nil
}

// recoverRenewal does what the journal says, if there is one. Each step may
// have been done already.
func recoverRenewal(dir string) error {
	path := filepath.Join(dir, renewalName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var r renewal
	if err := json.Unmarshal(data, &r); err != nil || !isID(strings.TrimSuffix(r.Old, ending)) || !isID(strings.TrimSuffix(r.New, ending)) {
		return fmt.Errorf("%s: %w", partnersFolder+"/"+renewalName, ErrBroken)
	}
	if err := os.Rename(filepath.Join(dir, tempPrefix+r.New), filepath.Join(dir, r.New)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := remove(filepath.Join(dir, r.Old)); err != nil {
		return err
	}
	if err := settle(dir); err != nil {
		return err
	}
	return errors.Join(remove(path), settle(dir))
}
