// Package app wires a node: it is the only room that sees all rooms. LoadConfig reads the configuration, New builds
// the node from it, Run serves until its context ends, Close stops the parts in reverse order. Two Apps in one process
// are the Estonia–Finland corridor (see Demo).
package app
