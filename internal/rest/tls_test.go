package rest

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sild/internal/keys"
)

func TestAServerIsKnownByKeyNameAndDates(t *testing.T) {
	good := newParty(t, "EE")
	renewed := func(hosts []string, end time.Time) tls.Certificate {
		der, err := keys.SelfSigned("EE", hosts, end, good.cert.PrivateKey.(*ecdsa.PrivateKey))
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return tls.Certificate{Certificate: [][]byte{der}, Leaf: leaf, PrivateKey: good.cert.PrivateKey}
	}
	for _, c := range []struct {
		name string
		cert tls.Certificate
		most uint16
		ok   bool
	}{
		{"the listed key", good.cert, tls.VersionTLS13, true},
		{"the listed key in a newer certificate", renewed([]string{"127.0.0.1", "localhost"}, time.Now().AddDate(5, 0, 0)), tls.VersionTLS13, true},
		{"another key", newParty(t, "EE").cert, tls.VersionTLS13, false},
		{"the listed key under another name", renewed([]string{"ncp.ee.example"}, time.Now().AddDate(5, 0, 0)), tls.VersionTLS13, false},
		{"the listed key in an expired certificate", renewed([]string{"127.0.0.1", "localhost"}, time.Now().AddDate(-1, 0, 0)), tls.VersionTLS13, false},
		{"TLS 1.2", good.cert, tls.VersionTLS12, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.TLS = &tls.Config{Certificates: []tls.Certificate{c.cert}, MaxVersion: c.most}
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			defer server.Close()
			transport := &http.Transport{TLSClientConfig: TLS([]string{good.pin()}, newParty(t, "FI").cert)}
			defer transport.CloseIdleConnections()
			for _, address := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
				response, err := (&http.Client{Transport: transport}).Get(address)
				if err == nil {
					response.Body.Close()
				}
				if (err == nil) != c.ok {
					t.Errorf("%s: %v", address, err)
				}
			}
		})
	}
}

func TestTheDoorDemandsTLS13AndACertificate(t *testing.T) {
	c := newCorridor(t, nil)
	for name, change := range map[string]func(*tls.Config){
		"no certificate": func(config *tls.Config) { config.Certificates = nil },
		"TLS 1.2":        func(config *tls.Config) { config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12 },
	} {
		config := TLS([]string{c.ee.pin()}, c.fi.cert)
		change(config)
		transport := &http.Transport{TLSClientConfig: config}
		response, err := (&http.Client{Transport: transport}).Get(c.server.URL + "/fhir/metadata")
		if err == nil {
			response.Body.Close()
			t.Errorf("%s: the door opened with %d", name, response.StatusCode)
		}
		transport.CloseIdleConnections()
	}
}

func TestARequestThatCameWithoutTLSIsNobodys(t *testing.T) {
	c := newCorridor(t, nil)
	recorder := httptest.NewRecorder()
	c.server.Config.Handler.ServeHTTP(recorder, httptest.NewRequest("GET", "/fhir/metadata", nil))
	if recorder.Code != http.StatusUnauthorized || c.journal.last().Reason != "peer.certificate" {
		t.Errorf("answered %d, recorded %q", recorder.Code, c.journal.last().Reason)
	}
}

func TestAResumedConnectionIsCheckedAgain(t *testing.T) {
	c := newCorridor(t, nil)
	pins := []string{c.ee.pin()}
	config := TLS(pins, c.fi.cert)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	listed := true
	check := config.VerifyConnection
	resumed := false
	config.VerifyConnection = func(state tls.ConnectionState) error {
		resumed = resumed || state.DidResume
		if !listed {
			state.PeerCertificates = nil
		}
		return check(state)
	}
	get := func() error {
		transport := &http.Transport{TLSClientConfig: config}
		defer transport.CloseIdleConnections()
		r, err := http.NewRequestWithContext(context.Background(), "GET", c.server.URL+"/fhir/metadata", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := (&http.Client{Transport: transport}).Do(r)
		if err == nil {
			response.Body.Close()
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	if err := get(); err != nil || !resumed {
		t.Fatalf("resumed: %v, %v", resumed, err)
	}
	listed = false
	if err := get(); err == nil {
		t.Error("a resumed connection was not checked")
	}
}
