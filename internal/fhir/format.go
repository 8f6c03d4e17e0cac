package fhir

import "sild/node"

// The national formats that this tongue reads.
const (
	EstonianR5 node.Format = "ee-fhir-r5" // Estonian national collection Bundle, FHIR R5
	FinnishR4  node.Format = "fi-fhir-r4" // Finnish national collection Bundle, FHIR R4
)

// Extensions of the Estonian national form.
const (
	estonian           = "https://fhir.ee/StructureDefinition/ee-tis-"
	extEstonianATC     = estonian + "medicinal-product-classification"
	extEstonianName    = estonian + "medicinal-product-name"
	extEstonianSize    = estonian + "size-of-item"
	extAuthorization   = estonian + "dispensation-authorization"
	extLock            = estonian + "lock-status"
	extUnauthorised    = estonian + "unauthorized-product-request"
	extTotalPrescribed = estonian + "total-prescribed-amount"
	profileExtemporal  = estonian + "medication-extemporal"
	profileNutrition   = estonian + "medication-medical-nutrition"
)

// Code and identifier systems of the Estonian national form.
const (
	systemEstonianATC   = "https://fhir.ee/CodeSystem/atc-ee"
	systemEstonianKind  = "https://fhir.ee/CodeSystem/retsepti-liik"
	systemEstonianID    = "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept"
	systemAuthorization = "https://fhir.ee/CodeSystem/retsepti-volituse-liik"
)

// Extensions of the Finnish national form (Kanta).
const (
	kanta               = "http://resepti.kanta.fi/StructureDefinition/extension/"
	extKantaDrug        = kanta + "drug"
	extKantaVersion     = kanta + "versionNumber"
	extKantaUsage       = kanta + "usage"
	extKantaType        = kanta + "typeOfMedicinalProduct"
	extKantaNarcotic    = kanta + "narcotic"
	extKantaCNS         = kanta + "CNSdrug"
	extKantaDosed       = kanta + "doseDispensing"
	extKantaIfNeeded    = kanta + "dosageIfNeeded"
	extKantaBan         = kanta + "crossBorderBan"
	extKantaAmountKind  = kanta + "prescriptionType"
	extKantaPackage     = kanta + "package"
	extKantaTotal       = kanta + "totalAmount"
	extKantaReserved    = kanta + "reservedStatus"
	extKantaLock        = kanta + "lockStatus"
	extKantaBoundsStart = kanta + "boundsDurationStartDate"
)

// Code and identifier systems of the Finnish national form.
const (
	systemKantaID     = "http://resepti.kanta.fi/fhir/id/"
	systemFinnishATC  = "urn:oid:1.2.246.537.6.32.2007"
	systemVNR         = "urn:oid:1.2.246.537.6.55.2004"
	systemFinnishForm = "urn:oid:1.2.246.537.6.852"
	addressProtection = "urn:oid:1.2.246.537.5.40203.201901"
)

// The mark of an entry from the Finnish medicine list that the register adds to a prescription, and the units of that
// list: they are the demo's own, since few codes of the national list of units are published.
const (
	systemDemo     = "urn:sild:demo"
	systemDemoUnit = "urn:sild:demo:fi-unit"
	medicineList   = "medicine-list"
	listPrefix     = "list-"
)
