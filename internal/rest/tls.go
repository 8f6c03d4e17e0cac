package rest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"

	"sild/internal/keys"
)

// TLS is the client's side of a connection to a peer: TLS 1.3, our certificate, and a server that is known by its key.
// pins are the peer's server pins of the trust list (SHA-256 of the SubjectPublicKeyInfo, base64url). The certificate
// must hold the name that is called and be valid now; no certificate authority is asked, because the trust list already
// says whose key it is. A resumed connection is checked again.
func TLS(pins []string, cert tls.Certificate) *tls.Config {
	pins = slices.Clone(pins)
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{cert},
		// The usual check asks the certificate authorities of the machine. VerifyConnection replaces it.
		InsecureSkipVerify: true,
		VerifyConnection:   func(state tls.ConnectionState) error { return pinned(state, pins) },
	}
}

var (
	errNoCertificate = errors.New("the server shows no certificate")
	errPin           = errors.New("the server's key is not on the trust list")
	errName          = errors.New("the server's certificate is for another address")
)

func pinned(state tls.ConnectionState, pins []string) error {
	if len(state.PeerCertificates) == 0 {
		return errNoCertificate
	}
	leaf := state.PeerCertificates[0]
	if !slices.Contains(pins, keys.SPKI(leaf)) {
		return errPin
	}
	// An address in digits is not named in the handshake. The trust list has such addresses for demonstrations on one
	// machine only, so the certificate must be one of this machine.
	if state.ServerName == "" && !slices.ContainsFunc(leaf.IPAddresses, net.IP.IsLoopback) {
		return errName
	}
	// The listed key is its own anchor: what is left to check is the name, the dates and the use for servers.
	anchors := x509.NewCertPool()
	anchors.AddCert(leaf)
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: state.ServerName, Roots: anchors,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	return err
}

// ServerTLS is the server's side towards peers: TLS 1.3 and a client certificate, whoever signed it. Whether its key is
// listed is the gate's first question (Gate.Peer), so that a stranger's knock can be counted.
func ServerTLS(cert tls.Certificate) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert}
}
