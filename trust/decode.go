package trust

import (
	"fmt"
	"time"

	"sild/internal/jose"
)

// decode reads a payload into a draft. It settles the shape; check settles the content.
func decode(payload []byte) (Draft, error) {
	var doc loteDocument
	if err := jose.Decode(payload, &doc); err != nil {
		return Draft{}, fromJOSE(err)
	}
	info := doc.LoTE.Info
	operator, ok := sole(info.Operator)
	if !ok || len(info.Extensions) != 1 {
		return Draft{}, refuse(ReasonMalformed, "scheme information")
	}
	if info.Version != loteVersion || info.Type != listType {
		return Draft{}, refuse(ReasonScheme, "list version or type")
	}
	d := Draft{
		Sequence: info.Sequence, Issued: time.Time(info.Issued), NextUpdate: time.Time(info.NextUpdate),
		Territory: info.Territory, Environment: info.Extensions[0].Environment, Operator: operator,
	}
	for i, e := range doc.LoTE.Entities {
		p, err := e.participant(fmt.Sprintf("participant %d", i+1))
		if err != nil {
			return Draft{}, err
		}
		d.Participants = append(d.Participants, p)
	}
	return d, nil
}

func (e entity) participant(place string) (Participant, error) {
	name, named := sole(e.Info.Name)
	contact, reachable := soleURI(e.Info.Address.Electronic)
	website, shown := soleURI(e.Info.Website)
	postal := e.Info.Address.Postal
	if !named || !reachable || !shown || len(postal) != 1 || postal[0].Lang != language || len(e.Info.Extensions) != 1 {
		return Participant{}, refuse(ReasonMalformed, place)
	}
	ext := e.Info.Extensions[0]
	if postal[0].Country != ext.Country {
		return Participant{}, refuse(ReasonCountry, place)
	}
	p := Participant{
		ID: ext.ID, Country: ext.Country, Name: name, Address: postal[0].Street, Contact: contact, Website: website,
		Status: ext.Status, TLSServerPins: ext.ServerPins, TLSClientPins: ext.ClientPins,
		Promises: Promises{ReplaySafe: ext.Promises.ReplaySafe},
	}
	for _, k := range ext.SealKeys {
		p.SealKeys = append(p.SealKeys, SealKey{
			Key: k.JWK, NotBefore: time.Time(k.NotBefore), NotAfter: time.Time(k.NotAfter), Status: k.Status,
		})
	}
	for i, s := range e.Services {
		g, ok := s.Info.grant(ext.ID)
		if !ok {
			return Participant{}, refuse(ReasonMalformed, fmt.Sprintf("%s, service %d", place, i+1))
		}
		p.Services = append(p.Services, g)
	}
	return p, nil
}

func (s serviceInfo) grant(id string) (ServiceGrant, bool) {
	name, named := sole(s.Name)
	service, typed := cut(servicePrefix, s.Type)
	status, stated := cut(statusPrefix, s.Status)
	owned := len(s.Identity.Other) == 1 && s.Identity.Other[0] == id
	if !named || !typed || !stated || !owned || name != service || len(s.Extensions) != 1 {
		return ServiceGrant{}, false
	}
	ext := s.Extensions[0]
	g := ServiceGrant{Service: Service(service), Status: Status(status), Directions: ext.Directions, Wires: ext.Wires}
	for _, c := range ext.Corridors {
		if len(c) != 2 {
			return ServiceGrant{}, false
		}
		g.Corridors = append(g.Corridors, Corridor{A: c[0], B: c[1]})
	}
	for _, point := range s.Points {
		wire, ok := cut(wirePrefix, point.Type)
		if !ok {
			return ServiceGrant{}, false
		}
		g.Endpoints = append(g.Endpoints, Endpoint{Wire: Wire(wire), URL: point.URI})
	}
	return g, true
}
