package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// FerretDB 1 looks a document up, changes it and writes it back without holding it: two findAndModify at
// once may both win. The serialiser lets one write through at a time, over all connections; reads pass by.
type serialiser struct {
	network, address string // of the server behind
	writing          sync.Mutex
}

// What changes documents or collections.
var writes = map[string]bool{
	"insert": true, "update": true, "delete": true, "findAndModify": true, "findandmodify": true,
	"create": true, "createIndexes": true, "drop": true, "dropDatabase": true, "dropIndexes": true,
}

const (
	opMsg      = 2013
	headerSize = 16
	// Header, flags, kind of the first section, length of its document, type of its first member.
	nameAt      = headerSize + 4 + 1 + 4 + 1
	largestSize = 48 * 1000 * 1000 // the protocol's maxMessageSizeBytes
)

func (s *serialiser) serve(listener net.Listener) error {
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go s.carry(client)
	}
}

func (s *serialiser) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial(s.network, s.address)
	if err != nil {
		return
	}
	defer server.Close()
	for s.exchange(client, server) == nil {
	}
}

// One request and its reply. A write that has begun is waited for, even when its client has gone: only then
// may the next one start.
func (s *serialiser) exchange(client, server net.Conn) error {
	request, err := readMessage(client)
	if err != nil {
		return err
	}
	reply, err := s.ask(server, request)
	if err != nil {
		return err
	}
	_, err = client.Write(reply)
	return err
}

func (s *serialiser) ask(server net.Conn, request []byte) ([]byte, error) {
	if writes[commandName(request)] {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	return readMessage(server)
}

func readMessage(from io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(length[:])
	if size < headerSize || size > largestSize {
		return nil, errors.New("this is no message of MongoDB's protocol")
	}
	message := make([]byte, size)
	copy(message, length[:])
	_, err := io.ReadFull(from, message[len(length):])
	return message, err
}

// "insert", "find" …; empty when the message is of another kind.
func commandName(message []byte) string {
	if len(message) <= nameAt || binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return ""
	}
	name, _, _ := bytes.Cut(message[nameAt:], []byte{0})
	return string(name)
}
