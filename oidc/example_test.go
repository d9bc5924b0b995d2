package oidc_test

import (
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/oidc"
)

func ExampleClientID() {
	jwk := []byte(`{
		"kty": "EC",
		"crv": "P-256",
		"x": "bctaFQrjvSIflPNW4PWmI-lMAKuUvcMEZk-Z8j43OYo",
		"y": "CQnDlOPGSO1VCIs4ffCoZCgCWE46LYQKoVD1tYlGxbw",
		"kid": "of no account"
	}`)
	id, err := oidc.ClientID(jwk)
	fmt.Println(id, err)
	// Output: YCsIN8mgwPWI2SM5l8qDLDD_tzB8p2dQMEWTuCVfMCM <nil>
}

func ExampleReason() {
	_, err := oidc.ClientID([]byte(`{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ", "d": "AQ"}`))
	fmt.Println(errors.Is(err, oidc.PrivateKey))
	fmt.Println(err)
	// Output:
	// true
	// oidc: a private key: member d: remove d
}

func ExampleIdentify() {
	// A client that was registered under PMS 1.2.0, and its key as it was then.
	id := "MxSGWTmcaD1lRCQmP83wOOgSsxLd8WsXZfwHInSUpF0"
	jwk := []byte(`{"kty": "RSA", "n": "wCc9is7v4wsskVJKFcUnJI8Bgo9COye5Na_nGTAsGK1m47rUdMmjlrcnreDpOjaxhaZpPQSKVuwYvNK03yBpsLpygtGiaiflXs6jMkSC8AbtinkAsikapt2mbVMKobPTNeDNrq102GnLmL3s1_vv6BTogAnkde-dkj2P97ouoLWFqQcgFBCA2Ktccg7E0TVvnbcY2yyyPlWpFw_UnDrFj1EbmzaZK9O9500D0JeK-73UCEUQYVTAFugaCT7JDbXSbTc-0nb3-NrGaNqLBQAct62z9uSWfXcettQTYWgWP9K_HcvDgbNbLW9FYWqvct3q_nj7oTOEQbFEQQuIxZb2vQ", "e": "AQAB"}`)
	rule, err := oidc.Identify(id, jwk)
	fmt.Println(rule, err)
	// Output: JWK text (PMS 1.2.0, 1.2.1) <nil>
}

func ExampleKeyFromPEM() {
	key, err := oidc.KeyFromPEM([]byte(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbctaFQrjvSIflPNW4PWmI+lMAKuU
vcMEZk+Z8j43OYoJCcOU48ZI7VUIizh98KhkKAJYTjothAqhUPW1iUbFvA==
-----END PUBLIC KEY-----`))
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := key.ClientID(oidc.CurrentRule)
	fmt.Println(id, err)
	fmt.Println(string(key.JWK()))
	// Output:
	// YCsIN8mgwPWI2SM5l8qDLDD_tzB8p2dQMEWTuCVfMCM <nil>
	// {"crv":"P-256","kty":"EC","x":"bctaFQrjvSIflPNW4PWmI-lMAKuUvcMEZk-Z8j43OYo","y":"CQnDlOPGSO1VCIs4ffCoZCgCWE46LYQKoVD1tYlGxbw"}
}
