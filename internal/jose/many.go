package jose

import "crypto"

// Signer is a private key and the kid under which readers find its public half.
// An empty kid stands for the thumbprint.
type Signer struct {
	KID string
	Key crypto.Signer
}

// VerifiedMany is a payload that enough distinct keys signed.
type VerifiedMany struct {
	Payload []byte
	// Signers are the thumbprints of the distinct keys whose signatures held, in document order.
	Signers []string
}

// manySigned is the general JSON serialisation (RFC 7515 section 7.2.1) without
// unprotected headers: what is not signed is not said.
type manySigned struct {
	Payload    string         `json:"payload"`
	Signatures []oneSignature `json:"signatures"`
}

type oneSignature struct {
	Protected string `json:"protected"`
	Signature string `json:"signature"`
}

// SignMany signs a JSON object with every signer, in the JSON serialisation.
func SignMany(payload []byte, typ string, signers ...Signer) ([]byte, error) {
	if len(signers) == 0 {
		return nil, refuse(ReasonThreshold)
	}
	if len(signers) > maxSignatures {
		return nil, refuse(ReasonSize)
	}
	if err := checkObject(payload, MaxMany); err != nil {
		return nil, err
	}
	doc := manySigned{Payload: string(base64url(payload))}
	for _, s := range signers {
		one, err := s.sign(doc.Payload, typ)
		if err != nil {
			return nil, err
		}
		doc.Signatures = append(doc.Signatures, one)
	}
	out, err := Encode(doc)
	if err == nil && len(out) > MaxMany {
		return nil, refuse(ReasonSize)
	}
	return out, err
}

// VerifyMany checks a document in the JSON serialisation and demands valid
// signatures of at least threshold distinct keys. Keys count by thumbprint: one
// key that signs twice, or is listed under two kids, counts once. Signatures of
// unknown kids are passed over, so that a list may be signed by the leaving and
// the coming operators; an invalid signature under a known kid refuses the document.
func VerifyMany(raw []byte, typ string, keys []Key, threshold int) (*VerifiedMany, error) {
	if threshold < 1 {
		return nil, refuse(ReasonThreshold)
	}
	var doc manySigned
	if err := decodeLimited(raw, MaxMany, &doc); err != nil {
		return nil, err
	}
	if len(doc.Signatures) > maxSignatures {
		return nil, refuse(ReasonSize)
	}
	claims, err := readClaims(doc.Signatures, typ)
	if err != nil {
		return nil, err
	}
	payload, err := readPayload([]byte(doc.Payload), MaxMany)
	if err != nil {
		return nil, err
	}
	signers, err := doc.signers(claims, keys)
	if err != nil {
		return nil, err
	}
	if len(signers) < threshold {
		return nil, refuse(ReasonThreshold)
	}
	return &VerifiedMany{Payload: payload, Signers: signers}, nil
}

// claimed is one decoded signature, not yet checked.
type claimed struct {
	protected
	signature []byte
}

// readClaims refuses the document for any unacceptable header or encoding
// before the first signature is computed, also under kids that nobody knows.
func readClaims(signatures []oneSignature, typ string) ([]claimed, error) {
	claims := make([]claimed, 0, len(signatures))
	for _, s := range signatures {
		h, err := readHeader([]byte(s.Protected), typ)
		if err != nil {
			return nil, err
		}
		signature, err := unbase64([]byte(s.Signature))
		if err != nil {
			return nil, err
		}
		claims = append(claims, claimed{protected: h, signature: signature})
	}
	return claims, nil
}

// signers returns the distinct thumbprints of the keys that signed.
func (d manySigned) signers(claims []claimed, keys []Key) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for i, h := range claims {
		if !known(h.KID, keys) {
			continue
		}
		input := []byte(d.Signatures[i].Protected + "." + d.Payload)
		key, err := verifyInput(h.protected, input, h.signature, keys)
		if err != nil {
			return nil, err
		}
		thumbprint, err := Thumbprint(key.Public)
		if err != nil {
			return nil, err
		}
		if !seen[thumbprint] {
			seen[thumbprint] = true
			out = append(out, thumbprint)
		}
	}
	return out, nil
}

func known(kid string, keys []Key) bool {
	for _, key := range keys {
		if key.KID == kid {
			return true
		}
	}
	return false
}

func (s Signer) sign(payload, typ string) (oneSignature, error) {
	head, alg, err := makeHeader(s.Key, s.KID, typ)
	if err != nil {
		return oneSignature{}, err
	}
	encoded := string(base64url(head))
	signature, err := signInput(alg, s.Key, []byte(encoded+"."+payload))
	if err != nil {
		return oneSignature{}, err
	}
	return oneSignature{Protected: encoded, Signature: string(base64url(signature))}, nil
}
