package view

import (
	"crypto/sha256"
	"encoding/base64"
)

// policy is what the page allows itself: its own style, and nothing else.
func policy() string {
	digest := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
}

// Policy is the value of the Content-Security-Policy header to send with the page. It says all that the page says itself,
// and that nobody may frame it, which only a header can.
func Policy() string { return policy() + "; frame-ancestors 'none'" }
