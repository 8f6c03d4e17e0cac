package trust

import (
	"strings"
	"time"

	"sild/internal/jose"
)

// Names of the profile. ETSI TS 119 602 lets a community define its own list
// and service types; the participant's own facts stand in the extensions that
// the standard provides for them.
const (
	listType      = "urn:sild:lote:1:NCPeHList"
	servicePrefix = "urn:sild:lote:1:service:"
	statusPrefix  = "urn:sild:lote:1:status:"
	wirePrefix    = "urn:sild:lote:1:wire:"
	loteVersion   = 1
	language      = "en"
)

type loteDocument struct {
	LoTE struct {
		Info     schemeInfo `json:"ListAndSchemeInformation"`
		Entities []entity   `json:"TrustedEntitiesList"`
	} `json:"LoTE"`
}

type schemeInfo struct {
	Version    int64             `json:"LoTEVersionIdentifier"`
	Sequence   int64             `json:"LoTESequenceNumber"`
	Type       string            `json:"LoTEType"`
	Operator   []langText        `json:"SchemeOperatorName"`
	Territory  string            `json:"SchemeTerritory"`
	Issued     instant           `json:"ListIssueDateTime"`
	NextUpdate instant           `json:"NextUpdate"`
	Extensions []schemeExtension `json:"SchemeExtensions"`
}

type schemeExtension struct {
	Environment Environment `json:"environment"`
}

type langText struct {
	Lang  string `json:"lang"`
	Value string `json:"value"`
}

type langURI struct {
	Lang  string `json:"lang"`
	Value string `json:"uriValue"`
}

type postalAddress struct {
	Lang    string `json:"lang"`
	Street  string `json:"StreetAddress"`
	Country string `json:"Country"`
}

type entity struct {
	Info     entityInfo      `json:"TrustedEntityInformation"`
	Services []entityService `json:"TrustedEntityServices"`
}

type entityInfo struct {
	Name       []langText        `json:"TEName"`
	Address    entityAddress     `json:"TEAddress"`
	Website    []langURI         `json:"TEInformationURI"`
	Extensions []entityExtension `json:"TEInformationExtensions"`
}

type entityAddress struct {
	Postal     []postalAddress `json:"TEPostalAddress"`
	Electronic []langURI       `json:"TEElectronicAddress"`
}

type entityExtension struct {
	ID         string    `json:"participant"`
	Country    string    `json:"country"`
	Status     Status    `json:"status"`
	ServerPins []string  `json:"tlsServerPins"`
	ClientPins []string  `json:"tlsClientPins"`
	SealKeys   []sealKey `json:"sealKeys"`
	Promises   promises  `json:"promises"`
}

type sealKey struct {
	JWK       jose.Key `json:"jwk"`
	NotBefore instant  `json:"notBefore"`
	NotAfter  instant  `json:"notAfter"`
	Status    Status   `json:"status"`
}

type promises struct {
	ReplaySafe bool `json:"replaySafe"`
}

type entityService struct {
	Info serviceInfo `json:"ServiceInformation"`
}

type serviceInfo struct {
	Name       []langText         `json:"ServiceName"`
	Type       string             `json:"ServiceTypeIdentifier"`
	Status     string             `json:"ServiceStatus"`
	Identity   serviceIdentity    `json:"ServiceDigitalIdentity"`
	Points     []supplyPoint      `json:"ServiceSupplyPoints,omitzero"`
	Extensions []serviceExtension `json:"ServiceInformationExtensions"`
}

// serviceIdentity points to the participant, because validity and use of a key,
// which its extension states, have no place in the standard's element.
type serviceIdentity struct {
	Other []string `json:"OtherIds"`
}

type supplyPoint struct {
	Type string `json:"ServiceType"`
	URI  string `json:"uriValue"`
}

type serviceExtension struct {
	Directions []Direction `json:"directions"`
	Corridors  [][]string  `json:"corridors"`
	Wires      []Wire      `json:"wires"`
}

// instant is a moment in UTC, in whole seconds, in exactly one spelling:
// YYYY-MM-DDThh:mm:ssZ.
type instant time.Time

const instantLayout = "2006-01-02T15:04:05Z"

// MarshalText writes the one spelling and refuses times outside four-digit years.
func (i instant) MarshalText() ([]byte, error) {
	t := time.Time(i).UTC()
	if t.Year() < 2000 || t.Year() > 9999 {
		return nil, refuse(ReasonContent, "year")
	}
	return []byte(t.Format(instantLayout)), nil
}

// UnmarshalText refuses fractions, offsets and every other spelling.
func (i *instant) UnmarshalText(text []byte) error {
	t, err := time.Parse(instantLayout, string(text))
	if err != nil || t.Format(instantLayout) != string(text) || t.Year() < 2000 {
		return refuse(ReasonMalformed, "time")
	}
	*i = instant(t)
	return nil
}

func one(value string) []langText { return []langText{{Lang: language, Value: value}} }

// sole reads a text that the profile has in one language.
func sole(texts []langText) (string, bool) {
	if len(texts) != 1 || texts[0].Lang != language {
		return "", false
	}
	return texts[0].Value, true
}

func soleURI(uris []langURI) (string, bool) {
	if len(uris) != 1 || uris[0].Lang != language {
		return "", false
	}
	return uris[0].Value, true
}

// cut strips a prefix that must be there.
func cut(prefix, text string) (string, bool) { return strings.CutPrefix(text, prefix) }
