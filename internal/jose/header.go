package jose

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// protected is the part of a header that is read. The last three are read only
// to be refused; every other member stays unread.
type protected struct {
	Alg  string         `json:"alg"`
	KID  string         `json:"kid"`
	Typ  string         `json:"typ"`
	Crit jsontext.Value `json:"crit,omitzero"`
	B64  jsontext.Value `json:"b64,omitzero"`
	Zip  jsontext.Value `json:"zip,omitzero"`
}

// readHeader decodes a protected header and refuses what needs no key to refuse.
func readHeader(encoded []byte, typ string) (protected, error) {
	var h protected
	if len(encoded) > maxHeader {
		return h, refuse(ReasonSize)
	}
	raw, err := unbase64(encoded)
	if err != nil {
		return h, err
	}
	if err := checkShape(raw, maxHeader); err != nil {
		return h, err
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return h, refuse(ReasonMalformed)
	}
	return h, h.check(typ)
}

func (h protected) check(typ string) error {
	if h.Crit != nil || h.B64 != nil || h.Zip != nil {
		return refuse(ReasonCritical)
	}
	if _, ok := signatureAlgorithm(h.Alg); !ok {
		return refuse(ReasonAlgorithm)
	}
	if h.Typ == "" || h.Typ != typ {
		return refuse(ReasonType)
	}
	if !plainKID(h.KID) {
		return refuse(ReasonKey)
	}
	return nil
}

func (h protected) header() Header { return Header{Alg: h.Alg, KID: h.KID, Typ: h.Typ} }
