package tensorslab

import _ "embed"

//go:embed videos.json
var videos []byte

// VideosSpec returns the contract of the Video Service.
func VideosSpec() []byte { return videos }
