package trust

// Encode writes the payload of any draft, also of one that Sign refuses.
func Encode(d Draft) ([]byte, error) { return encode(d) }

// SignedType is the typ of a list's signatures.
const SignedType = signedType
