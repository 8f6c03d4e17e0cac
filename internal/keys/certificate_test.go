package keys

import (
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var end = time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)

// pair makes a certificate and its key in files and loads them.
func pair(t *testing.T, name string, hosts ...string) tls.Certificate {
	t.Helper()
	signer := must[crypto.Signer](t)(GenerateSigner())
	der := must[[]byte](t)(SelfSigned(name, hosts, end, signer))
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	if err := errors.Join(WriteCertificate(cert, der), WriteSigner(key, signer)); err != nil {
		t.Fatal(err)
	}
	return must[tls.Certificate](t)(TLSPair(cert, key))
}

func pool(c tls.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c.Leaf)
	return p
}

// shake lets two ends of a pipe meet in mutual TLS 1.3.
func shake(server, client tls.Certificate, host string) (atServer, atClient error) {
	left, right := net.Pipe()
	defer left.Close()
	defer right.Close()
	now := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	done := make(chan error, 1)
	go func() {
		s := tls.Server(left, &tls.Config{
			Certificates: []tls.Certificate{server}, ClientCAs: pool(client), Time: now,
			ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13,
		})
		_, err := s.Write([]byte{1})
		if err != nil {
			left.Close()
		}
		done <- err
	}()
	c := tls.Client(right, &tls.Config{
		Certificates: []tls.Certificate{client}, RootCAs: pool(server), Time: now,
		ServerName: host, MinVersion: tls.VersionTLS13,
	})
	_, atClient = c.Read(make([]byte, 1))
	right.Close()
	return <-done, atClient
}

func TestTwoNodesMeetWithTheirDevelopmentCertificates(t *testing.T) {
	ee, fi := pair(t, "ncp.ee", "ncp.ee.example", "127.0.0.1", "::1"), pair(t, "ncp.fi", "ncp.fi.example")
	for _, host := range []string{"ncp.ee.example", "127.0.0.1", "::1"} {
		if atServer, atClient := shake(ee, fi, host); atServer != nil || atClient != nil {
			t.Errorf("%s: server %v, client %v", host, atServer, atClient)
		}
	}
	if _, atClient := shake(ee, fi, "ncp.fi.example"); atClient == nil {
		t.Error("a host that the certificate does not name was taken")
	}
	if ee.Leaf.IsCA || !ee.Leaf.NotAfter.Equal(end) || ee.Leaf.Subject.CommonName != "ncp.ee" {
		t.Errorf("certificate: CA %v, until %v, for %v", ee.Leaf.IsCA, ee.Leaf.NotAfter, ee.Leaf.Subject)
	}
}

func TestCertificatesWithoutSubjectHostOrLifeAreNotMade(t *testing.T) {
	signer := must[crypto.Signer](t)(GenerateSigner())
	for what, err := range map[string]error{
		"no name":          second(SelfSigned("", nil, end, signer)),
		"an empty host":    second(SelfSigned("a", []string{""}, end, signer)),
		"no end":           second(SelfSigned("a", nil, time.Time{}, signer)),
		"a host not ASCII": second(SelfSigned("a", []string{"näide.example"}, end, signer)),
	} {
		if err == nil {
			t.Errorf("%s: a certificate was made", what)
		}
	}
}

func second(_ []byte, err error) error { return err }

func TestAKeyThatIsNotTheCertificatesIsRefused(t *testing.T) {
	dir := t.TempDir()
	one, two := must[crypto.Signer](t)(GenerateSigner()), must[crypto.Signer](t)(GenerateSigner())
	der := must[[]byte](t)(SelfSigned("a", nil, end, one))
	cert, good, bad, open := filepath.Join(dir, "cert"), filepath.Join(dir, "good"), filepath.Join(dir, "bad"), filepath.Join(dir, "open")
	err := errors.Join(WriteCertificate(cert, der), WriteSigner(good, one), WriteSigner(bad, two), WriteSigner(open, one), os.Chmod(open, 0o644))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TLSPair(cert, good); err != nil {
		t.Fatal(err)
	}
	for _, paths := range [][2]string{{cert, bad}, {cert, open}, {cert, filepath.Join(dir, "absent")}, {good, good}, {filepath.Join(dir, "absent"), good}} {
		if _, err := TLSPair(paths[0], paths[1]); err == nil {
			t.Errorf("%s with %s was taken", filepath.Base(paths[0]), filepath.Base(paths[1]))
		}
	}
}

func TestChainsKeepTheirOrderAndShowDamage(t *testing.T) {
	signer := must[crypto.Signer](t)(GenerateSigner())
	first := must[[]byte](t)(SelfSigned("first", nil, end, signer))
	last := must[[]byte](t)(SelfSigned("last", nil, end, signer))
	path := filepath.Join(t.TempDir(), "chain.pem")
	if err := WriteCertificate(path, first, last); err != nil {
		t.Fatal(err)
	}
	chain := must[[]*x509.Certificate](t)(LoadCertificates(path))
	if len(chain) != 2 || chain[0].Subject.CommonName != "first" || chain[1].Subject.CommonName != "last" {
		t.Fatalf("%d certificates", len(chain))
	}
	text := string(must[[]byte](t)(os.ReadFile(path)))
	for what, bad := range map[string]string{
		"nothing":            "",
		"words":              "no certificate",
		"a cut last block":   text[:len(text)-30],
		"a damaged first":    strings.Replace(text, "\nMII", "\n*II", 1),
		"a key among them":   text + string(pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: []byte{1}})),
		"a block of nothing": string(pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: []byte{1}})),
	} {
		if bad == text {
			t.Fatalf("%s: nothing was changed", what)
		}
		if _, err := LoadCertificates(stored(t, bad, 0o644)); err == nil {
			t.Errorf("%s: was taken", what)
		}
	}
}

func TestPinsAreDigestsOfKeyAndCertificate(t *testing.T) {
	signer := must[crypto.Signer](t)(GenerateSigner())
	parse := func(name string) *x509.Certificate {
		return must[*x509.Certificate](t)(x509.ParseCertificate(must[[]byte](t)(SelfSigned(name, nil, end, signer))))
	}
	one, renewed := parse("a"), parse("a")
	spki := sha256.Sum256(must[[]byte](t)(x509.MarshalPKIXPublicKey(signer.Public())))
	if got, err := base64.RawURLEncoding.DecodeString(SPKI(one)); err != nil || string(got) != string(spki[:]) {
		t.Errorf("SPKI = %s", SPKI(one))
	}
	if SPKI(one) != SPKI(renewed) {
		t.Error("the pin changed although the key did not")
	}
	if Thumbprint(one.Raw) == Thumbprint(renewed.Raw) {
		t.Error("two certificates share a thumbprint")
	}
	// The digest of no bytes, in the alphabet of RFC 4648 section 5.
	if got := Thumbprint(nil); got != "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" {
		t.Errorf("Thumbprint of nothing = %s", got)
	}
}
