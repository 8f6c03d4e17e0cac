package fhir

// Extensions of the pivot forms. The IHE ones are those of IHE Pharmacy MPD that the HL7 Europe profiles use, the
// 5.0 ones are backports of FHIR R5 elements.
const (
	extClassification     = "https://profiles.ihe.net/PHARM/MPD/StructureDefinition/ihe-ext-medication-classification"
	extProductName        = "https://profiles.ihe.net/PHARM/MPD/StructureDefinition/ihe-ext-medication-productname"
	extUnitOfPresentation = "https://profiles.ihe.net/PHARM/MPD/StructureDefinition/ihe-ext-medication-unitofpresentation"
	extSizeOfItem         = "https://profiles.ihe.net/PHARM/MPD/StructureDefinition/ihe-ext-medication-sizeofitem"
	extPrescribedQuantity = "https://profiles.ihe.net/PHARM/MPD/StructureDefinition/ihe-ext-medicationrequest-prescribedQuantity"
	extRenderedDosage     = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.renderedDosageInstruction"
	extRecorded           = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationDispense.recorded"
	extOlderQuantity      = "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation"
	extTranslation        = "http://hl7.org/fhir/StructureDefinition/translation"
	extNote               = "http://hl7.org/fhir/StructureDefinition/note"
	extProductGiven       = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Immunization.administeredProduct"
	extDispenserWords     = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.dispenseRequest.dispenserInstruction"
	extAbsent             = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
)

// Our own extensions: what the standard has no element for.
const (
	extAdded       = "urn:sild:ext:added"       // Coding, CodeableConcept, Quantity, Narrative: the form demands it, the source does not say it
	extCode        = "urn:sild:ext:code"        // a code of a closed list: the code as it was written, with its whole life
	extSeverity    = "urn:sild:ext:severity"    // AllergyIntolerance: how grave it is as a whole, where the source says that
	extState       = "urn:sild:ext:state"       // a statement: its life cycle, where the status has no word for it
	extKind        = "urn:sild:ext:kind"        // Observation: the kind of statement that it carries
	extGroup       = "urn:sild:ext:group"       // MedicationDispense: the prescription that the item was written on
	extItem        = "urn:sild:ext:item"        // MedicationDispense: the source's own number for what was handed out
	extHop         = "urn:sild:ext:hop"         // Provenance: one step in the life of a code
	extLine        = "urn:sild:ext:line"        // OperationOutcome.issue: the fate of one slot
	extResidue     = "urn:sild:ext:residue"     // OperationOutcome.issue: content that no field understood
	extUntold      = "urn:sild:ext:untold"      // Dosage: the source says more about it than stands here
	extRelease     = "urn:sild:ext:release"     // OperationOutcome: hash of the terminology snapshot of the report
	extRemaining   = "urn:sild:ext:remaining"   // MedicationRequest.dispenseRequest: packages not dispensed yet, or what part of them
	extTakes       = "urn:sild:ext:takes"       // MedicationDispense in a register: what it takes off the prescription, where that is not its packages
	extReceipt     = "urn:sild:ext:receipt"     // Provenance: what a receipt says
	extWithheld    = "urn:sild:ext:withheld"    // OperationOutcome.issue: an item of a listing that could not be carried
	extSlot        = "urn:sild:ext:slot"        // OperationOutcome.issue: the slot that an error names
	extLeft        = "urn:sild:ext:left"        // OperationOutcome.issue: packages that may still be dispensed
	extCorrelation = "urn:sild:ext:correlation" // OperationOutcome: the id under which the operator finds the request
)

// Code systems and identifier systems that the pivot forms are written with.
const (
	systemUCUM        = "http://unitsofmeasure.org"
	systemLOINC       = "http://loinc.org"
	systemSNOMED      = "http://snomed.info/sct"
	systemAbsentOld   = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
	systemEmptyReason = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
	systemSignature   = "urn:iso-astm:E1762-95:2013"
	systemParticipant = "urn:sild:participant"
	systemSHA256      = "urn:sild:sha256"
	systemKind        = "urn:sild:kind"
	systemReason      = "urn:sild:reason"
)

// Profiles that the pivot forms claim.
const (
	profileRequest    = "http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd"
	profileDispense   = "http://hl7.eu/fhir/mpd/StructureDefinition/MedicationDispense-eu-mpd"
	profileMedication = "http://hl7.eu/fhir/mpd/StructureDefinition/Medication-eu-mpd"
	profilePatient    = "http://hl7.eu/fhir/base/StructureDefinition/patient-eu-core"
	profileBundle     = "http://hl7.eu/fhir/eps/StructureDefinition/bundle-eu-eps"
	profileSummary    = "http://hl7.eu/fhir/eps/StructureDefinition/composition-eu-eps"
)

// The unit that packages are counted in: a UCUM annotation, because UCUM knows no packages.
const (
	packageUnit = "package"
	packageCode = "{Package}"
)

// Content types of originals.
const (
	jsonContent = "application/fhir+json"
	xmlContent  = "text/xml"
)
