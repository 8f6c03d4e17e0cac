package app

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"strconv"
	"strings"

	"sild/internal/rest"
)

// line is one connection of the peer that shows the answers' bytes as they come.
type line struct {
	conn *tls.Conn
	from *bufio.Reader
}

func (s *siege) line() *line {
	s.Helper()
	entry, _ := s.app.list.Load().Participant(s.country)
	config := rest.TLS(entry.TLSServerPins, s.peer().cert)
	config.NextProtos = []string{"http/1.1"}
	conn, err := tls.Dial("tcp", s.app.Address("peers"), config)
	s.must(err)
	s.Cleanup(func() { _ = conn.Close() })
	return &line{conn, bufio.NewReaderSize(conn, 64<<10)}
}

// exchange sends a request and gives the answer: the head with its line ends and the body.
func (l *line) exchange(request []byte) (head, body string, err error) {
	if _, err := l.conn.Write(request); err != nil {
		return "", "", err
	}
	length := -1
	for !strings.HasSuffix(head, "\r\n\r\n") {
		text, err := l.from.ReadString('\n')
		if err != nil {
			return head, "", err
		}
		head += text
		if value, ok := strings.CutPrefix(text, "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return head, "", err
			}
		}
	}
	if length < 0 {
		return head, "", fmt.Errorf("an answer without its length: %s", head)
	}
	raw := make([]byte, length)
	_, err = io.ReadFull(l.from, raw)
	return head, string(raw), err
}
