package fhir

import "time"

// dateIs says that the text is a FHIR date, dateTime, instant or time of the calendar (R4 2.24.0.1): YYYY, YYYY-MM,
// YYYY-MM-DD, or with a time to the second and a zone.
func dateIs(text, of string) bool {
	switch of {
	case "time":
		return isClock(text)
	case "date":
		return isDay(text, 4)
	case "instant":
		return isInstant(text)
	}
	return isDay(text, 4) || isInstant(text)
}

// dayPrecise says that a date or dateTime that is already known to be one names at least the day.
func dayPrecise(text string) bool { return len(text) >= len("2006-01-02") }

// isDay checks a date that has at least so many characters.
func isDay(text string, least int) bool {
	if len(text) < least {
		return false
	}
	var layout string
	switch len(text) {
	case 4:
		layout = "2006"
	case 7:
		layout = "2006-01"
	case 10:
		layout = "2006-01-02"
	default:
		return false
	}
	_, err := time.Parse(layout, text)
	return err == nil && text[:4] != "0000"
}

// isInstant checks a full date, a clock and a zone: Z or an offset of at most fourteen hours.
func isInstant(text string) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' || !isDay(text[:10], 10) {
		return false
	}
	clock := text[11:]
	zone := len(clock) - 1
	if clock[zone] != 'Z' {
		if zone = len(clock) - 6; zone < 0 || !isZone(clock[zone:]) {
			return false
		}
	}
	return isClock(clock[:zone])
}

func isZone(text string) bool {
	if text[0] != '+' && text[0] != '-' || text[3] != ':' {
		return false
	}
	hours, minutes := twoDigits(text[1:]), twoDigits(text[4:])
	return hours >= 0 && minutes >= 0 && minutes < 60 && (hours < 14 || hours == 14 && minutes == 0)
}

// isClock checks hh:mm:ss with any fraction; a leap second is allowed.
func isClock(text string) bool {
	if len(text) < 8 || text[2] != ':' || text[5] != ':' {
		return false
	}
	hours, minutes, seconds := twoDigits(text), twoDigits(text[3:]), twoDigits(text[6:])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60 {
		return false
	}
	if len(text) == 8 {
		return true
	}
	for _, digit := range text[9:] {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return text[8] == '.' && len(text) > 9
}

func twoDigits(text string) int {
	if text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' {
		return -1
	}
	return int(text[0]-'0')*10 + int(text[1]-'0')
}
