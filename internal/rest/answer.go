package rest

import (
	"context"
	"net/http"

	"sild/internal/fhir"
	"sild/node"
)

// answerPatient answers the one patient, or always the same empty searchset: nobody, several and restricted look alike.
func answerPatient(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	patient, err := face.FindPatient(ctx, call, m.who)
	if node.KindIs(err, node.NotFound) {
		return reply{status: http.StatusOK, body: fhir.EncodeNoPatient()}, nil
	}
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: fhir.EncodePatient(patient)}, nil
}

// answerRequests answers a listing or one prescription, as the bytes that the face encoded.
func answerRequests(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	if call.Verb == node.PrescriptionVerb {
		return document(face.Prescription(ctx, call, m.ref))
	}
	listing, err := face.Prescriptions(ctx, call, m.filter)
	if err != nil {
		return reply{}, err
	}
	return bytesOf(listing.Out)
}

func answerSummary(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	return document(face.Summary(ctx, call, m.ref))
}

// answerHandle delivers what was offered: the shelved bytes, after every gate again.
func answerHandle(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	if call.Verb == node.SummaryVerb {
		return document(face.Summary(ctx, call, m.ref))
	}
	return document(face.Prescription(ctx, call, m.ref))
}

func document(d *node.Document, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return bytesOf(d.Out)
}

func bytesOf(out *node.Encoded) (reply, error) {
	body := out.Body()
	if len(body) == 0 {
		return reply{}, &node.Error{Op: "rest.answer", Kind: node.Internal, Reason: "answer.empty",
			Detail: "Something went wrong at this contact point."}
	}
	return reply{status: http.StatusOK, body: body}, nil
}

// answerDispense answers the receipt, byte for byte as it was stored: 201 for the first, 200 for an exact replay, 202
// where the dispensation is durable here and still waits for country A.
func answerDispense(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	receipt, err := face.Dispense(ctx, call, &node.Document{Kind: node.ADispensation, Format: node.MPD, Source: m.body})
	return recorded(receipt, err, http.StatusCreated)
}

func answerWithdraw(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	receipt, err := face.Withdraw(ctx, call, node.Withdrawal{Receipt: m.id, Source: m.body})
	return recorded(receipt, err, http.StatusOK)
}

func recorded(receipt *node.Receipt, err error, first int) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	answer := reply{status: first, body: receipt.Body, location: "/fhir/MedicationDispense/" + receipt.ID}
	switch {
	case receipt.State == node.ReceiptWaiting:
		answer.status = http.StatusAccepted
	case receipt.Replayed:
		answer.status = http.StatusOK
	}
	return answer, nil
}
