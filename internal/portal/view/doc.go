// Package view is the room of the page that a professional reads: one document, the source's words and the reader's side by
// side, with every gap, alarm and unread part marked and counted. It runs no script and loads nothing. Start with Render.
package view
