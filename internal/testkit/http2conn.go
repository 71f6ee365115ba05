package testkit

import (
	"encoding/binary"
	"io"
	"strconv"
)

const frameWindowUpdate byte = 8

// HTTP2Frame is a HEADERS or DATA frame of a request.
type HTTP2Frame struct {
	Stream       uint32
	Begins, Ends bool   // the request
	Data         []byte // of its body
}

// Begin reads the client's preface and sends the server's, which allows that
// many streams at a time; 0 announces no limit.
func (c HTTP2Conn) Begin(maxStreams uint32) error {
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return err
	}
	var settings []byte
	if maxStreams > 0 {
		const maxConcurrentStreams = 3
		settings = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(nil, maxConcurrentStreams), maxStreams)
	}
	c.writeFrame(frameSettings, 0, 0, settings)
	return nil
}

// Next returns the next frame of a request. It responds to all other frames as
// it has to, and lets the client send as much as it likes.
func (c HTTP2Conn) Next() (HTTP2Frame, error) {
	for {
		kind, flags, stream, payload, err := c.readFrame()
		if err != nil {
			return HTTP2Frame{}, err
		}
		switch ends := flags&flagEndStream != 0; kind {
		case frameHeaders:
			return HTTP2Frame{Stream: stream, Begins: true, Ends: ends}, nil
		case frameData:
			if len(payload) > 0 {
				size := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
				c.writeFrame(frameWindowUpdate, 0, 0, size)
				c.writeFrame(frameWindowUpdate, 0, stream, size)
			}
			return HTTP2Frame{Stream: stream, Ends: ends, Data: payload}, nil
		case frameSettings, framePing:
			if flags&flagAck == 0 {
				c.acknowledge(kind, payload)
			}
		}
	}
}

func (c HTTP2Conn) acknowledge(kind byte, payload []byte) {
	if kind == frameSettings {
		payload = nil
	}
	c.writeFrame(kind, flagAck, 0, payload)
}

// SendHead begins a JSON response, which announces a body of length bytes unless
// length is negative.
func (c HTTP2Conn) SendHead(stream uint32, status, length int) {
	// Indexed names and literal values without Huffman coding (RFC 7541).
	header := appendField(nil, []byte{0x08}, strconv.Itoa(status))
	header = appendField(header, []byte{0x0f, 0x10}, "application/json")
	if length >= 0 {
		header = appendField(header, []byte{0x0f, 0x0d}, strconv.Itoa(length))
	}
	c.writeFrame(frameHeaders, flagEndHeaders, stream, header)
}

func appendField(header, name []byte, value string) []byte {
	return append(append(append(header, name...), byte(len(value))), value...)
}

// SendData sends a part of a response's body, which may end the response.
func (c HTTP2Conn) SendData(stream uint32, data string, ends bool) {
	var flags byte
	if ends {
		flags = flagEndStream
	}
	c.writeFrame(frameData, flags, stream, []byte(data))
}

// SendTrailer ends a response with a trailer of one field.
func (c HTTP2Conn) SendTrailer(stream uint32) {
	etag := []byte{0x0f, 0x13}
	c.writeFrame(frameHeaders, flagEndHeaders|flagEndStream, stream, appendField(nil, etag, "x"))
}

// SendReset resets a stream.
func (c HTTP2Conn) SendReset(stream uint32, code HTTP2Code) { HTTP2Reset(code)(c, stream) }

// SendGoAway announces that the connection ends, and that no stream after last
// was or will be processed.
func (c HTTP2Conn) SendGoAway(last uint32, code HTTP2Code) {
	c.writeFrame(frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), uint32(code)))
}

// SendFrame sends a frame of any kind.
func (c HTTP2Conn) SendFrame(kind, flags byte, stream uint32, payload []byte) {
	c.writeFrame(kind, flags, stream, payload)
}
