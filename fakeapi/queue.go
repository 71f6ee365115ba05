package fakeapi

// queue holds runs of equal values, so that a large number of them takes no
// memory.
type queue[T any] []run[T]

type run[T any] struct {
	left  int
	value T
}

// push adds value n times; n below 1 does nothing.
func (q *queue[T]) push(n int, value T) {
	if n > 0 {
		*q = append(*q, run[T]{left: n, value: value})
	}
}

// next takes the first value, or else returns otherwise.
func (q *queue[T]) next(otherwise T) T {
	if len(*q) == 0 {
		return otherwise
	}
	first := &(*q)[0]
	value := first.value
	if first.left--; first.left == 0 {
		*q = (*q)[1:]
	}
	return value
}
