package trust

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checkEndpoint accepts an https address with a public DNS name and returns what
// must be unique across participants. The connecting side still checks the
// resolved address and follows no redirect: a list cannot know what DNS answers.
func checkEndpoint(raw string, env Environment) (owner string, ok bool) {
	if len(raw) > 512 || !visibleASCII(raw) {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || strings.ContainsAny(raw, `?#\%`) {
		return "", false
	}
	if u.String() != raw || strings.Contains(u.Path, "..") || strings.Contains(u.Path, "//") {
		return "", false
	}
	host, port := u.Hostname(), u.Port()
	if port == "" && strings.HasSuffix(u.Host, ":") || port != "" && !isPort(port) {
		return "", false
	}
	if env == Demo && isLoopback(host) {
		return host + ":" + port, true
	}
	if !isPublicName(host) {
		return "", false
	}
	return host, true
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0 && strconv.FormatUint(n, 10) == text
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() && addr.Zone() == ""
}

// isPublicName accepts lower-case DNS names of two labels or more. The last
// label must be letters (or an A-label), which shuts out every spelling of an
// IP address, and must not be one that only resolves inside a network.
func isPublicName(host string) bool {
	labels := strings.Split(host, ".")
	if len(labels) < 2 || len(host) > 253 {
		return false
	}
	for _, label := range labels {
		if !isLabel(label) {
			return false
		}
	}
	last := labels[len(labels)-1]
	switch last {
	case "localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa", "onion":
		return false
	}
	return len(last) >= 2 && (strings.HasPrefix(last, "xn--") || onlyLetters(last))
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func onlyLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

func visibleASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}
