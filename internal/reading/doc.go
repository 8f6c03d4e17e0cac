// Package reading is the room where a record is put into a reader's words: it lays out a prescription, a dispensation or a
// patient summary as headed lines, each with what the source says beside what the reader can read, and with every doubt
// marked. The narrative of an encoded document, the PDF and the page for a professional all show what it lays out. Start
// with Of.
package reading
