package main

// lifeGoals bound what the other operations cost beside code by hand that
// checks nothing.
func lifeGoals() []goal {
	beside := func(text, benchmark string, bound float64) goal {
		return goal{text: text + ": time ÷ raw", bound: bound, format: ratio, measures: []measure{{
			of: point{benchmark + "/peer=ours", "ns/op"}, to: point{benchmark + "/peer=raw", "ns/op"}, combine: quotient,
		}}}
	}
	return []goal{
		beside("query of a task over loopback", "Query", 1.25),
		beside("generation from text over loopback", "Generate", 1.25),
		beside("upload of 64 MB over loopback", "Upload", 1.10),
		beside("download of 16 MB over loopback", "Download", 1.10),
	}
}
