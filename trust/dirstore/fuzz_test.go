package dirstore

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// What is read of a partner's file is written as it is read.
func FuzzParsePartner(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	for _, signed := range []*pkitest.Cert{nil, root} {
		p := trust.PartnerCertificate{ID: "one", Domain: trust.Auth, Organization: "Größe \"& Co\"\u2028", Certificate: root.Certificate, AddedAt: pkitest.Now}
		if signed != nil {
			p.Signed = signed.Certificate
		}
		data, err := formatPartner(p)
		require.NoError(f, err)
		f.Add(data)
		f.Add(slices.Concat([]byte("\n"), data))
		f.Add(slices.Concat(data, data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePartner(data)
		if err != nil {
			return
		}
		require.NoError(t, p.Validate())
		again, err := formatPartner(p)
		require.NoError(t, err)
		back, err := parsePartner(again)
		require.NoError(t, err)
		require.True(t, p.AddedAt.Equal(back.AddedAt))
		p.AddedAt = back.AddedAt
		require.Equal(t, p.Certificate.Raw, back.Certificate.Raw)
		p.Certificate, p.Signed, back.Certificate, back.Signed = nil, nil, nil, nil
		require.Equal(t, p, back)
	})
}

// The short way of reading plain PEM finds what the long way finds, or leaves it
// to that.
func FuzzParseFile(f *testing.F) {
	root := pkitest.NewRoot(f, "root")
	line := "# partnertrust-ca: id=a role=INTERMEDIATE added=2026-01-02T03:04:05.6Z\n"
	f.Add(root.PEM())
	f.Add([]byte(line + string(root.PEM())))
	f.Add([]byte(line + string(root.PEM()) + string(root.PEM())))
	f.Add(slices.Concat(root.PEM(), []byte("\n\n"), root.PEM()))
	f.Fuzz(func(t *testing.T, data []byte) {
		modified := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		short, ok := parsePlain(trust.Auth, data, modified)
		if !ok {
			return
		}
		long, err := parseAny(trust.Auth, data, modified)
		require.NoError(t, err)
		require.Equal(t, outline(long), outline(short))
	})
}

func outline(cas []entry) (out []string) {
	for _, e := range cas {
		r := e.ca.Record()
		out = append(out, r.ID()+" "+string(r.Role())+" "+r.AddedAt().String()+" "+string(r.AppendDER(nil)))
	}
	return out
}
