package fakeapi

func init() { handlers["zImage"] = (*Server).zImage }

// zImage makes images with Z-Image.
func (s *Server) zImage(c *call) response { return s.generateImages(c) }
