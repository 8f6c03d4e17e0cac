// Package rest is the FHIR R4 wire: the door through which other contact points and our own pharmacy software ask this
// node, and the client with which this node asks others. It knows HTTP, tokens and the shapes of searches; what a verb
// means is the business of the face behind it, and a resource is copied, never written anew.
//
// A request's way through the door: who stands at the other end of the connection (Gate.Peer), what the message says,
// what the call token claims and whether the peer's seal key signed it, and only then Gate.Admit. Whatever fails
// before that goes through Gate.Refuse, so that there is an event of it.
//
// Start with NewHandler (handler.go) for the door and NewClient (client.go) for the way out.
package rest
