package outfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

var errNotWhole = errors.New("it is not a whole image")

// skip reads n bytes, or fails if the file ends before.
func skip(r *bufio.Reader, n int64) error {
	_, err := io.CopyN(io.Discard, r, n)
	return err
}

// walkPNG reads the chunks of a PNG. Each has its length, its kind, its data and a checksum.
func walkPNG(r *bufio.Reader) error {
	if err := skip(r, 8); err != nil {
		return err
	}
	for {
		var head, want [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		sum := crc32.NewIEEE()
		_, _ = sum.Write(head[4:])
		if _, err := io.CopyN(sum, r, int64(binary.BigEndian.Uint32(head[:]))); err != nil {
			return err
		}
		if _, err := io.ReadFull(r, want[:4]); err != nil {
			return err
		}
		if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
			return errNotWhole
		}
		if string(head[4:]) == "IEND" {
			return nil
		}
	}
}

// Markers of a JPEG, each of which follows a byte 0xff.
const (
	jpegEnd  = 0xd9
	jpegScan = 0xda
)

// walkJPEG reads the segments of a JPEG. A thumbnail, which is a JPEG of its own, is in one of them,
// so that its end is not taken for that of the image.
func walkJPEG(r *bufio.Reader) error {
	if err := skip(r, 2); err != nil {
		return err
	}
	hasScan := false
	for {
		marker, err := nextMarker(r, hasScan)
		switch {
		case err != nil:
			return err
		case marker == jpegEnd && hasScan:
			return nil
		case marker == jpegEnd, marker == 0:
			return errNotWhole
		case marker == jpegScan:
			hasScan = true
		}
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint16(length[:])) - 2
		if n < 0 {
			return errNotWhole
		}
		if err := skip(r, n); err != nil {
			return err
		}
	}
}

// nextMarker reads the marker of the next segment, which inside a scan comes after data. Data has a zero
// byte or a restart marker after each of its bytes 0xff.
func nextMarker(r *bufio.Reader, inScan bool) (byte, error) {
	for first := true; ; first = false {
		c, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != 0xff {
			if first && !inScan {
				return 0, errNotWhole
			}
			continue
		}
		for c == 0xff {
			if c, err = r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if !inScan || c != 0 && (c < 0xd0 || c > 0xd7) {
			return c, nil
		}
	}
}

// walkGIF reads the blocks of a GIF.
func walkGIF(r *bufio.Reader) error {
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	if err := skip(r, colorTable(head[10])); err != nil {
		return err
	}
	for hasImage := false; ; {
		kind, err := r.ReadByte()
		switch {
		case err != nil:
			return err
		case kind == ';' && hasImage:
			return nil
		case kind == ',':
			hasImage = true
			err = skipDescriptor(r)
		case kind == '!':
			err = skip(r, 1) // what the extension is for
		default:
			err = errNotWhole
		}
		if err != nil {
			return err
		}
		if err := skipParts(r); err != nil {
			return err
		}
	}
}

// colorTable returns the length of a table of colors from the flags that are before it.
func colorTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipDescriptor reads what is before the data of an image of a GIF.
func skipDescriptor(r *bufio.Reader) error {
	var descriptor [9]byte
	if _, err := io.ReadFull(r, descriptor[:]); err != nil {
		return err
	}
	return skip(r, colorTable(descriptor[8])+1) // a byte says how the data is packed
}

// skipParts reads data of a GIF. It comes in parts, each after its length; the last one has none.
func skipParts(r *bufio.Reader) error {
	for {
		n, err := r.ReadByte()
		if err != nil || n == 0 {
			return err
		}
		if err := skip(r, int64(n)); err != nil {
			return err
		}
	}
}

// walkWebP reads the chunks of a WebP, which has its own length at its beginning.
func walkWebP(r *bufio.Reader) error {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	hasImage := false
	for left := int64(binary.LittleEndian.Uint32(head[4:])) - 4; left > 0; {
		if _, err := io.ReadFull(r, head[:8]); err != nil {
			return err
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		padded := length + length%2
		if left -= 8 + padded; left < 0 {
			return errNotWhole
		}
		switch string(head[:4]) {
		case "VP8 ", "VP8L", "ANMF":
			hasImage = true
			if err := checkData(r, length); err != nil {
				return err
			}
			padded -= length
		}
		if err := skip(r, padded); err != nil {
			return err
		}
	}
	if !hasImage {
		return errNotWhole
	}
	return nil
}

// checkData reads data of an image, which does not end with many zero bytes.
func checkData(r *bufio.Reader, length int64) error {
	if err := skip(r, max(0, length-longFill)); err != nil {
		return err
	}
	end := make([]byte, min(length, longFill))
	if _, err := io.ReadFull(r, end); err != nil {
		return err
	}
	if isFilledUp(end) {
		return errNotWhole
	}
	return nil
}
