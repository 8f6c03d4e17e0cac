// Package store is the node's memory on one SQLite file: the journals of both faces and of the gate, the access log
// with its Merkle tree, the outbox and the last trust list. State, event row, leaf and tree hashes of one call are
// committed together, and no method returns before that commit is durable.
//
// Begin with Create on a new machine and with Open ever after; neither does the other's work. Store implements
// node.GateJournal, node.AnswerJournal, node.AskJournal and trust.Keeper. A tool that only looks (ledger verify,
// outbox list) takes OpenView, also while the node runs.
//
// # How it writes
//
// A caller encrypts its rows itself and hands a closure to the one writer goroutine, which runs all closures that are
// there in one transaction, each under a savepoint, appends their leaves to the tree in one step, commits once
// (WAL, synchronous=FULL) and then answers everybody. Alone, a caller waits for nobody; while a commit is under way
// the next batch gathers by itself.
//
// # What a thief of the file learns
//
// Rows are sealed with the key-encryption key; what must be found is found by a blind index, one purpose a column, so
// that tables cannot be joined on a patient. In clear stand times, counts, states, country codes, verbs, machine
// words, the opaque ids of the outbox and the tree. Times are kept to the millisecond, in UTC.
package store
