package rest

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

type capability struct {
	ResourceType   string          `json:"resourceType"`
	Status         string          `json:"status"`
	Date           string          `json:"date"`
	Kind           string          `json:"kind"`
	Software       named           `json:"software"`
	Implementation described       `json:"implementation"`
	FHIRVersion    string          `json:"fhirVersion"`
	Format         []string        `json:"format"`
	Rest           []restAbilities `json:"rest"`
}

type named struct {
	Name string `json:"name"`
}

type described struct {
	Description string `json:"description"`
}

type restAbilities struct {
	Mode     string            `json:"mode"`
	Security described         `json:"security"`
	Resource []resourceAbility `json:"resource"`
}

type resourceAbility struct {
	Type        string          `json:"type"`
	Interaction []coded         `json:"interaction,omitempty"`
	SearchParam []searchAbility `json:"searchParam,omitempty"`
	Operation   []operation     `json:"operation,omitempty"`
}

type coded struct {
	Code string `json:"code"`
}

type searchAbility struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type operation struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
}

// summaryOperation is the definition that $summary follows (IPS).
const summaryOperation = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"

// metadata is the route of the CapabilityStatement (R4). It is made once, from the routes that are really served.
func metadata(served []route, made time.Time) route {
	statement := capability{ResourceType: "CapabilityStatement", Status: "active", Kind: "instance", FHIRVersion: "4.0.1",
		Date: made.UTC().Format(time.DateOnly), Software: named{"Sild"}, Format: []string{"json"},
		Implementation: described{"National contact point for eHealth"},
		Rest:           []restAbilities{{Mode: "server", Security: described{securityWords(served)}, Resource: abilities(served)}}}
	body, err := json.Marshal(statement)
	if err != nil {
		panic("the capability statement is plain strings: " + err.Error())
	}
	return route{method: "GET", path: "/fhir/metadata", interaction: "capabilities", fixed: body}
}

func securityWords(served []route) string {
	for _, r := range served {
		if r.peers {
			return "Mutual TLS 1.3 with a key of the trust list, and for every request a call token (Authorization: Bearer, " +
				"JWS of type " + CallType + ") signed with a seal key of the trust list and bound to the TLS certificate."
		}
	}
	return "TLS 1.3, and for every request an access token (Authorization: Bearer, JWS of type " + SignInType +
		") of the sign-in service, with the headers Sild-Country, Sild-Purpose and Sild-Counter."
}

func abilities(served []route) []resourceAbility {
	var list []resourceAbility
	place := map[string]int{}
	told := map[string]bool{}
	for _, r := range served {
		if told[r.resource+" "+r.interaction] {
			continue
		}
		told[r.resource+" "+r.interaction] = true
		at, known := place[r.resource]
		if !known {
			at = len(list)
			place[r.resource] = at
			list = append(list, resourceAbility{Type: r.resource})
		}
		list[at].add(r)
	}
	return list
}

func (a *resourceAbility) add(r route) {
	if name, isOperation := strings.CutPrefix(r.interaction, "$"); isOperation {
		a.Operation = append(a.Operation, operation{Name: name, Definition: summaryOperation})
		return
	}
	a.Interaction = append(a.Interaction, coded{r.interaction})
	for _, p := range r.parameters {
		a.SearchParam = append(a.SearchParam, searchAbility{Name: p.name, Type: p.kind})
	}
}
