// Package paper is the room where a page becomes a PDF: A4, embedded letters, the same bytes for the same page and time, a
// line on every page that says who generated it. Start with PDF.
package paper
