package keys

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

const pemCertificate = "CERTIFICATE"

// SelfSigned returns a development certificate (DER) for TLS as server and as
// client. Hosts are DNS names or IP addresses. It ends at notAfter and began on
// 1 January 2020 UTC: a throwaway certificate should not depend on the clock of
// the machine that made it. It is no authority and cannot vouch for another.
func SelfSigned(name string, hosts []string, notAfter time.Time, signer crypto.Signer) ([]byte, error) {
	notBefore := time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
	if name == "" || !notAfter.After(notBefore) {
		return nil, errors.New("keys: a certificate needs a name and an end after 2020")
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             notBefore,
		NotAfter:              notAfter.UTC(),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		switch ip := net.ParseIP(host); {
		case host == "":
			return nil, errors.New("keys: a certificate for an empty host name")
		case ip != nil:
			template.IPAddresses = append(template.IPAddresses, ip)
		default:
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("keys: certificate for %s: %w", name, err)
	}
	return der, nil
}

// WriteCertificate writes certificates (DER, the end entity first) as PEM to a
// new file that anyone may read, and refuses a path that exists.
func WriteCertificate(path string, chain ...[]byte) error {
	var buf bytes.Buffer
	for _, der := range chain {
		buf.Write(pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: der}))
	}
	return writeNew(path, buf.Bytes(), 0o644)
}

// LoadCertificates reads a PEM file of one or more certificates, in the order
// of the file. Text between them is passed over; a damaged block is not.
func LoadCertificates(path string) ([]*x509.Certificate, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	defer f.Close()
	data, err := readAll(f, path)
	if err != nil {
		return nil, err
	}
	blocks := bytes.Count(data, []byte("-----BEGIN"))
	var chain []*x509.Certificate
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		if block.Type != pemCertificate {
			return nil, fmt.Errorf("keys: %s holds a PEM block %q among certificates", path, block.Type)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("keys: %s: %w", path, err)
		}
		chain, data = append(chain, cert), rest
	}
	if len(chain) == 0 || len(chain) != blocks {
		return nil, fmt.Errorf("keys: %s holds %d whole certificates in %d PEM blocks", path, len(chain), blocks)
	}
	return chain, nil
}

// TLSPair returns a certificate chain with its key, ready for a tls.Config. It
// refuses a key that LoadSigner refuses or that is not the certificate's.
func TLSPair(certPath, keyPath string) (tls.Certificate, error) {
	chain, err := LoadCertificates(certPath)
	if err != nil {
		return tls.Certificate{}, err
	}
	signer, err := LoadSigner(keyPath)
	if err != nil {
		return tls.Certificate{}, err
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(chain[0].PublicKey) {
		return tls.Certificate{}, fmt.Errorf("keys: the key in %s is not that of the certificate in %s", keyPath, certPath)
	}
	pair := tls.Certificate{PrivateKey: signer, Leaf: chain[0]}
	for _, cert := range chain {
		pair.Certificate = append(pair.Certificate, cert.Raw)
	}
	return pair, nil
}

// SPKI returns base64url (no padding) of SHA-256 over the certificate's
// SubjectPublicKeyInfo: the pin of a key, which outlives its certificates.
func SPKI(cert *x509.Certificate) string {
	return digest(cert.RawSubjectPublicKeyInfo)
}

// Thumbprint returns base64url (no padding) of SHA-256 over a certificate's
// DER: the x5t#S256 that binds a token to its TLS client (RFC 8705 section 3.1).
func Thumbprint(der []byte) string { return digest(der) }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
