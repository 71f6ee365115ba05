package vendored

import tensorslab "github.com/tensorslab/tensorslab-go"

// Videos is the contract of the Video Service.
var Videos = &Source{tensorslab.VideosSpec}

func init() { Services = append(Services, Videos) }
