package fakeapi

func init() { handlers["seeDreamV4"] = (*Server).seeDreamV4 }

// seeDreamV4 makes images with SeeDream V4.
func (s *Server) seeDreamV4(c *call) response { return s.generateImages(c) }
