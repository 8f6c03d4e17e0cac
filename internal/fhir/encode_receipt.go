package fhir

import "sild/node"

// EncodeReceipt writes a receipt as a Provenance of the dispensation: what was recorded, when, with which digest, and
// how much is left. seal is a JWS over it in compact form, or empty where the receipt is unsigned. The resource never
// repeats the dispensation itself.
func (t Tongue) EncodeReceipt(receipt *node.Receipt, seal string) ([]byte, error) {
	e := &encoder{participant: t.Participant}
	mark := e.object("")
	e.text("resourceType", "Provenance")
	e.text("id", receipt.ID)
	e.receiptFacts(receipt)
	targets := e.array("target")
	e.identifierOf("", "MedicationDispense", receipt.Dispensation)
	e.close(targets)
	e.instant("recorded", receipt.At)
	e.agents(nil)
	if !receipt.Prescription.IsZero() {
		entities := e.array("entity")
		entity := e.object("")
		e.text("role", "source")
		e.identifierOf("what", "MedicationRequest", receipt.Prescription)
		e.close(entity)
		e.close(entities)
	}
	e.signature(receipt, seal)
	e.close(mark)
	if e.err != nil {
		return nil, e.err
	}
	return e.b, nil
}

func (e *encoder) receiptFacts(receipt *node.Receipt) {
	list := e.array("extension")
	mark := e.extension(extReceipt)
	parts := e.array("extension")
	e.part("state", "valueCode", string(receipt.State))
	e.part("digest", "valueString", receipt.Digest)
	e.part("left", "valueString", receipt.Left)
	e.part("closed", "valueString", receipt.Closed)
	e.close(parts)
	e.close(mark)
	e.close(list)
}

// signature writes the seal as a verification signature (ISO/ASTM E1762-95) in JOSE form.
func (e *encoder) signature(receipt *node.Receipt, seal string) {
	if seal == "" {
		return
	}
	list := e.array("signature")
	mark := e.object("")
	types := e.array("type")
	kind := e.object("")
	e.text("system", systemSignature)
	e.text("code", "1.2.840.10065.1.12.1.5")
	e.text("display", "Verification Signature")
	e.close(kind)
	e.close(types)
	e.instant("when", receipt.At)
	e.who("who", e.participant)
	e.text("targetFormat", "application/jose")
	e.text("sigFormat", "application/jose")
	e.bytes("data", []byte(seal))
	e.close(mark)
	e.close(list)
}
