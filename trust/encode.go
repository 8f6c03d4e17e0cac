package trust

import "sild/internal/jose"

// encode writes the payload of a list. The same draft gives the same bytes.
func encode(d Draft) ([]byte, error) {
	var doc loteDocument
	doc.LoTE.Info = schemeInfo{
		Version: loteVersion, Sequence: d.Sequence, Type: listType, Operator: one(d.Operator),
		Territory: d.Territory, Issued: instant(d.Issued), NextUpdate: instant(d.NextUpdate),
		Extensions: []schemeExtension{{Environment: d.Environment}},
	}
	for _, p := range d.Participants {
		doc.LoTE.Entities = append(doc.LoTE.Entities, p.entity())
	}
	return jose.Encode(doc)
}

func (p Participant) entity() entity {
	ext := entityExtension{
		ID: p.ID, Country: p.Country, Status: p.Status,
		ServerPins: p.TLSServerPins, ClientPins: p.TLSClientPins,
		Promises: promises{ReplaySafe: p.Promises.ReplaySafe},
	}
	for _, k := range p.SealKeys {
		ext.SealKeys = append(ext.SealKeys, sealKey{
			JWK: k.Key, NotBefore: instant(k.NotBefore), NotAfter: instant(k.NotAfter), Status: k.Status,
		})
	}
	out := entity{Info: entityInfo{
		Name: one(p.Name),
		Address: entityAddress{
			Postal:     []postalAddress{{Lang: language, Street: p.Address, Country: p.Country}},
			Electronic: []langURI{{Lang: language, Value: p.Contact}},
		},
		Website:    []langURI{{Lang: language, Value: p.Website}},
		Extensions: []entityExtension{ext},
	}}
	for _, s := range p.Services {
		out.Services = append(out.Services, s.entityService(p.ID))
	}
	return out
}

func (s ServiceGrant) entityService(id string) entityService {
	ext := serviceExtension{Directions: s.Directions, Wires: s.Wires}
	for _, c := range s.Corridors {
		ext.Corridors = append(ext.Corridors, []string{c.A, c.B})
	}
	info := serviceInfo{
		Name: one(string(s.Service)), Type: servicePrefix + string(s.Service), Status: statusPrefix + string(s.Status),
		Identity: serviceIdentity{Other: []string{id}}, Extensions: []serviceExtension{ext},
	}
	for _, e := range s.Endpoints {
		info.Points = append(info.Points, supplyPoint{Type: wirePrefix + string(e.Wire), URI: e.URL})
	}
	return entityService{Info: info}
}
